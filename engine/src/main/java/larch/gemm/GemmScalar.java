package larch.gemm;

/// Products too small for a kernel, in plain loops: the same chains of fused multiply-adds as the microkernels, hence
/// the same bits.
final class GemmScalar {
    private GemmScalar() {
    }

    /// `C ← beta · C`, what is left of a product without steps.
    static void scale(Gemm g) {
        if (g.beta() == 1) {
            return;
        }
        for (int i = 0; i < g.m(); i++) {
            int from = g.cOffset() + i * g.ldc();
            for (int at = from; at < from + g.n(); at++) {
                g.c()[at] = g.beta() == 0 ? 0 : g.beta() * g.c()[at];
            }
        }
    }

    /// @param g  the product
    /// @param kc steps of one chain
    static void run(Gemm g, int kc) {
        for (int p = 0; p < g.k(); p += kc) {
            int steps = Math.min(kc, g.k() - p);
            float beta = p == 0 ? g.beta() : 1;
            int a = g.aOffset() + p * g.aColStride();
            int b = g.bOffset() + p * g.bRowStride();
            for (int i = 0; i < g.m(); i++) {
                row(g, steps, a + i * g.aRowStride(), b, beta, g.cOffset() + i * g.ldc());
            }
        }
    }

    /// One row of C, four columns at a time: four chains that need not wait for each other.
    private static void row(Gemm g, int steps, int aStart, int bStart, float beta, int cStart) {
        float[] a = g.a();
        float[] b = g.b();
        float[] c = g.c();
        int aStep = g.aColStride();
        int bStep = g.bRowStride();
        int bNext = g.bColStride();
        int n = g.n();
        int j = 0;
        for (; j + 4 <= n; j += 4) {
            int b0 = bStart + j * bNext;
            int b1 = b0 + bNext;
            int b2 = b1 + bNext;
            int b3 = b2 + bNext;
            float sum0 = 0;
            float sum1 = 0;
            float sum2 = 0;
            float sum3 = 0;
            for (int p = 0, from = 0; p < steps; p++, from += bStep) {
                float x = a[aStart + p * aStep];
                sum0 = Math.fma(x, b[b0 + from], sum0);
                sum1 = Math.fma(x, b[b1 + from], sum1);
                sum2 = Math.fma(x, b[b2 + from], sum2);
                sum3 = Math.fma(x, b[b3 + from], sum3);
            }
            c[cStart + j] = finish(g.alpha(), sum0, beta, c[cStart + j]);
            c[cStart + j + 1] = finish(g.alpha(), sum1, beta, c[cStart + j + 1]);
            c[cStart + j + 2] = finish(g.alpha(), sum2, beta, c[cStart + j + 2]);
            c[cStart + j + 3] = finish(g.alpha(), sum3, beta, c[cStart + j + 3]);
        }
        for (; j < n; j++) {
            float sum = 0;
            for (int p = 0; p < steps; p++) {
                sum = Math.fma(a[aStart + p * aStep], b[bStart + j * bNext + p * bStep], sum);
            }
            c[cStart + j] = finish(g.alpha(), sum, beta, c[cStart + j]);
        }
    }

    private static float finish(float alpha, float sum, float beta, float old) {
        return beta == 0 ? alpha * sum : Math.fma(alpha, sum, beta * old);
    }
}
