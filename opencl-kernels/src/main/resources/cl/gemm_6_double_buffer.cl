// Rung 6 of the GEMM ladder: two buffers, so that the next tile is on its way while this one is multiplied.
//
//   C[m,n] = alpha * A[m,k] * B[k,n] + beta * C[m,n], all row-major and without gaps; C is not read if beta = 0.
//
// Adds         In rung 5 everybody waits for global memory at each tile, hundreds of cycles. Here the loads of tile
//              t + 1 into registers are issued before tile t is multiplied; they arrive meanwhile, and are stored into
//              the buffer that nobody reads. With two buffers one barrier per tile is enough: it separates the
//              storing of tile t + 1 from its use, and the use of tile t from the storing of t + 2.
// Access       As rung 5.
// Cost         As rung 5, without the waiting; A_LOADS * VWM + B_LOADS * VWN more registers, twice the local memory.
// Parameters   as rung 5, and
//              KWI            steps of k that are unrolled: fewer jumps and index operations, more code
// Defaults     MWG=128 NWG=128 KWG=8 MDIMC=16 NDIMC=16 KWI=8 VWM=4 VWN=4
// Constraints  as rung 5, and
//              - KWI divides KWG;
//              - 2 * KWG * (MWG + 4 + NWG) floats of local memory.
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
  const int x = get_local_id(0);
  const int y = get_local_id(1);
  const int item = y * NDIMC + x;
  const int row = get_group_id(1) * MWG;
  const int col = get_group_id(0) * NWG;

  realN acc[MWI][N_VECTORS];
  #pragma unroll
  for (int i = 0; i < MWI; ++i) {
    #pragma unroll
    for (int j = 0; j < N_VECTORS; ++j) {
      acc[i][j] = (realN)(0.0f);
    }
  }
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
    for (int from = 0; from < KWG; from += KWI) {
      #pragma unroll
      for (int step = 0; step < KWI; ++step) {
        const int p = from + step;
        float a_reg[MWI];
        realN b_reg[N_VECTORS];
        #pragma unroll
        for (int i = 0; i < M_VECTORS; ++i) {
          const realM v = *(__local const realM *)&a_tile[current][p * A_PITCH + (y + i * MDIMC) * VWM];
          SPREAD(v, a_reg, i * VWM)
        }
        #pragma unroll
        for (int j = 0; j < N_VECTORS; ++j) {
          b_reg[j] = *(__local const realN *)&b_tile[current][p * NWG + (x + j * NDIMC) * VWN];
        }
        #pragma unroll
        for (int i = 0; i < MWI; ++i) {
          #pragma unroll
          for (int j = 0; j < N_VECTORS; ++j) {
            acc[i][j] = fma((realN)(a_reg[i]), b_reg[j], acc[i][j]);
          }
        }
      }
    }
    current = 1 - current;
    if (more) {
      stow(a_next, b_next, item, a_tile[current], b_tile[current]);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  #pragma unroll
  for (int i = 0; i < MWI; ++i) {
    const int r = row + (y + i / VWM * MDIMC) * VWM + i % VWM;
    #pragma unroll
    for (int j = 0; j < N_VECTORS; ++j) {
      store((__global realN *)&c[r * n + col + (x + j * NDIMC) * VWN], acc[i][j], alpha, beta);
    }
  }
}
