// Rung 2 of the GEMM ladder: rung 1 with the two dimensions exchanged, so that a warp reads whole memory segments.
//
//   C[m,n] = alpha * A[m,k] * B[k,n] + beta * C[m,n], all row-major and without gaps; C is not read if beta = 0.
//
// Adds         Neighbours in dimension 0 now compute neighbouring COLUMNS. Not one operation less, only other
//              addresses: the hardware joins the reads of a warp that fall into the same segment.
// Access       At step p a warp reads one float of A, which all its work-items share, and 32 neighbours of B:
//              2 segments instead of 33. C is written in whole segments, too.
// Cost         Still 2 reads from global memory per multiply-add.
// Parameters   MDIMC x NDIMC work-items form a work-group and compute MDIMC x NDIMC elements (MWG = MDIMC, NWG = NDIMC).
// Defaults     MWG=8 NWG=32 MDIMC=8 NDIMC=32
// Constraints  MDIMC * NDIMC at most the device's work-group limit; NDIMC a multiple of 32 where a warp is to stay in
//              one row. Any m, n, k.
// Launch       global (ceil(n / NWG) * NDIMC, ceil(m / MWG) * MDIMC), local (NDIMC, MDIMC), as all later rungs.
// Measured: not measured on a GPU yet

__kernel __attribute__((reqd_work_group_size(NDIMC, MDIMC, 1)))
void gemm(const int m, const int n, const int k, const float alpha, __global const float *a, __global const float *b,
          const float beta, __global float *c) {
  const int col = get_global_id(0);
  const int row = get_global_id(1);
  if (row >= m || col >= n) {
    return;
  }
  float acc = 0.0f;
  for (int p = 0; p < k; ++p) {
    acc = fma(a[row * k + p], b[p * n + col], acc);
  }
  const int at = row * n + col;
  c[at] = beta == 0.0f ? alpha * acc : fma(alpha, acc, beta * c[at]);
}
