// Above the GEMM ladder: rung 7 with copies that pass by no register (cp.async of NVIDIA, sm_80 and later).
//
//   C[m,n] = alpha * A[m,k] * B[k,n] + beta * C[m,n], all row-major and without gaps; C is not read if beta = 0.
//
// Adds         In rung 7 the next tile waits in registers while this one is multiplied. Here STAGES - 1 tiles are on their way
//              straight into local memory: more of memory's latency hides, and the registers are free.
// Access       Elements of C and the product of tiles as gemm_warps.cl says. A is copied float by float and transposed on the
//              way: 32 neighbouring work-items take 8 steps of 4 rows, 4 sectors of 32 bytes, to 32 different banks, for any
//              KWG. B is copied VWN floats at a time.
// Cost         One barrier for each tile. It says that everybody's copies of this tile are there and that nobody multiplies the
//              tile before it any more, whose place the next copies take.
// Parameters   as rung 7; STAGES, the tiles in local memory, 3 or 4: as many as fit 48 KiB. PLAIN, if defined, copies at
//              the wait.
// Defaults     MWG=128 NWG=128 KWG=8 MDIMC=16 NDIMC=16 KWI=8 VWM=4 VWN=4
// Constraints  as rung 7, and
//              - 8 divides KWG: 8 steps of a row are copied together;
//              - STAGES * KWG * (MWG + 4 + NWG) floats of local memory.
// Measured: not measured on a GPU yet

// Steps of A that neighbouring work-items copy.
#define TOGETHER 8

// Begins to copy one tile.
static inline void begin(copies *all, __global const float *a, __global const float *b, const int k, const int n, const int item,
                         __local float *a_tile, __local float *b_tile) {
  #pragma unroll
  for (int load = 0; load < A_LOADS * VWM; ++load) {
    const int e = item + load * ITEMS;
    const int row = e / TOGETHER % MWG;
    const int step = e / (TOGETHER * MWG) * TOGETHER + e % TOGETHER;
    copy(all, &a_tile[step * A_PITCH + row], &a[row * k + step], 1);
  }
  #pragma unroll
  for (int load = 0; load < B_LOADS; ++load) {
    const int e = (item + load * ITEMS) * VWN;
    copy(all, &b_tile[e], &b[e / NWG * n + e % NWG], VWN);
  }
}

__kernel __attribute__((reqd_work_group_size(NDIMC, MDIMC, 1)))
void gemm(const int m, const int n, const int k, const float alpha, __global const float *a, __global const float *b,
          const float beta, __global float *c) {
  __local float a_tile[STAGES][KWG * A_PITCH] __attribute__((aligned(16)));
  __local float b_tile[STAGES][KWG * NWG] __attribute__((aligned(16)));
  const int item = get_local_id(1) * NDIMC + get_local_id(0);
  const int row = get_group_id(1) * MWG;
  const int col = get_group_id(0) * NWG;
  const int tiles = k / KWG;

  realN acc[MWI][N_VECTORS];
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
    multiply(&a_tile[now][M_FIRST(item)], &b_tile[now][N_FIRST(item)], acc);
    emptied = now;
    now = now + 1 < STAGES ? now + 1 : 0;
  }
  store_all(&c[(row + M_FIRST(item)) * n + col + N_FIRST(item)], n, acc, alpha, beta);
}
