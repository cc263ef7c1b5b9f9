// Rung 7 of the GEMM ladder: warps own compact tiles of C, and the next step's operands are read one step ahead.
//
//   C[m,n] = alpha * A[m,k] * B[k,n] + beta * C[m,n], all row-major and without gaps; C is not read if beta = 0.
//
// Adds         (a) In rung 6 a warp is two rows of 16 work-items, so per step and vector it needs 2 vectors of A and 16
//              of B. Here a warp is LANES_M x LANES_N work-items: 8 of A and 4 of B, 12 instead of 18, and all warps
//              of the work-group together read a third less from local memory. (b) The fragments of step p + 1 are
//              read while those of step p are multiplied, so the latency of local memory hides, too.
// Access       as gemm_warps.cl says, which also multiplies the tiles.
// Cost         Per multiply-add as rung 6 for a work-item; fewer different addresses for a warp.
// Parameters   as rung 6; LANES_M x LANES_N = 8 x 4 are the 32 lanes of a warp. On a device with other warps the result
//              is the same, only the picture above is not.
// Defaults     MWG=128 NWG=128 KWG=8 MDIMC=16 NDIMC=16 KWI=8 VWM=4 VWN=4
// Constraints  as rung 6, and
//              - LANES_M divides MDIMC, LANES_N divides NDIMC: whole warps;
//              - KWI = KWG at best: unrolling lets the compiler rename instead of copying fragments.
// Measured: not measured on a GPU yet

// The vectors of one tile that this work-item moves, from global memory into registers.
static inline void fetch(__global const float *a, __global const float *b, const int k, const int n,
                         const int item, realM *a_next, realN *b_next) {
  #pragma unroll
  for (int load = 0; load < A_LOADS; ++load) {
    const int e = (item + load * ITEMS) * VWM;
    a_next[load] = *(__global const realM *)&a[e / KWG * k + e % KWG];
  }
  #pragma unroll
  for (int load = 0; load < B_LOADS; ++load) {
    const int e = (item + load * ITEMS) * VWN;
    b_next[load] = *(__global const realN *)&b[e / NWG * n + e % NWG];
  }
}

// The same vectors from registers into local memory, A transposed on the way.
static inline void stow(const realM *a_next, const realN *b_next, const int item, __local float *a_tile,
                        __local float *b_tile) {
  #pragma unroll
  for (int load = 0; load < A_LOADS; ++load) {
    const int e = (item + load * ITEMS) * VWM;
    float column[VWM];
    SPREAD(a_next[load], column, 0)
    #pragma unroll
    for (int s = 0; s < VWM; ++s) {
      a_tile[(e % KWG + s) * A_PITCH + e / KWG] = column[s];
    }
  }
  #pragma unroll
  for (int load = 0; load < B_LOADS; ++load) {
    const int e = (item + load * ITEMS) * VWN;
    *(__local realN *)&b_tile[e] = b_next[load];
  }
}

__kernel __attribute__((reqd_work_group_size(NDIMC, MDIMC, 1)))
void gemm(const int m, const int n, const int k, const float alpha, __global const float *a, __global const float *b,
          const float beta, __global float *c) {
  __local float a_tile[2][KWG * A_PITCH] __attribute__((aligned(16)));
  __local float b_tile[2][KWG * NWG] __attribute__((aligned(16)));
  const int item = get_local_id(1) * NDIMC + get_local_id(0);
  const int m_first = M_FIRST(item);
  const int n_first = N_FIRST(item);
  const int row = get_group_id(1) * MWG;
  const int col = get_group_id(0) * NWG;

  realN acc[MWI][N_VECTORS];
  clear(acc);
  realM a_next[A_LOADS];
  realN b_next[B_LOADS];
  a += row * k;
  b += col;
  fetch(a, b, k, n, item, a_next, b_next);
  stow(a_next, b_next, item, a_tile[0], b_tile[0]);
  barrier(CLK_LOCAL_MEM_FENCE);
  int current = 0;
  for (int tile = 0; tile < k; tile += KWG) {
    const int more = tile + KWG < k;
    if (more) {
      fetch(a + tile + KWG, b + (tile + KWG) * n, k, n, item, a_next, b_next);
    }
    multiply(&a_tile[current][m_first], &b_tile[current][n_first], acc);
    current = 1 - current;
    if (more) {
      stow(a_next, b_next, item, a_tile[current], b_tile[current]);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  store_all(&c[(row + m_first) * n + col + n_first], n, acc, alpha, beta);
}
