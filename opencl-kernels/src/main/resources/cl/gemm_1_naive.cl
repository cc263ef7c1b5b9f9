// Rung 1 of the GEMM ladder: one work-item per element of C.
//
//   C[m,n] = alpha * A[m,k] * B[k,n] + beta * C[m,n], all row-major and without gaps; C is not read if beta = 0.
//
// Idea         Three loops, of which the device runs the outer two. Everything later is measured against this.
// Access       Neighbours in dimension 0 compute neighbouring ROWS. At each step p the work-items of a warp (32 that
//              run in lock-step) read A[row, p] at addresses k floats apart: 32 memory segments for 32 floats.
// Cost         2 reads from global memory per multiply-add.
// Parameters   MDIMC x NDIMC work-items form a work-group and compute MDIMC x NDIMC elements (MWG = MDIMC, NWG = NDIMC).
// Defaults     MWG=32 NWG=8 MDIMC=32 NDIMC=8
// Constraints  MDIMC * NDIMC at most the device's work-group limit. Any m, n, k: the host rounds the launch up, the
//              guard leaves the surplus out.
// Launch       global (ceil(m / MWG) * MDIMC, ceil(n / NWG) * NDIMC), local (MDIMC, NDIMC).
// Measured: not measured on a GPU yet

__kernel __attribute__((reqd_work_group_size(MDIMC, NDIMC, 1)))
void gemm(const int m, const int n, const int k, const float alpha, __global const float *a, __global const float *b,
          const float beta, __global float *c) {
  const int row = get_global_id(0);
  const int col = get_global_id(1);
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
