package larch.gemm;

import larch.expr.InDouble;

/// The specification of [Gemm]: three loops, each sum and what the epilogue makes of it in double precision
/// and rounded once. As in BLAS, `alpha = 0` does not read A and B and `beta = 0` does not read C, so what they hold, NaN included, has no
/// effect.
public final class GemmNaive {
    private GemmNaive() {
    }

    /// @param g the product; its C is modified
    public static void run(Gemm g) {
        float[] a = g.a().array();
        float[] b = g.b().array();
        float[] c = g.c().array();
        InDouble f = new InDouble(g.epilogue().form().f());
        double[] values = new double[g.epilogue().operands() + 1];
        for (int i = 0; i < g.m(); i++) {
            for (int j = 0; j < g.n(); j++) {
                double sum = 0;
                for (int p = 0; g.alpha() != 0 && p < g.k(); p++) {
                    double x = a[g.aOffset() + i * g.aRowStride() + p * g.aColStride()];
                    double y = b[g.bOffset() + p * g.bRowStride() + j * g.bColStride()];
                    sum += x * y;
                }
                int at = g.cOffset() + i * g.ldc() + j;
                double product = g.alpha() * sum + (g.beta() == 0 ? 0 : (double) g.beta() * c[at]);
                c[at] = g.epilogue().inDouble(f, product, i, j, values);
            }
        }
    }
}
