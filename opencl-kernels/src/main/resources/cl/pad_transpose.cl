// Copies around the fast kernels, which want whole tiles without gaps: the indirect path is
//
//   pad A, pad B, multiply whole tiles into scratch memory, unpad_finish into C.
//
// A copy moves each float once and a product uses it m, n or k times, so for large products the copies are cheap.
// Zeros beyond k add fma(0, 0, acc) to each sum, which changes no bit (but for an acc of -0, which becomes +0).
//
// Parameters   TILE            a work-group moves TILE x TILE elements; a multiple of ROWS
//              ROWS            work-items per column of the work-group, which is TILE x ROWS
// Defaults     TILE=32 ROWS=8
// Measured: not measured on a GPU yet

// to[r, s] = from(r, s) for r < rows, s < cols, and 0 up to to_rows x to_cols, without gaps;
// from(r, s) = from[offset + r * row + s * col]: any strides, so this transposes as well.
//
// Reading follows the smaller stride and writing the columns of `to`; a transposing copy turns the tile in local memory,
// whose surplus column makes reading it along either dimension free of bank conflicts.
//
// Launch: global (ceil(to_cols / TILE) * TILE, ceil(to_rows / TILE) * ROWS), local (TILE, ROWS).
__kernel __attribute__((reqd_work_group_size(TILE, ROWS, 1)))
void pad(const int rows, const int cols, __global const float *from, const int offset, const int row, const int col,
         const int to_rows, const int to_cols, __global float *to) {
  __local float tile[TILE][TILE + 1];
  const int x = get_local_id(0);
  const int r_first = get_group_id(1) * TILE;
  const int s_first = get_group_id(0) * TILE;
  const int by_rows = abs(col) <= abs(row);
  for (int y = get_local_id(1); y < TILE; y += ROWS) {
    const int r = by_rows ? y : x;
    const int s = by_rows ? x : y;
    const int inside = r_first + r < rows && s_first + s < cols;
    tile[r][s] = inside ? from[offset + (r_first + r) * row + (s_first + s) * col] : 0.0f;
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int y = get_local_id(1); y < TILE; y += ROWS) {
    if (r_first + y < to_rows && s_first + x < to_cols) {
      to[(r_first + y) * to_cols + s_first + x] = tile[y][x];
    }
  }
}

// c[c_offset + i * c_row + j] = EPILOGUE(alpha * sum[i, j] + beta * C, i, j) for i < m, j < n, where `sum` has rows of
// `pitch` floats. The last step of the direct kernel, to the bit.
//
// Launch: global (ceil(n / TILE) * TILE, ceil(m / ROWS) * ROWS), local (TILE, ROWS).
__kernel __attribute__((reqd_work_group_size(TILE, ROWS, 1)))
void unpad_finish(const int m, const int n, __global const float *sum, const int pitch, const float alpha,
                  const float beta, __global float *c, const int c_offset, const int c_row EPILOGUE_PARAMS) {
  const int j = get_global_id(0);
  const int i = get_global_id(1);
  if (i < m && j < n) {
    __global float *at = &c[c_offset + i * c_row + j];
    const float value = finish(sum[i * pitch + j], alpha, beta, at);
    *at = EPILOGUE(value, i, j);
  }
}
