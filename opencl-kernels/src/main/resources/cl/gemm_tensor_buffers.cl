// Above the GEMM ladder: tensor cores of NVIDIA (sm_80 and later), fed as in rung 6.
//
//   C[m,n] = alpha * A[m,k] * B[k,n] + beta * C[m,n], all row-major and without gaps; C is not read if beta = 0.
//
// Adds         Another inner product: gemm_tensor.cl says how. Two buffers; the next tile waits in registers.
// Parameters   as rung 6; PARTS, for gemm_tf32.cl or gemm_bf16.cl; PLAIN, if defined, does without tensor cores.
// Constraints  - m, n and k are multiples of MWG, NWG and KWG;
//              - 8 divides MDIMC and 4 divides NDIMC: whole warps; 2 divides MWI and NWI, MMA_K divides KWG: whole fragments;
//              - MDIMC * NDIMC divides MWG * KWG / VWM and KWG * NWG / VWN;
//              - 2 * (MWG * A_ROW + KWG * B_ROW) floats of local memory; PLAIN: 6 * MDIMC * NDIMC more.
// Measured: not measured on a GPU yet

// The vectors of one tile that this work-item moves, from global memory into registers.
static inline void fetch(__global const float *a, __global const float *b, const int k, const int n,
                         const int item, realM *a_next, realN *b_next) {
  UNROLL
  for (int load = 0; load < A_LOADS; ++load) {
    const int e = (item + load * ITEMS) * VWM;
    a_next[load] = *(__global const realM *)&a[e / KWG * k + e % KWG];
  }
  UNROLL
  for (int load = 0; load < B_LOADS; ++load) {
    const int e = (item + load * ITEMS) * VWN;
    b_next[load] = *(__global const realN *)&b[e / NWG * n + e % NWG];
  }
}

// The same vectors from registers into local memory.
static inline void stow(const realM *a_next, const realN *b_next, const int item, __local float *a_tile,
                        __local float *b_tile) {
  UNROLL
  for (int load = 0; load < A_LOADS; ++load) {
    const int e = (item + load * ITEMS) * VWM;
    *(__local realM *)&a_tile[e / KWG * A_ROW + e % KWG] = a_next[load];
  }
  UNROLL
  for (int load = 0; load < B_LOADS; ++load) {
    const int e = (item + load * ITEMS) * VWN;
    *(__local realN *)&b_tile[e / NWG * B_ROW + e % NWG] = b_next[load];
  }
}

__kernel __attribute__((reqd_work_group_size(NDIMC, MDIMC, 1)))
void gemm(const int m, const int n, const int k, const float alpha, __global const float *a, __global const float *b,
          const float beta, __global float *c) {
  __local float a_tile[2][MWG * A_ROW] __attribute__((aligned(16)));
  __local float b_tile[2][KWG * B_ROW] __attribute__((aligned(16)));
#ifdef PLAIN
  __local uint exchange[EXCHANGE];
#endif
  const int item = get_local_id(1) * NDIMC + get_local_id(0);
  const int row = get_group_id(1) * MWG;
  const int col = get_group_id(0) * NWG;

  float acc[M_FRAGMENTS][N_FRAGMENTS][4];
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
    multiply(a_tile[current], b_tile[current], item, acc EXCHANGE_ARG);
    current = 1 - current;
    if (more) {
      stow(a_next, b_next, item, a_tile[current], b_tile[current]);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  store_all(&c[row * n + col], n, item, acc, alpha, beta);
}
