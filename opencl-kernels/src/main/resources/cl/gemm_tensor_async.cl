// Above the GEMM ladder: tensor cores of NVIDIA (sm_80 and later), fed by copies that pass by no register (cp.async).
//
//   C[m,n] = alpha * A[m,k] * B[k,n] + beta * C[m,n], all row-major and without gaps; C is not read if beta = 0.
//
// Adds         to gemm_tensor_buffers.cl what gemm_warp_async.cl adds to rung 7: STAGES - 1 tiles are on their way straight
//              into local memory. A lies there by rows, so it is copied VWM floats at a time.
// Parameters   as gemm_tensor_buffers.cl; STAGES, the tiles in local memory, 3 or 4: as many as fit 48 KiB. PLAIN, if defined,
//              copies at the wait and does without tensor cores.
// Constraints  as gemm_tensor_buffers.cl, with STAGES * (MWG * A_ROW + KWG * B_ROW) floats of local memory.
// Measured: not measured on a GPU yet

// Begins to copy one tile.
static inline void begin(copies *all, __global const float *a, __global const float *b, const int k, const int n, const int item,
                         __local float *a_tile, __local float *b_tile) {
  UNROLL
  for (int load = 0; load < A_LOADS; ++load) {
    const int e = (item + load * ITEMS) * VWM;
    copy(all, &a_tile[e / KWG * A_ROW + e % KWG], &a[e / KWG * k + e % KWG], VWM);
  }
  UNROLL
  for (int load = 0; load < B_LOADS; ++load) {
    const int e = (item + load * ITEMS) * VWN;
    copy(all, &b_tile[e / NWG * B_ROW + e % NWG], &b[e / NWG * n + e % NWG], VWN);
  }
}

__kernel __attribute__((reqd_work_group_size(NDIMC, MDIMC, 1)))
void gemm(const int m, const int n, const int k, const float alpha, __global const float *a, __global const float *b,
          const float beta, __global float *c) {
  __local float a_tile[STAGES][MWG * A_ROW] __attribute__((aligned(16)));
  __local float b_tile[STAGES][KWG * B_ROW] __attribute__((aligned(16)));
#ifdef PLAIN
  __local uint exchange[EXCHANGE];
#endif
  const int item = get_local_id(1) * NDIMC + get_local_id(0);
  const int row = get_group_id(1) * MWG;
  const int col = get_group_id(0) * NWG;
  const int tiles = k / KWG;

  float acc[M_FRAGMENTS][N_FRAGMENTS][4];
  clear(acc);
  copies all;
  no_copies(&all);
  a += row * k;
  b += col;
  for (int tile = 0; tile < STAGES - 1; ++tile) {
    if (tile < tiles) {
      begin(&all, a + tile * KWG, b + tile * KWG * n, k, n, item, a_tile[tile], b_tile[tile]);
    }
    end_group(&all);
  }
  int now = 0;
  int emptied = STAGES - 1;
  for (int tile = 0; tile < tiles; ++tile) {
    await_groups(&all);
    barrier(CLK_LOCAL_MEM_FENCE);
    const int ahead = tile + STAGES - 1;
    if (ahead < tiles) {
      begin(&all, a + ahead * KWG, b + ahead * KWG * n, k, n, item, a_tile[emptied], b_tile[emptied]);
    }
    // Empty groups at the end, so that the wait counts as before.
    end_group(&all);
    multiply(a_tile[now], b_tile[now], item, acc EXCHANGE_ARG);
    emptied = now;
    now = now + 1 < STAGES ? now + 1 : 0;
  }
  store_all(&c[row * n + col], n, item, acc, alpha, beta);
}
