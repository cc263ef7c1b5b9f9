// Rung 3 of the GEMM ladder: tiles of A and B pass through local memory and are used by the whole work-group.
//
//   C[m,n] = alpha * A[m,k] * B[k,n] + beta * C[m,n], all row-major and without gaps; C is not read if beta = 0.
//
// Adds         In rung 2 the work-items of one row all read the same row of A, those of a column the same column of B.
//              Here the work-group cuts k into tiles, loads each tile once, and everybody reads it from local memory.
// Access       Each work-item loads one float of A and one of B per tile, neighbours neighbours. A warp's read of
//              a_tile is one float for all, its read of b_tile 16 different banks: no conflict.
// Cost         2 / MWG reads from global memory per multiply-add, but 2 reads from local memory: that is the next wall.
// Parameters   MWG = NWG = KWG = MDIMC = NDIMC: the tile is a square of as many elements as there are work-items.
// Defaults     MWG=16 NWG=16 KWG=16 MDIMC=16 NDIMC=16
// Constraints  - the square, because each work-item loads exactly one element of either tile;
//              - m, n, k multiples of it: there is no guard in the loop (pad_transpose.cl makes them so);
//              - 2 * MWG * MWG floats of local memory.
// Barriers     One between loading and use, one between use and the next loading.
// Measured: not measured on a GPU yet

__kernel __attribute__((reqd_work_group_size(NDIMC, MDIMC, 1)))
void gemm(const int m, const int n, const int k, const float alpha, __global const float *a, __global const float *b,
          const float beta, __global float *c) {
  __local float a_tile[MWG][KWG];
  __local float b_tile[KWG][NWG];
  const int x = get_local_id(0);
  const int y = get_local_id(1);
  const int row = get_group_id(1) * MWG + y;
  const int col = get_group_id(0) * NWG + x;
  float acc = 0.0f;
  for (int tile = 0; tile < k; tile += KWG) {
    a_tile[y][x] = a[row * k + tile + x];
    b_tile[y][x] = b[(tile + y) * n + col];
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int p = 0; p < KWG; ++p) {
      acc = fma(a_tile[y][p], b_tile[p][x], acc);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  const int at = row * n + col;
  c[at] = beta == 0.0f ? alpha * acc : fma(alpha, acc, beta * c[at]);
}
