// Rung 7 of the GEMM ladder: warps own compact tiles of C, and the next step's operands are read one step ahead.
//
//   C[m,n] = alpha * A[m,k] * B[k,n] + beta * C[m,n], all row-major and without gaps; C is not read if beta = 0.
//
// Adds         (a) In rung 6 a warp is two rows of 16 work-items, so per step and vector it needs 2 vectors of A and 16
//              of B. Here a warp is LANES_M x LANES_N work-items: 8 of A and 4 of B, 12 instead of 18, and all warps
//              of the work-group together read a third less from local memory. (b) The fragments of step p + 1 are
//              read while those of step p are multiplied, so the latency of local memory hides, too.
// Access       The warps form a grid of MDIMC / LANES_M x NDIMC / LANES_N, 2 x 4 by default; each owns
//              MWG / 2 x NWG / 4 elements of C. In it lane (u, v) owns rows u * VWM .. of each block of LANES_M * VWM
//              rows, and columns v * VWN .. of each block of LANES_N * VWN: 8 float4 of A are all 32 banks once.
// Cost         Per multiply-add as rung 6 for a work-item; fewer different addresses for a warp.
// Parameters   as rung 6; LANES_M x LANES_N = 8 x 4 are the 32 lanes of a warp. On a device with other warps the result
//              is the same, only the picture above is not.
// Defaults     MWG=128 NWG=128 KWG=8 MDIMC=16 NDIMC=16 KWI=8 VWM=4 VWN=4
// Constraints  as rung 6, and
//              - LANES_M divides MDIMC, LANES_N divides NDIMC: whole warps;
//              - KWI = KWG at best: unrolling lets the compiler rename instead of copying fragments.
// Measured: not measured on a GPU yet

#define LANES_M 8
#define LANES_N 4
#define WARPS_N (NDIMC / LANES_N)
#define WARP_ROWS (MWI * LANES_M)
#define WARP_COLS (NWI * LANES_N)

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

// The operands of one step, from local memory into registers. `a` and `b` point to this work-item's first elements.
static inline void fragment(__local const float *a, __local const float *b, float *a_reg, realN *b_reg) {
  #pragma unroll
  for (int i = 0; i < M_VECTORS; ++i) {
    const realM v = *(__local const realM *)&a[i * LANES_M * VWM];
    SPREAD(v, a_reg, i * VWM)
  }
  #pragma unroll
  for (int j = 0; j < N_VECTORS; ++j) {
    b_reg[j] = *(__local const realN *)&b[j * LANES_N * VWN];
  }
}

__kernel __attribute__((reqd_work_group_size(NDIMC, MDIMC, 1)))
void gemm(const int m, const int n, const int k, const float alpha, __global const float *a, __global const float *b,
          const float beta, __global float *c) {
  __local float a_tile[2][KWG * A_PITCH] __attribute__((aligned(16)));
  __local float b_tile[2][KWG * NWG] __attribute__((aligned(16)));
  const int item = get_local_id(1) * NDIMC + get_local_id(0);
  const int warp = item / (LANES_M * LANES_N);
  const int lane = item % (LANES_M * LANES_N);
  // First row and column of this work-item within the work-group's tile.
  const int m_first = warp / WARPS_N * WARP_ROWS + lane / LANES_N * VWM;
  const int n_first = warp % WARPS_N * WARP_COLS + lane % LANES_N * VWN;
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
    __local const float *a_from = &a_tile[current][m_first];
    __local const float *b_from = &b_tile[current][n_first];
    float a_reg[2][MWI];
    realN b_reg[2][N_VECTORS];
    fragment(a_from, b_from, a_reg[0], b_reg[0]);
    for (int from = 0; from < KWG; from += KWI) {
      #pragma unroll
      for (int step = 0; step < KWI; ++step) {
        // The last step has no next one; it reads itself again, which costs less than a branch.
        const int ahead = min(from + step + 1, KWG - 1);
        fragment(a_from + ahead * A_PITCH, b_from + ahead * NWG, a_reg[1], b_reg[1]);
        #pragma unroll
        for (int i = 0; i < MWI; ++i) {
          #pragma unroll
          for (int j = 0; j < N_VECTORS; ++j) {
            acc[i][j] = fma((realN)(a_reg[0][i]), b_reg[0][j], acc[i][j]);
          }
        }
        #pragma unroll
        for (int i = 0; i < MWI; ++i) {
          a_reg[0][i] = a_reg[1][i];
        }
        #pragma unroll
        for (int j = 0; j < N_VECTORS; ++j) {
          b_reg[0][j] = b_reg[1][j];
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
    const int r = row + m_first + i / VWM * LANES_M * VWM + i % VWM;
    #pragma unroll
    for (int j = 0; j < N_VECTORS; ++j) {
      store((__global realN *)&c[r * n + col + n_first + j * LANES_N * VWN], acc[i][j], alpha, beta);
    }
  }
}
