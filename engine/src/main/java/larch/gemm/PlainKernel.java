package larch.gemm;

import java.util.Arrays;

/// A microkernel in plain loops, without vectors: what [MicroKernel] says, in the shortest words, and what runs until
/// the compiled kernel is warm. Its bits are those of the compiled kernel.
///
/// @param mr rows of the microtile
/// @param nr columns of the microtile
record PlainKernel(int mr, int nr) implements MicroKernel {
    @Override
    public void run(int k, float alpha, float[] a, int aOffset, int aRowStride, int aColStride,
                    float[] b, int bOffset, int bRowStride, float beta, float[] c, int cOffset, int cRowStride) {
        float[] acc = new float[nr];
        for (int i = 0; i < mr; i++) {
            Arrays.fill(acc, 0f);
            for (int p = 0; p < k; p++) {
                addScaledRow(a[aOffset + i * aRowStride + p * aColStride], b, bOffset + p * bRowStride, acc);
            }
            for (int j = 0; j < nr; j++) {
                int at = cOffset + i * cRowStride + j;
                c[at] = beta == 0 ? alpha * acc[j] : Math.fma(alpha, acc[j], beta * c[at]);
            }
        }
    }

    /// A loop of its own, which the JIT compiler turns into vectors by itself.
    private static void addScaledRow(float factor, float[] b, int row, float[] acc) {
        for (int j = 0; j < acc.length; j++) {
            acc[j] = Math.fma(factor, b[row + j], acc[j]);
        }
    }
}
