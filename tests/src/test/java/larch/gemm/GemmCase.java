package larch.gemm;

import java.util.Arrays;
import java.util.Random;

/// A matrix product to try: arrays with room before, between and after the rows, filled with signed random
/// numbers.
///
/// @param padA,padB,padC leading dimension minus the least one
/// @param offset         elements before the first one, in each array
/// @param special        0 for finite numbers only; else a few of them are 0, ±Inf or NaN
record GemmCase(boolean transA, boolean transB, int m, int n, int k, float alpha, float beta,
                int padA, int padB, int padC, int offset, int special, long seed) {
    private static final float[] SPECIALS = {0, -0f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN};

    static GemmCase plain(boolean transA, boolean transB, int m, int n, int k, float alpha, float beta) {
        return new GemmCase(transA, transB, m, n, k, alpha, beta, 0, 0, 0, 0, 0, 1);
    }

    /// @return a product with fresh arrays, the same each time; with `beta = 0` all of C's array is NaN
    Gemm gemm() {
        Random random = new Random(seed);
        float[] a = matrix(random, transA ? k : m, (transA ? m : k) + padA);
        float[] b = matrix(random, transB ? n : k, (transB ? k : n) + padB);
        float[] c = matrix(random, m, n + padC);
        if (beta == 0) {
            Arrays.fill(c, Float.NaN);
        }
        return new Gemm(transpose(transA), transpose(transB), m, n, k, alpha,
                a, offset, Math.max(1, (transA ? m : k) + padA), b, offset, Math.max(1, (transB ? k : n) + padB),
                beta, c, offset, Math.max(1, n + padC));
    }

    /// @return C after the product, computed as the documentation says: one chain of fused multiply-adds per
    ///         kc steps
    float[] chains(int kc) {
        Gemm g = gemm();
        float[] c = g.c().array();
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                int at = g.cOffset() + i * g.ldc() + j;
                if (k == 0 || alpha == 0) {
                    c[at] = beta == 0 ? 0 : beta * c[at];
                }
                for (int p = 0; alpha != 0 && p < k; p += kc) {
                    float sum = 0;
                    for (int q = p; q < Math.min(k, p + kc); q++) {
                        sum = Math.fma(elementOfA(g, i, q), elementOfB(g, q, j), sum);
                    }
                    float scale = p == 0 ? beta : 1;
                    c[at] = scale == 0 ? alpha * sum : Math.fma(alpha, sum, scale * c[at]);
                }
            }
        }
        return c;
    }

    static float elementOfA(Gemm g, int i, int p) {
        return g.a().array()[g.aOffset() + (g.transA().isTransposed() ? p * g.lda() + i : i * g.lda() + p)];
    }

    static float elementOfB(Gemm g, int p, int j) {
        return g.b().array()[g.bOffset() + (g.transB().isTransposed() ? j * g.ldb() + p : p * g.ldb() + j)];
    }

    private float[] matrix(Random random, int rows, int ld) {
        float[] values = new float[offset + rows * ld + 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
            if (special > 0 && random.nextInt(special) == 0) {
                values[i] = SPECIALS[random.nextInt(SPECIALS.length)];
            }
        }
        return values;
    }

    private static Transpose transpose(boolean transposed) {
        return transposed ? Transpose.YES : Transpose.NO;
    }
}
