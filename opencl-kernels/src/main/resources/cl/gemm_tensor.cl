// What the kernels on tensor cores share, put before their text by the host: who owns which elements of C, and the product of two
// tiles in local memory.
//
// Idea         A tensor core multiplies short floats many times faster than a float unit multiplies floats. Each operand is
//              split into PARTS of them, x = part 0 + part 1 + ..., and
//                a b = the sum of part i of a times part j of b for i + j < PARTS
//              What is left out is below PARTS - 1 times the last bit. The small products are added first.
//              A tensor core cuts its sums off, always towards zero, which many steps make visible. So with more parts than
//              one it sums MMA_K steps only, and an addition of floats, which rounds, adds them to the element.
// Access       The warps form a grid of MDIMC / 8 x NDIMC / 4, 2 x 4 by default; each owns 8 MWI x 4 NWI elements of C, 64
//              x 32, as fragments of 16 x 8. What a lane holds of them say gemm_mma.cl, gemm_tf32.cl and gemm_bf16.cl.

#define LANES_N 4
#define WARPS_N (NDIMC / LANES_N)
#define WARP_ROWS (MWI * LANES / LANES_N)
#define WARP_COLS (NWI * LANES_N)
// Fragments that a warp has below and beside each other.
#define M_FRAGMENTS (WARP_ROWS / MMA_M)
#define N_FRAGMENTS (WARP_COLS / MMA_N)
// First row and column of a work-item's warp within the work-group's tile, and its place (u, v) in the warp.
#define M_FIRST(item) ((item) / LANES / WARPS_N * WARP_ROWS)
#define N_FIRST(item) ((item) / LANES % WARPS_N * WARP_COLS)
#define U(item) ((item) % LANES / 4)
#define V(item) ((item) % 4)

static inline void clear(float acc[M_FRAGMENTS][N_FRAGMENTS][4]) {
  UNROLL
  for (int i = 0; i < M_FRAGMENTS; ++i) {
    UNROLL
    for (int j = 0; j < N_FRAGMENTS; ++j) {
      UNROLL
      for (int r = 0; r < 4; ++r) {
        acc[i][j][r] = 0.0f;
      }
    }
  }
}

// acc += a b for MMA_K steps. `a` and `b` point to this lane's first elements of the warp's first fragments.
static inline void multiply_fragments(__local const float *a, __local const float *b, const int item,
                                      float acc[M_FRAGMENTS][N_FRAGMENTS][4] EXCHANGE_PARAM) {
  uint b_parts[N_FRAGMENTS][PARTS][2];
  UNROLL
  for (int j = 0; j < N_FRAGMENTS; ++j) {
    split_b(&b[j * MMA_N], b_parts[j]);
  }
  UNROLL
  for (int i = 0; i < M_FRAGMENTS; ++i) {
    uint a_parts[PARTS][4];
    split_a(&a[i * MMA_M * A_ROW], a_parts);
    float sum[N_FRAGMENTS][4];
    UNROLL
    for (int j = 0; j < N_FRAGMENTS; ++j) {
      UNROLL
      for (int r = 0; r < 4; ++r) {
        sum[j][r] = PARTS > 1 ? 0.0f : acc[i][j][r];
      }
    }
    // Products of part i of A and part PARTS - 1 - smaller - i of B: the smallest first, of these the smallest part of A.
    UNROLL
    for (int smaller = 0; smaller < PARTS; ++smaller) {
      UNROLL
      for (int of_b = 0; of_b < PARTS; ++of_b) {
        const int of_a = PARTS - 1 - smaller - of_b;
        if (of_a >= 0) {
          UNROLL
          for (int j = 0; j < N_FRAGMENTS; ++j) {
            mma(sum[j], a_parts[of_a], b_parts[j][of_b], item EXCHANGE_ARG);
          }
        }
      }
    }
    UNROLL
    for (int j = 0; j < N_FRAGMENTS; ++j) {
      UNROLL
      for (int r = 0; r < 4; ++r) {
        acc[i][j][r] = PARTS > 1 ? acc[i][j][r] + sum[j][r] : sum[j][r];
      }
    }
  }
}

// acc += a b for the KWG steps of a tile.
static inline void multiply(__local const float *a_tile, __local const float *b_tile, const int item,
                            float acc[M_FRAGMENTS][N_FRAGMENTS][4] EXCHANGE_PARAM) {
  __local const float *a = &a_tile[(M_FIRST(item) + U(item)) * A_ROW + FIRST_STEP(V(item))];
  __local const float *b = &b_tile[FIRST_STEP(V(item)) * B_ROW + N_FIRST(item) + U(item)];
  UNROLL
  for (int step = 0; step < KWG; step += MMA_K) {
    multiply_fragments(a + step, b + step * B_ROW, item, acc EXCHANGE_ARG);
  }
}

// The elements of a work-item into the work-group's tile of C.
static inline void store_all(__global float *c, const int n, const int item, float acc[M_FRAGMENTS][N_FRAGMENTS][4],
                             const float alpha, const float beta) {
  UNROLL
  for (int i = 0; i < M_FRAGMENTS; ++i) {
    UNROLL
    for (int j = 0; j < N_FRAGMENTS; ++j) {
      UNROLL
      for (int below = 0; below < 2; ++below) {
        const int row = M_FIRST(item) + i * MMA_M + below * 8 + U(item);
        __global float2 *to = (__global float2 *)&c[row * n + N_FIRST(item) + j * MMA_N + 2 * V(item)];
        const float2 sum = (float2)(acc[i][j][2 * below], acc[i][j][2 * below + 1]);
        *to = beta == 0.0f ? alpha * sum : fma((float2)(alpha), sum, beta * *to);
      }
    }
  }
}
