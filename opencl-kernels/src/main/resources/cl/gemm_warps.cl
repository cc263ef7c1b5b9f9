// What gemm_7_warp.cl and gemm_warp_async.cl share, put before their text by the host: who owns which elements of C, and the
// product of two tiles in local memory.
//
// The warps form a grid of MDIMC / LANES_M x NDIMC / LANES_N, 2 x 4 by default; each owns MWG / 2 x NWG / 4 elements of C. In it
// lane (u, v) owns rows u * VWM .. of each block of LANES_M * VWM rows, and columns v * VWN .. of each block of LANES_N * VWN:
// 8 float4 of A are all 32 banks once.

#define LANES_M 8
#define LANES_N 4
#define WARPS_N (NDIMC / LANES_N)
#define WARP_ROWS (MWI * LANES_M)
#define WARP_COLS (NWI * LANES_N)

// First row and column of a work-item within the work-group's tile.
#define M_FIRST(item) ((item) / (LANES_M * LANES_N) / WARPS_N * WARP_ROWS + (item) % (LANES_M * LANES_N) / LANES_N * VWM)
#define N_FIRST(item) ((item) / (LANES_M * LANES_N) % WARPS_N * WARP_COLS + (item) % LANES_N * VWN)

static inline void clear(realN acc[MWI][N_VECTORS]) {
  #pragma unroll
  for (int i = 0; i < MWI; ++i) {
    #pragma unroll
    for (int j = 0; j < N_VECTORS; ++j) {
      acc[i][j] = (realN)(0.0f);
    }
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

// acc += a b for the KWG steps of a tile; the next step's operands are read while these are multiplied.
static inline void multiply(__local const float *a, __local const float *b, realN acc[MWI][N_VECTORS]) {
  float a_reg[2][MWI];
  realN b_reg[2][N_VECTORS];
  fragment(a, b, a_reg[0], b_reg[0]);
  for (int from = 0; from < KWG; from += KWI) {
    #pragma unroll
    for (int step = 0; step < KWI; ++step) {
      // The last step has no next one; it reads itself again, which costs less than a branch.
      const int ahead = min(from + step + 1, KWG - 1);
      fragment(a + ahead * A_PITCH, b + ahead * NWG, a_reg[1], b_reg[1]);
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
}

// The elements of a work-item into C, which points to its first one.
static inline void store_all(__global float *c, const int n, realN acc[MWI][N_VECTORS], const float alpha,
                             const float beta) {
  #pragma unroll
  for (int i = 0; i < MWI; ++i) {
    const int r = i / VWM * LANES_M * VWM + i % VWM;
    #pragma unroll
    for (int j = 0; j < N_VECTORS; ++j) {
      store((__global realN *)&c[r * n + j * LANES_N * VWN], acc[i][j], alpha, beta);
    }
  }
}
