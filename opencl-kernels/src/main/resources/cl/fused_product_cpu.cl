// One matrix product of a fused kernel for a CPU: fused_product.cl in the manner of gemm_direct_cpu.cl.
//
// Idea         A work-item keeps 4 rows of 16 columns of C in vector registers; the work-items of a group share out the blocks.
//              A CPU runs them one after another on one core, so neighbours take blocks of the same columns: their part of B
//              stays in the L1 cache. Nothing is copied to local memory, which is no nearer.
// Access       B along its rows: B_COL is 1, and a row may be read up to a multiple of 16 columns; the host turns and pads B
//              before the kernel where that is not so.
// Order        One chain of fma over ascending p for each element: the same bits as everywhere.
// Parameters   those of fused_product.cl
// Measured     PoCL 3.1 only, see docs/performance.md

#define ROW_BLOCKS ((ROWS + 3) / 4)
#define BLOCKS (ROW_BLOCKS * ((N + 15) / 16))

void NAME(const int rows, __global const float *a, const int a_offset, __global const float *b, const int b_offset,
          __global float *c, const int c_offset, __local float *a_tile, __local float *b_tile EPILOGUE_PARAMS) {
  for (int base = 0; base < BLOCKS; base += ITEMS) {
    const int block = base + (int) get_local_id(0);
    const int row = block % ROW_BLOCKS * 4;
    const int col = block / ROW_BLOCKS * 16;
    if (block < BLOCKS && row < rows) {
      // Rows beyond the last one repeat it; they are computed and not stored.
      __global const float *a0 = a + a_offset + row * A_ROW;
      __global const float *a1 = a0 + min(1, rows - 1 - row) * A_ROW;
      __global const float *a2 = a0 + min(2, rows - 1 - row) * A_ROW;
      __global const float *a3 = a0 + min(3, rows - 1 - row) * A_ROW;
      __global const float *b0 = b + b_offset + col;
      float16 acc0 = 0.0f;
      float16 acc1 = 0.0f;
      float16 acc2 = 0.0f;
      float16 acc3 = 0.0f;
      for (int p = 0; p < K; ++p) {
        const float16 y = vload16(0, b0 + p * B_ROW);
        acc0 = fma((float16) a0[p * A_COL], y, acc0);
        acc1 = fma((float16) a1[p * A_COL], y, acc1);
        acc2 = fma((float16) a2[p * A_COL], y, acc2);
        acc3 = fma((float16) a3[p * A_COL], y, acc3);
      }
      float sums[64];
      vstore16(acc0, 0, sums);
      vstore16(acc1, 1, sums);
      vstore16(acc2, 2, sums);
      vstore16(acc3, 3, sums);
      const int last = min(4, rows - row);
      const int columns = min(16, N - col);
      for (int i = 0; i < last; ++i) {
        const int r = row + i;
        for (int j = 0; j < columns; ++j) {
          const int s = col + j;
          __global float *at = &c[c_offset + r * C_ROW + s];
          const float value = finish(sums[i * 16 + j], ALPHA, BETA, at);
          *at = EPILOGUE(value, r, s);
        }
      }
    }
  }
}

#undef ROW_BLOCKS
#undef BLOCKS
