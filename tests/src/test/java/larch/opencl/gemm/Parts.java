package larch.opencl.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What a kernel on tensor cores must make of a product if its sums are chains of `fma`, as the twin's are.
///
/// @param arithmetic of the kernel
record Parts(Arithmetic arithmetic) {
    /// Bits against [#chain], the error against
    /// `|C − C64| ≤ |alpha| (s + γ(sums + 2)) |A| |B| + γ(2) |beta C0|`: s from the splitting, `(q + 1) 2^−tq` and a little
    /// for what is of higher order; sums of some steps times the products of a split, then of these sums, or of all steps.
    void verify(HostGemm g, float[] got) {
        int q = arithmetic.parts();
        int steps = arithmetic.format().steps();
        double splitting = (q + 1) * Math.scalb(1.0, -arithmetic.format().bits() * q) * (1 + 0x1p-6);
        int sums = q == 1 ? g.k() : q * (q + 1) / 2 * steps + Math.ceilDiv(g.k(), steps);
        for (int i = 0; i < g.m(); i++) {
            for (int j = 0; j < g.n(); j++) {
                double sum = 0;
                double size = 0;
                for (int p = 0; p < g.k(); p++) {
                    double term = (double) g.a().get(i, p) * g.b().get(p, j);
                    sum += term;
                    size += Math.abs(term);
                }
                double old = g.beta() == 0 ? 0 : (double) g.beta() * g.c().get(i, j);
                double error = Math.abs(got[g.c().at(i, j)] - (g.alpha() * sum + old));
                double bound = Math.abs(g.alpha()) * size * (splitting + gamma(sums + 2)) + gamma(2) * Math.abs(old);
                String where = arithmetic + " " + g + " at " + i + ", " + j;
                assertTrue(error <= bound, () -> where + ": error " + error + " above " + bound);
                assertEquals(chain(g, i, j), got[g.c().at(i, j)], where);
            }
        }
    }

    private static double gamma(int n) {
        return n * 0x1p-24 / (1 - n * 0x1p-24);
    }

    /// For some steps after another the products of parts, the smallest first and of these the smallest part of A; more parts
    /// than one have a sum of their own.
    private float chain(HostGemm g, int i, int j) {
        int q = arithmetic.parts();
        int steps = arithmetic.format().steps();
        float acc = 0;
        for (int from = 0; from < g.k(); from += steps) {
            float sum = q > 1 ? 0 : acc;
            for (int order = q - 1; order >= 0; order--) {
                for (int ofA = order; ofA >= 0; ofA--) {
                    for (int p = from; p < Math.min(g.k(), from + steps); p++) {
                        sum = Math.fma(part(g.a().get(i, p), ofA), part(g.b().get(p, j), order - ofA), sum);
                    }
                }
            }
            acc = q > 1 ? acc + sum : sum;
        }
        return g.beta() == 0 ? g.alpha() * acc : Math.fma(g.alpha(), acc, g.beta() * g.c().get(i, j));
    }

    private float part(float x, int number) {
        float rest = x;
        for (int i = 0; i < number; i++) {
            rest -= rounded(rest);
        }
        return rounded(rest);
    }

    /// The nearest number of so many bits by Java's own arithmetic; TF32 takes ties away from zero, bfloat16 to even.
    private float rounded(float x) {
        double unit = Math.scalb(1.0, Math.getExponent(x) - (arithmetic.format().bits() - 1));
        double units = Math.abs(x) / unit;
        double whole = arithmetic.format() == Arithmetic.Format.TF32 ? Math.floor(units + 0.5) : Math.rint(units);
        return (float) (Math.copySign(whole, x) * unit);
    }
}
