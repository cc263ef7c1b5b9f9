package larch.gemm;

/// Products in plain loops, for what is too small for a kernel and for kernels that are still cold: the same
/// chains of fused multiply-adds as the microkernels, hence the same bits.
final class GemmScalar {
    private GemmScalar() {
    }

    /// `C ← beta · C`, what is left of a product without steps.
    static void scale(Gemm g) {
        if (g.beta() == 1) {
            return;
        }
        float[] c = g.c().array();
        for (int i = 0; i < g.m(); i++) {
            int from = g.cOffset() + i * g.ldc();
            for (int at = from; at < from + g.n(); at++) {
                c[at] = g.beta() == 0 ? 0 : g.beta() * c[at];
            }
        }
    }

    /// @param g  the product
    /// @param kc steps of one chain
    static void run(Gemm g, int kc) {
        for (int pc = 0; pc < g.k(); pc += kc) {
            block(g.m(), g.n(), Math.min(kc, g.k() - pc), g.alpha(),
                    g.a().array(), g.aOffset() + pc * g.aColStride(), g.aRowStride(), g.aColStride(),
                    g.b().array(), g.bOffset() + pc * g.bRowStride(), g.bRowStride(), g.bColStride(),
                    pc == 0 ? g.beta() : 1, g.c().array(), g.cOffset(), g.ldc());
        }
    }

    /// One chain per element of C; the arguments are those of [MicroKernel#run] and its extents.
    static void block(int rows, int columns, int k, float alpha, float[] a, int aOffset, int aRowStride, int aColStride,
                      float[] b, int bOffset, int bRowStride, int bColStride,
                      float beta, float[] c, int cOffset, int cRowStride) {
        for (int i = 0; i < rows; i++) {
            row(columns, k, alpha, a, aOffset + i * aRowStride, aColStride, b, bOffset, bRowStride, bColStride,
                    beta, c, cOffset + i * cRowStride);
        }
    }

    /// Four columns at a time: four chains that need not wait for each other.
    private static void row(int columns, int k, float alpha, float[] a, int aStart, int aStep,
                            float[] b, int bStart, int bStep, int bNext, float beta, float[] c, int cStart) {
        int j = 0;
        for (; j + 4 <= columns; j += 4) {
            int b0 = bStart + j * bNext;
            int b1 = b0 + bNext;
            int b2 = b1 + bNext;
            int b3 = b2 + bNext;
            float sum0 = 0;
            float sum1 = 0;
            float sum2 = 0;
            float sum3 = 0;
            for (int p = 0, from = 0; p < k; p++, from += bStep) {
                float x = a[aStart + p * aStep];
                sum0 = Math.fma(x, b[b0 + from], sum0);
                sum1 = Math.fma(x, b[b1 + from], sum1);
                sum2 = Math.fma(x, b[b2 + from], sum2);
                sum3 = Math.fma(x, b[b3 + from], sum3);
            }
            finish(alpha, sum0, beta, c, cStart + j);
            finish(alpha, sum1, beta, c, cStart + j + 1);
            finish(alpha, sum2, beta, c, cStart + j + 2);
            finish(alpha, sum3, beta, c, cStart + j + 3);
        }
        for (; j < columns; j++) {
            float sum = 0;
            for (int p = 0; p < k; p++) {
                sum = Math.fma(a[aStart + p * aStep], b[bStart + j * bNext + p * bStep], sum);
            }
            finish(alpha, sum, beta, c, cStart + j);
        }
    }

    private static void finish(float alpha, float sum, float beta, float[] c, int at) {
        c[at] = beta == 0 ? alpha * sum : Math.fma(alpha, sum, beta * c[at]);
    }
}
