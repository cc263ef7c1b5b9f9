// Rung 4 of the GEMM ladder: each work-item computes MWI x NWI elements, which stay in its registers.
//
//   C[m,n] = alpha * A[m,k] * B[k,n] + beta * C[m,n], all row-major and without gaps; C is not read if beta = 0.
//
// Adds         Rung 3 reads two floats from local memory for one multiply-add. With MWI floats of A and NWI of B in
//              registers a work-item does MWI * NWI multiply-adds: an outer product per step.
// Access       A work-item's elements lie MDIMC rows and NDIMC columns apart, so that at each moment neighbours read
//              neighbouring banks and write neighbouring addresses. Tiles are loaded in linear order of their elements.
// Cost         1 / MWG + 1 / NWG global and 1 / MWI + 1 / NWI local reads per multiply-add.
// Parameters   MWG x NWG      elements of C per work-group
//              KWG            steps of k per tile
//              MDIMC x NDIMC  work-items per work-group
//              MWI = MWG / MDIMC, NWI = NWG / NDIMC: elements per work-item
// Defaults     MWG=64 NWG=64 KWG=16 MDIMC=16 NDIMC=16
// Constraints  - MDIMC divides MWG, NDIMC divides NWG: all work-items do the same;
//              - MDIMC * NDIMC divides MWG * KWG and KWG * NWG: all load the same number of elements;
//              - m, n, k multiples of MWG, NWG, KWG: no guards;
//              - KWG * (MWG + NWG) floats of local memory; MWI * NWI + MWI + NWI registers, or they spill to memory.
// Measured: not measured on a GPU yet

#define MWI (MWG / MDIMC)
#define NWI (NWG / NDIMC)
#define ITEMS (MDIMC * NDIMC)

__kernel __attribute__((reqd_work_group_size(NDIMC, MDIMC, 1)))
void gemm(const int m, const int n, const int k, const float alpha, __global const float *a, __global const float *b,
          const float beta, __global float *c) {
  __local float a_tile[MWG][KWG];
  __local float b_tile[KWG][NWG];
  const int x = get_local_id(0);
  const int y = get_local_id(1);
  const int item = y * NDIMC + x;
  const int row = get_group_id(1) * MWG;
  const int col = get_group_id(0) * NWG;

  float acc[MWI][NWI];
  #pragma unroll
  for (int i = 0; i < MWI; ++i) {
    #pragma unroll
    for (int j = 0; j < NWI; ++j) {
      acc[i][j] = 0.0f;
    }
  }
  for (int tile = 0; tile < k; tile += KWG) {
    #pragma unroll
    for (int load = 0; load < MWG * KWG / ITEMS; ++load) {
      const int e = item + load * ITEMS;
      a_tile[e / KWG][e % KWG] = a[(row + e / KWG) * k + tile + e % KWG];
    }
    #pragma unroll
    for (int load = 0; load < KWG * NWG / ITEMS; ++load) {
      const int e = item + load * ITEMS;
      b_tile[e / NWG][e % NWG] = b[(tile + e / NWG) * n + col + e % NWG];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int p = 0; p < KWG; ++p) {
      float a_reg[MWI];
      float b_reg[NWI];
      #pragma unroll
      for (int i = 0; i < MWI; ++i) {
        a_reg[i] = a_tile[y + i * MDIMC][p];
      }
      #pragma unroll
      for (int j = 0; j < NWI; ++j) {
        b_reg[j] = b_tile[p][x + j * NDIMC];
      }
      #pragma unroll
      for (int i = 0; i < MWI; ++i) {
        #pragma unroll
        for (int j = 0; j < NWI; ++j) {
          acc[i][j] = fma(a_reg[i], b_reg[j], acc[i][j]);
        }
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  #pragma unroll
  for (int i = 0; i < MWI; ++i) {
    #pragma unroll
    for (int j = 0; j < NWI; ++j) {
      const int at = (row + y + i * MDIMC) * n + col + x + j * NDIMC;
      c[at] = beta == 0.0f ? alpha * acc[i][j] : fma(alpha, acc[i][j], beta * c[at]);
    }
  }
}
