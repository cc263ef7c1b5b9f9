// One matrix product of a fused kernel with few columns or few steps: a logit from a hidden layer, or its gradient.
//
// Idea         Tiles would be all but empty, so each work-item has an element of C of its own and reads what it needs.
// Order        One chain of fma over ascending p for each element: the same bits as everywhere.
// Parameters   those of fused_product.cl
// Measured: not measured on a GPU yet

void NAME(const int rows, __global const float *a, const int a_offset, __global const float *b, const int b_offset,
          __global float *c, const int c_offset, __local float *a_tile, __local float *b_tile EPILOGUE_PARAMS) {
  for (int base = 0; base < rows * N; base += ITEMS) {
    const int e = base + (int) get_local_id(0);
    if (e < rows * N) {
      const int r = e / N;
      const int s = e % N;
      float acc = 0.0f;
      for (int p = 0; p < K; ++p) {
        acc = fma(a[a_offset + r * A_ROW + p * A_COL], b[b_offset + p * B_ROW + s * B_COL], acc);
      }
      __global float *at = &c[c_offset + r * C_ROW + s];
      const float value = finish(acc, ALPHA, BETA, at);
      *at = EPILOGUE(value, r, s);
    }
  }
}
