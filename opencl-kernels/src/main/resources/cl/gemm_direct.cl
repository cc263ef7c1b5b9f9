// The direct matrix product: any extents, any strides, one kernel and no copies.
//
//   C[i, j] = EPILOGUE(alpha * sum over p of A(i, p) * B(p, j) + beta * C[i, j], i, j)
//   A(i, p) = a[a_offset + i * a_row + p * a_col],   B(p, j) = b[b_offset + p * b_row + j * b_col],
//   C[i, j] = c[c_offset + i * c_row + j]
//
// So A and B may be transposed (exchange the strides), parts of larger matrices, or broadcast (a stride of 0).
//
// Idea         Rung 4 of the ladder with guards: what lies outside A or B is loaded as 0, what lies outside C is not
//              stored. A guard costs little in a product that is too small to fill the device anyhow, and copying
//              (pad_transpose.cl) would cost more; for large products it is the other way round.
// Access       Of each operand the work-items follow the dimension with the smaller stride, so that neighbours read
//              neighbours whether it is transposed or not. The tiles lie in local memory as [p][row] and [p][col]; one
//              surplus float per row keeps both orders of storing free of bank conflicts.
// Order        Each element is one chain: acc = fma(A(i, p), B(p, j), acc) from 0, for p ascending; then alpha * acc, or
//              fma(alpha, acc, beta * C). Neither tile nor strides nor the device change a bit of it, but for a device
//              that flushes subnormals, and for steps beyond k: fma(0, 0, acc) makes +0 of an acc that is -0.
// Chunks       The work-groups with number z in dimension 2 sum `steps` steps from z * steps on, and write to the m rows
//              from row z * m of C on. With one chunk of k steps that is the whole product; with more, C is memory for
//              their sums, of which add_chunks.cl makes the product.
// Parameters   MWG x NWG elements per work-group, KWG steps per tile, MDIMC x NDIMC work-items: see gemm_4_register.cl.
// Defaults     MWG=64 NWG=64 KWG=16 MDIMC=16 NDIMC=16
// Constraints  - MDIMC divides MWG, NDIMC divides NWG, MDIMC * NDIMC divides MWG * KWG and KWG * NWG: equal shares;
//              - KWG * (MWG + 1 + NWG + 1) floats of local memory;
//              - all indexes below 2^31. k = 0 is a sum of nothing: a and b are not read.
// Launch       global (ceil(n / NWG) * NDIMC, ceil(m / MWG) * MDIMC, chunks), local (NDIMC, MDIMC, 1).
// Measured: not measured on a GPU yet

#define MWI (MWG / MDIMC)
#define NWI (NWG / NDIMC)
#define ITEMS (MDIMC * NDIMC)

__kernel __attribute__((reqd_work_group_size(NDIMC, MDIMC, 1)))
void gemm_direct(const int m, const int n, const int k, const int steps, const float alpha,
                 __global const float *a, const int a_offset, const int a_row, const int a_col,
                 __global const float *b, const int b_offset, const int b_row, const int b_col,
                 const float beta, __global float *c, const int c_offset, const int c_row EPILOGUE_PARAMS) {
  __local float a_tile[KWG][MWG + 1];
  __local float b_tile[KWG][NWG + 1];
  const int x = get_local_id(0);
  const int y = get_local_id(1);
  const int item = y * NDIMC + x;
  const int row = get_group_id(1) * MWG;
  const int col = get_group_id(0) * NWG;
  const int chunk = get_group_id(2);
  const int first = chunk * steps;
  // From here on A, B and C are those of the chunk.
  const int end = min(steps, k - first);
  a += a_offset + first * a_col;
  b += b_offset + first * b_row;
  c += c_offset + chunk * m * c_row;
  // The same for all work-items, so a branch on it costs nothing.
  const int a_by_rows = abs(a_col) <= abs(a_row);
  const int b_by_rows = abs(b_col) <= abs(b_row);

  float acc[MWI][NWI];
  #pragma unroll
  for (int i = 0; i < MWI; ++i) {
    #pragma unroll
    for (int j = 0; j < NWI; ++j) {
      acc[i][j] = 0.0f;
    }
  }
  for (int tile = 0; tile < end; tile += KWG) {
    #pragma unroll
    for (int load = 0; load < MWG * KWG / ITEMS; ++load) {
      const int e = item + load * ITEMS;
      const int i = a_by_rows ? e / KWG : e % MWG;
      const int p = a_by_rows ? e % KWG : e / MWG;
      const int inside = row + i < m && tile + p < end;
      a_tile[p][i] = inside ? a[(row + i) * a_row + (tile + p) * a_col] : 0.0f;
    }
    #pragma unroll
    for (int load = 0; load < KWG * NWG / ITEMS; ++load) {
      const int e = item + load * ITEMS;
      const int j = b_by_rows ? e % NWG : e / KWG;
      const int p = b_by_rows ? e / NWG : e % KWG;
      const int inside = col + j < n && tile + p < end;
      b_tile[p][j] = inside ? b[(tile + p) * b_row + (col + j) * b_col] : 0.0f;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int p = 0; p < KWG; ++p) {
      float a_reg[MWI];
      float b_reg[NWI];
      #pragma unroll
      for (int i = 0; i < MWI; ++i) {
        a_reg[i] = a_tile[p][y + i * MDIMC];
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
    const int r = row + y + i * MDIMC;
    #pragma unroll
    for (int j = 0; j < NWI; ++j) {
      const int s = col + x + j * NDIMC;
      if (r < m && s < n) {
        __global float *at = &c[r * c_row + s];
        const float value = finish(acc[i][j], alpha, beta, at);
        *at = EPILOGUE(value, r, s);
      }
    }
  }
}
