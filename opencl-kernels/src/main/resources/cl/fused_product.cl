// One matrix product of a fused kernel: the rows of one work-group times a whole matrix.
//
//   C[i, j] = EPILOGUE(alpha * sum over p of A(i, p) * B(p, j) + beta * C[i, j], i, j)      i < rows, j < N, p < K
//
// The host puts this text once for each product into a program, with other definitions each time (FusedProduct.java), and
// the kernel calls the functions one after the other: rows go through a whole network without leaving their work-group.
//
// Idea         The direct kernel (gemm_direct.cl) turned round: there a work-group has one tile of C, here it has its rows of
//              C whatever their width, LANES * WIDE columns at a time. What is known when the text is made (widths, strides) is
//              constant, so loops unroll and guards vanish where tiles are whole.
// Access       A by rows. B along its shorter stride, so it may be transposed; every work-group reads all of B, which stays in
//              the L2 cache. The tile of A is read by whole warps at one place (a broadcast), that of B by neighbours at
//              neighbouring places; its surplus float makes storing it either way free of bank conflicts.
// Order        Each element is one chain: acc = fma(A(i, p), B(p, j), acc) from 0, for p ascending, as in gemm_direct.cl: the
//              same bits (but for fma(0, 0, acc), which makes +0 of an acc that is -0, for steps beyond K).
// Parameters   NAME            of the function
//              N K             extents
//              A_ROW A_COL     strides of A; A_COL is 1
//              B_ROW B_COL     strides of B; one of them is 1
//              C_ROW ALPHA BETA
//              ROWS            most rows of a work-group
//              ITEMS           its work-items: LANES columns side by side, ITEMS / LANES rows at a time
//              WIDE            columns of a work-item
//              TILE            steps of a tile, a multiple of 4
// Constraints  Local memory: ROWS * TILE floats for A, TILE * (LANES * WIDE + 1) for B, given by the kernel; the
//              tile of A begins at a multiple of 16 bytes.
// Measured: not measured on a GPU yet

#define DOWN (ITEMS / LANES)
#define DEEP ((ROWS + DOWN - 1) / DOWN)
#define COLUMNS (LANES * WIDE)

void NAME(const int rows, __global const float *a, const int a_offset, __global const float *b, const int b_offset,
          __global float *c, const int c_offset, __local float *a_tile, __local float *b_tile EPILOGUE_PARAMS) {
  const int item = get_local_id(0);
  const int x = item % LANES;
  const int y = item / LANES;
  for (int col = 0; col < N; col += COLUMNS) {
    float acc[DEEP][WIDE];
    #pragma unroll
    for (int i = 0; i < DEEP; ++i) {
      #pragma unroll
      for (int j = 0; j < WIDE; ++j) {
        acc[i][j] = 0.0f;
      }
    }
    for (int tile = 0; tile < K; tile += TILE) {
      for (int e = item; e < ROWS * TILE; e += ITEMS) {
        const int i = e / TILE;
        const int p = e % TILE;
        a_tile[e] = i < rows && tile + p < K ? a[a_offset + i * A_ROW + (tile + p) * A_COL] : 0.0f;
      }
      for (int e = item; e < TILE * COLUMNS; e += ITEMS) {
        const int p = B_COL == 1 ? e / COLUMNS : e % TILE;
        const int j = B_COL == 1 ? e % COLUMNS : e / TILE;
        const int inside = tile + p < K && col + j < N;
        b_tile[p * (COLUMNS + 1) + j] = inside ? b[b_offset + (tile + p) * B_ROW + (col + j) * B_COL] : 0.0f;
      }
      barrier(CLK_LOCAL_MEM_FENCE);
      // Four steps at a time, as a warp gets four neighbours of A for the price of one.
      // Unrolled further, tiles of 8 rows would take all registers there are.
      const int steps = min(TILE, K - tile);
      #pragma unroll 2
      for (int p = 0; p < steps; p += 4) {
        float4 a_reg[DEEP];
        #pragma unroll
        for (int i = 0; i < DEEP; ++i) {
          a_reg[i] = *(__local const float4 *) (a_tile + min(y + i * DOWN, ROWS - 1) * TILE + p);
        }
        #pragma unroll
        for (int j = 0; j < WIDE; ++j) {
          __local const float *b_col = b_tile + p * (COLUMNS + 1) + x + j * LANES;
          const float b0 = b_col[0];
          const float b1 = b_col[COLUMNS + 1];
          const float b2 = b_col[2 * (COLUMNS + 1)];
          const float b3 = b_col[3 * (COLUMNS + 1)];
          #pragma unroll
          for (int i = 0; i < DEEP; ++i) {
            acc[i][j] = fma(a_reg[i].s0, b0, acc[i][j]);
            acc[i][j] = fma(a_reg[i].s1, b1, acc[i][j]);
            acc[i][j] = fma(a_reg[i].s2, b2, acc[i][j]);
            acc[i][j] = fma(a_reg[i].s3, b3, acc[i][j]);
          }
        }
      }
      barrier(CLK_LOCAL_MEM_FENCE);
    }
    #pragma unroll
    for (int i = 0; i < DEEP; ++i) {
      const int r = y + i * DOWN;
      #pragma unroll
      for (int j = 0; j < WIDE; ++j) {
        const int s = col + x + j * LANES;
        if (r < rows && s < N) {
          __global float *at = &c[c_offset + r * C_ROW + s];
          const float value = finish(acc[i][j], ALPHA, BETA, at);
          *at = EPILOGUE(value, r, s);
        }
      }
    }
  }
}

#undef DOWN
#undef DEEP
#undef COLUMNS
