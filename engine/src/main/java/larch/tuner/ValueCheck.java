package larch.tuner;

import larch.gemm.Gemm;

/// Whether C is A·B, in double precision and in `O(n²)`: for a vector t, `C·t = A·(B·t)`, row by row. The test of BLIS.
///
/// The products of [GemmShape] are whole numbers, so both sides are exact and must be equal. The elements of t differ from
/// column to column, so a wrong element and two that changed places show in the sum of their row.
public final class ValueCheck {
    private ValueCheck() {
    }

    /// @param g a product of whole numbers that has been computed, with `alpha = 1`, `beta = 0`
    /// @return null if C is right; else its first wrong row, in one line
    public static String firstError(Gemm g) {
        double[] bt = new double[g.k()];
        for (int p = 0; p < g.k(); p++) {
            for (int j = 0; j < g.n(); j++) {
                bt[p] += t(j) * g.b().array()[g.bOffset() + p * g.bRowStride() + j * g.bColStride()];
            }
        }
        for (int i = 0; i < g.m(); i++) {
            double expected = 0;
            for (int p = 0; p < g.k(); p++) {
                expected += g.a().array()[g.aOffset() + i * g.aRowStride() + p * g.aColStride()] * bt[p];
            }
            double sum = 0;
            for (int j = 0; j < g.n(); j++) {
                sum += t(j) * g.c().array()[g.cOffset() + i * g.ldc() + j];
            }
            if (sum != expected) {
                return "row " + i + " of C times (1, 2, 3, ...) must be " + expected + ", got " + sum;
            }
        }
        return null;
    }

    private static double t(int j) {
        return j + 1;
    }
}
