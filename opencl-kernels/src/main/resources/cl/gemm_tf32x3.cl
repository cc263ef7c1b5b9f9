// Above the GEMM ladder: tensor cores of NVIDIA (sm_80 and later), with three TF32 products for each product of floats.
//
//   C[m,n] = alpha * A[m,k] * B[k,n] + beta * C[m,n], all row-major and without gaps; C is not read if beta = 0.
//
// Idea         A tensor core multiplies TF32, floats with 10 bits of fraction, many times faster than a float unit
//              multiplies floats. Each operand is split into two of them, x = big + small up to 2^-22 |x|, and
//                a b = small_a big_b + big_a small_b + big_a big_b      TERMS = 3, as accurate as floats
//                a b = big_a big_b                                      TERMS = 1, plain TF32
//              The small terms are added first. What is left out, small_a small_b, is below 2^-22 |a b|.
//              A tensor core cuts its sums off, always towards zero, which many steps make visible. So with 3 terms it
//              sums 8 steps only, and an addition of floats, which rounds, adds them to the element.
// Access       The warps form a grid of MDIMC / 8 x NDIMC / 4, 2 x 4 by default; each owns 8 MWI x 4 NWI elements of C, 64
//              x 32, as fragments of 16 x 8. Lane (u, v) holds of them what gemm_mma.cl says. Rows of KWG + 4 and NWG + 8
//              floats put what a warp reads at the same time into 32 banks, once each. Two buffers as in rung 6.
// Parameters   as rung 6; TERMS is 3 or 1; PLAIN, if defined, does without tensor cores.
// Defaults     MWG=128 NWG=128 KWG=8 MDIMC=16 NDIMC=16 VWM=4 VWN=4
// Constraints  - m, n and k are multiples of MWG, NWG and KWG;
//              - 8 divides MDIMC and 4 divides NDIMC: whole warps; 2 divides MWI and NWI, 8 divides KWG: whole fragments;
//              - MDIMC * NDIMC divides MWG * KWG / VWM and KWG * NWG / VWN;
//              - 2 * (MWG * (KWG + 4) + KWG * (NWG + 8)) floats of local memory; PLAIN: 6 * MDIMC * NDIMC more.
// Error        With 3 terms at most (3 * 2^-22 + 3 * 2^-20 + k / 8 * 2^-24) * sum |a b|: splitting, sums of 8 steps, sum of
//              those; with 1 term (2^-10 + k / 8 * 2^-20) * sum |a b|. Operands below 2^-110 lose their small part; an
//              infinite one gives NaN with 3 terms.
// Measured: not measured on a GPU yet

#ifndef TERMS
#define TERMS 3
#endif

#define LANES_N 4
#define WARPS_N (NDIMC / LANES_N)
#define WARP_ROWS (MWI * LANES / LANES_N)
#define WARP_COLS (NWI * LANES_N)
// Fragments that a warp has below and beside each other.
#define M_FRAGMENTS (WARP_ROWS / MMA_M)
#define N_FRAGMENTS (WARP_COLS / MMA_N)
// Distances of two rows of the tiles.
#define A_ROW (KWG + 4)
#define B_ROW (NWG + 8)

// x = big + small, both TF32; the difference of x and big is exact.
static inline void split(const float x, uint *big, uint *small) {
  *big = tf32(x);
  *small = TERMS == 3 ? tf32(x - as_float(*big)) : 0;
}

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

// acc += a b for MMA_K steps. `a` and `b` point to element (u, v) of the warp's first fragment of A, (v, u) of B.
static inline void multiply(__local const float *a, __local const float *b, const int item,
                            float acc[M_FRAGMENTS][N_FRAGMENTS][4] EXCHANGE_PARAM) {
  uint b_big[N_FRAGMENTS][2], b_small[N_FRAGMENTS][2];
  UNROLL
  for (int j = 0; j < N_FRAGMENTS; ++j) {
    UNROLL
    for (int r = 0; r < 2; ++r) {
      split(b[r * 4 * B_ROW + j * MMA_N], &b_big[j][r], &b_small[j][r]);
    }
  }
  UNROLL
  for (int i = 0; i < M_FRAGMENTS; ++i) {
    uint a_big[4], a_small[4];
    UNROLL
    for (int r = 0; r < 4; ++r) {
      split(a[(i * MMA_M + r % 2 * 8) * A_ROW + r / 2 * 4], &a_big[r], &a_small[r]);
    }
    float part[N_FRAGMENTS][4];
    UNROLL
    for (int j = 0; j < N_FRAGMENTS; ++j) {
      UNROLL
      for (int r = 0; r < 4; ++r) {
        part[j][r] = TERMS == 3 ? 0.0f : acc[i][j][r];
      }
    }
    // The small parts of A, those of B, then the big ones.
    UNROLL
    for (int term = 3 - TERMS; term < 3; ++term) {
      UNROLL
      for (int j = 0; j < N_FRAGMENTS; ++j) {
        mma(part[j], term == 0 ? a_small : a_big, term == 1 ? b_small[j] : b_big[j], item EXCHANGE_ARG);
      }
    }
    UNROLL
    for (int j = 0; j < N_FRAGMENTS; ++j) {
      UNROLL
      for (int r = 0; r < 4; ++r) {
        acc[i][j][r] = TERMS == 3 ? acc[i][j][r] + part[j][r] : part[j][r];
      }
    }
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
  const int u = item % LANES / 4;
  const int v = item % 4;
  // First row and column of this warp within the work-group's tile.
  const int m_first = item / LANES / WARPS_N * WARP_ROWS;
  const int n_first = item / LANES % WARPS_N * WARP_COLS;
  const int row = get_group_id(1) * MWG;
  const int col = get_group_id(0) * NWG;

  float acc[M_FRAGMENTS][N_FRAGMENTS][4];
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
    __local const float *a_from = &a_tile[current][(m_first + u) * A_ROW + v];
    __local const float *b_from = &b_tile[current][v * B_ROW + n_first + u];
    UNROLL
    for (int step = 0; step < KWG; step += MMA_K) {
      multiply(a_from + step, b_from + step * B_ROW, item, acc EXCHANGE_ARG);
    }
    current = 1 - current;
    if (more) {
      stow(a_next, b_next, item, a_tile[current], b_tile[current]);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  UNROLL
  for (int i = 0; i < M_FRAGMENTS; ++i) {
    UNROLL
    for (int j = 0; j < N_FRAGMENTS; ++j) {
      UNROLL
      for (int below = 0; below < 2; ++below) {
        const int r = row + m_first + i * MMA_M + below * 8 + u;
        __global float2 *to = (__global float2 *)&c[r * n + col + n_first + j * MMA_N + 2 * v];
        const float2 sum = (float2)(acc[i][j][2 * below], acc[i][j][2 * below + 1]);
        *to = beta == 0.0f ? alpha * sum : fma((float2)(alpha), sum, beta * *to);
      }
    }
  }
}
