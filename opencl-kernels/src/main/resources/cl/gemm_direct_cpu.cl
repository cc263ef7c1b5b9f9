// The direct matrix product for a CPU: the same product and parameters as gemm_direct.cl, another way to it.
//
//   C[i, j] = EPILOGUE(alpha * sum over p of A(i, p) * B(p, j) + beta * C[i, j], i, j)
//
// Idea         A CPU has no local memory of its own and no lanes that fetch together: what lies in local memory lies in
//              the cache anyway, and a barrier ends every loop over work-items. So one work-item is a whole work-group. It
//              keeps MWG rows of NWG columns of C in vector registers, reads NWG neighbours of B as one vector and MWG
//              single elements of A for each step: the microkernel of BLIS without its packing.
// Access       B along its rows, hence b_col = 1 is fast and any other stride is gathered element by element; the host
//              turns a transposed B first where that pays. A in any order.
// Order        Each element is one chain of fma over ascending p, as in gemm_direct.cl: the same bits.
// Chunks       as in gemm_direct.cl
// Parameters   MWG x NWG elements per work-group of one work-item.
// Defaults     MWG=4 NWG=16
// Constraints  NWG is 16, the widest vector of OpenCL C; MWG is 4, so that 64 sums fit the registers of AVX2.
// Launch       global (ceil(n / NWG), ceil(m / MWG), chunks), local (1, 1, 1).
// Measured     PoCL 3.1 only, see docs/performance.md

// NWG columns of row p of B from column col on; 0 beyond the last one.
float16 row_of_b(__global const float *b, const int b_col, const int columns) {
  if (b_col == 1 && columns >= NWG) {
    return vload16(0, b);
  }
  float lanes[NWG];
  for (int j = 0; j < NWG; ++j) {
    lanes[j] = j < columns ? b[j * b_col] : 0.0f;
  }
  return vload16(0, lanes);
}

__kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void gemm_direct(const int m, const int n, const int k, const int steps, const float alpha,
                 __global const float *a, const int a_offset, const int a_row, const int a_col,
                 __global const float *b, const int b_offset, const int b_row, const int b_col,
                 const float beta, __global float *c, const int c_offset, const int c_row EPILOGUE_PARAMS) {
  const int row = get_group_id(1) * MWG;
  const int col = get_group_id(0) * NWG;
  const int chunk = get_group_id(2);
  const int first = chunk * steps;
  // From here on A, B and C are those of the chunk.
  const int end = min(steps, k - first);
  a += a_offset + first * a_col;
  b += b_offset + first * b_row;
  c += c_offset + chunk * m * c_row;
  const int rows = min(MWG, m - row);
  const int columns = min(NWG, n - col);
  // Rows beyond the last one repeat it; they are computed and not stored.
  __global const float *a0 = a + row * a_row;
  __global const float *a1 = a0 + min(1, rows - 1) * a_row;
  __global const float *a2 = a0 + min(2, rows - 1) * a_row;
  __global const float *a3 = a0 + min(3, rows - 1) * a_row;
  __global const float *b0 = b + col * b_col;
  float16 acc0 = 0.0f;
  float16 acc1 = 0.0f;
  float16 acc2 = 0.0f;
  float16 acc3 = 0.0f;
  for (int p = 0; p < end; ++p) {
    const float16 y = row_of_b(b0 + p * b_row, b_col, columns);
    acc0 = fma((float16) a0[p * a_col], y, acc0);
    acc1 = fma((float16) a1[p * a_col], y, acc1);
    acc2 = fma((float16) a2[p * a_col], y, acc2);
    acc3 = fma((float16) a3[p * a_col], y, acc3);
  }
  float sums[MWG * NWG];
  vstore16(acc0, 0, sums);
  vstore16(acc1, 1, sums);
  vstore16(acc2, 2, sums);
  vstore16(acc3, 3, sums);
  for (int i = 0; i < rows; ++i) {
    const int r = row + i;
    for (int j = 0; j < columns; ++j) {
      const int s = col + j;
      __global float *at = &c[r * c_row + s];
      const float value = finish(sums[i * NWG + j], alpha, beta, at);
      *at = EPILOGUE(value, r, s);
    }
  }
}
