// Rung 5 of the GEMM ladder: vectors of 4 floats, and the tile of A stored transposed.
//
//   C[m,n] = alpha * A[m,k] * B[k,n] + beta * C[m,n], all row-major and without gaps; C is not read if beta = 0.
//
// Adds         Four loads of a float become one load of a float4, from global as from local memory. The MWI rows of A
//              that a work-item needs at a step must then lie side by side: a_tile holds A by columns, a_tile[p][row].
//              So a work-item reads VWM steps of one row of A and stores them into VWM rows of the tile.
// Access       Work-item (x, y) owns rows y * VWM .. of each of M_VECTORS blocks of MDIMC * VWM rows, and likewise
//              columns. A warp reads two different vectors of A and 16 neighbouring ones of B per step.
// Cost         As rung 4 in floats; a VWMth and a VWNth of the load instructions. 8 x 8 elements per work-item.
// Parameters   as rung 4, and
//              VWM            floats per load of A: along k from global, along m from local memory
//              VWN            floats per load of B and store of C, along n
// Defaults     MWG=128 NWG=128 KWG=8 MDIMC=16 NDIMC=16 VWM=4 VWN=4
// Constraints  - VWM, VWN in 1, 2, 4: OpenCL's vectors, and 16 bytes are the widest load;
//              - VWM divides KWG and MWI, VWN divides NWI: vectors do not straddle work-items;
//              - MDIMC * NDIMC divides MWG * KWG / VWM and KWG * NWG / VWN: all load the same number of vectors;
//              - m, n, k multiples of MWG, NWG, KWG; a, b, c begin at multiples of 16 bytes, as buffers do;
//              - KWG * (MWG + 4 + NWG) floats of local memory; MWI * NWI + MWI + NWI registers and some.
// Measured: not measured on a GPU yet

__kernel __attribute__((reqd_work_group_size(NDIMC, MDIMC, 1)))
void gemm(const int m, const int n, const int k, const float alpha, __global const float *a, __global const float *b,
          const float beta, __global float *c) {
  __local float a_tile[KWG][A_PITCH] __attribute__((aligned(16)));
  __local float b_tile[KWG][NWG] __attribute__((aligned(16)));
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
  for (int tile = 0; tile < k; tile += KWG) {
    #pragma unroll
    for (int load = 0; load < A_LOADS; ++load) {
      const int e = (item + load * ITEMS) * VWM;
      const realM v = *(__global const realM *)&a[(row + e / KWG) * k + tile + e % KWG];
      float column[VWM];
      SPREAD(v, column, 0)
      #pragma unroll
      for (int s = 0; s < VWM; ++s) {
        a_tile[e % KWG + s][e / KWG] = column[s];
      }
    }
    #pragma unroll
    for (int load = 0; load < B_LOADS; ++load) {
      const int e = (item + load * ITEMS) * VWN;
      *(__local realN *)&b_tile[e / NWG][e % NWG] = *(__global const realN *)&b[(tile + e / NWG) * n + col + e % NWG];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int p = 0; p < KWG; ++p) {
      float a_reg[MWI];
      realN b_reg[N_VECTORS];
      #pragma unroll
      for (int i = 0; i < M_VECTORS; ++i) {
        const realM v = *(__local const realM *)&a_tile[p][(y + i * MDIMC) * VWM];
        SPREAD(v, a_reg, i * VWM)
      }
      #pragma unroll
      for (int j = 0; j < N_VECTORS; ++j) {
        b_reg[j] = *(__local const realN *)&b_tile[p][(x + j * NDIMC) * VWN];
      }
      #pragma unroll
      for (int i = 0; i < MWI; ++i) {
        #pragma unroll
        for (int j = 0; j < N_VECTORS; ++j) {
          acc[i][j] = fma((realN)(a_reg[i]), b_reg[j], acc[i][j]);
        }
      }
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
