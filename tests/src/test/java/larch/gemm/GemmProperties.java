package larch.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.stream.IntStream;
import larch.backend.simd.CompiledKernels;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The matrix product against its rounding theorem, against the chains that fix its bits, and against itself.
class GemmProperties {
    private static final double UNIT_ROUNDOFF = 0x1p-24;

    /// `|C − C_exact| ≤ γ_{k+2} (|alpha| |A| |B| + |beta| |C_old|)`, element by element.
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void roundingStaysWithinTheTheorem(@ForAll("finite") GemmCase product) {
        for (GemmPaths.Path path : GemmPaths.all()) {
            checkRounding(path.driver(), product, path.name());
        }
    }

    /// Each path, width, microtile and number of threads gives the bits of the documented chains, touches
    /// nothing beside C, and does so again on a second run. Zeros, infinities and NaNs are among the numbers.
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void everyPathGivesTheSameBits(@ForAll("any") GemmCase product) {
        float[] expected = product.chains(GemmPaths.KC);
        Gemm fresh = product.gemm();
        for (GemmPaths.Path path : GemmPaths.all()) {
            for (int run = 1; run <= 2; run++) {
                Gemm g = product.gemm();
                path.driver().run(g);
                assertArrayEquals(expected, g.c().array(), path.name());
                assertArrayEquals(fresh.a().array(), g.a().array(), path.name());
                assertArrayEquals(fresh.b().array(), g.b().array(), path.name());
            }
        }
    }

    /// `(A·B)ᵀ = Bᵀ·Aᵀ`, bit for bit, as both sides add the same products in the same order.
    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void transposedProductIsTheProductOfTransposes(@ForAll("finite") GemmCase shape) {
        GemmCase product = GemmCase.plain(shape.transA(), shape.transB(),
                shape.m(), shape.n(), shape.k(), shape.alpha(), 0);
        for (GemmPaths.Path path : GemmPaths.all()) {
            Gemm g = product.gemm();
            Gemm turned = new Gemm(flip(g.transB()), flip(g.transA()), g.n(), g.m(), g.k(), g.alpha(),
                    g.b().array(), 0, g.ldb(), g.a().array(), 0, g.lda(), 0, new float[g.m() * g.n()], 0, Math.max(1, g.m()));
            path.driver().run(g);
            path.driver().run(turned);
            for (int i = 0; i < g.m(); i++) {
                for (int j = 0; j < g.n(); j++) {
                    assertEquals(g.c().array()[i * g.ldc() + j], turned.c().array()[j * turned.ldc() + i], path.name());
                }
            }
        }
    }

    /// NaN and infinity come out where the naive product has them: `0 · Inf` is not skipped, and padding adds
    /// none.
    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void specialNumbersPropagateAsInTheNaiveProduct(@ForAll("special") GemmCase product) {
        Gemm naive = product.gemm();
        GemmNaive.run(naive);
        for (GemmPaths.Path path : GemmPaths.all()) {
            Gemm g = product.gemm();
            path.driver().run(g);
            for (int at = 0; at < g.c().array().length; at++) {
                if (!Float.isFinite(naive.c().array()[at]) || !Float.isFinite(g.c().array()[at])) {
                    assertEquals(naive.c().array()[at], g.c().array()[at], path.name() + " at " + at);
                }
            }
        }
    }

    /// The blockings that ship, at sizes around their own edges, all forms.
    @Example
    void shippedBlockingsKeepTheTheoremAndTheirBitsForAnyThreads() {
        int[][] sizes = {{31, 64, 257}, {13, 207, 31}, {207, 31, 2}, {1, 207, 300}, {207, 1, 300}, {67, 67, 1}};
        for (int bits : CompiledKernels.widths()) {
            GemmBlocking blocking = GemmBlocking.forVectorBits(bits);
            for (int[] size : sizes) {
                for (int form = 0; form < 4; form++) {
                    GemmCase product = new GemmCase(form > 1, form % 2 == 1, size[0], size[1], size[2], 1, form % 2,
                            3, 5, 7, 2, 0, form);
                    String name = bits + " bits, " + product;
                    float[] expected = product.chains(blocking.kc());
                    for (int threads : new int[] {1, 2, 4}) {
                        Gemm g = product.gemm();
                        GemmPaths.shipped(bits, threads).run(g);
                        assertArrayEquals(expected, g.c().array(), () -> name + ", " + threads + " threads");
                    }
                    checkRounding(GemmPaths.shipped(bits, 1), product, name);
                }
            }
        }
    }

    /// B larger than the caches in one of the shipped blockings: several blocks of B in each direction.
    @Example
    void largeProductTakesTheBlockedPathAndKeepsItsBits() {
        int bits = IntStream.of(CompiledKernels.widths()).max().orElseThrow();
        GemmBlocking blocking = GemmBlocking.forVectorBits(bits);
        GemmCase product = new GemmCase(false, true, 33, blocking.nc() + 67, blocking.kc() + 13, -1.5f, 1,
                0, 0, 1, 3, 0, 9);
        assertTrue((long) product.n() * product.k() > blocking.unpackedFloats(), "this case must be packed");
        Gemm g = product.gemm();
        GemmPaths.shipped(bits, 2).run(g);
        assertArrayEquals(product.chains(blocking.kc()), g.c().array());
    }

    private static void checkRounding(GemmDriver driver, GemmCase product, String name) {
        Gemm old = product.gemm();
        Gemm g = product.gemm();
        driver.run(g);
        double n = product.k() + 2;
        double gamma = n * UNIT_ROUNDOFF / (1 - n * UNIT_ROUNDOFF);
        for (int i = 0; i < g.m(); i++) {
            for (int j = 0; j < g.n(); j++) {
                int at = g.cOffset() + i * g.ldc() + j;
                double exact = g.beta() == 0 ? 0 : (double) g.beta() * old.c().array()[at];
                double magnitude = Math.abs(exact);
                for (int p = 0; p < g.k(); p++) {
                    double term = (double) g.alpha() * GemmCase.elementOfA(g, i, p) * GemmCase.elementOfB(g, p, j);
                    exact += term;
                    magnitude += Math.abs(term);
                }
                double error = Math.abs(g.c().array()[at] - exact);
                if (!(error <= gamma * magnitude)) {
                    fail("%s: error %g of C(%d,%d), allowed %g, in %s".formatted(
                            name, error, i, j, gamma * magnitude, product));
                }
            }
        }
    }

    private static Transpose flip(Transpose transpose) {
        return transpose.isTransposed() ? Transpose.NO : Transpose.YES;
    }

    @Provide
    Arbitrary<GemmCase> finite() {
        return cases(Arbitraries.just(0));
    }

    @Provide
    Arbitrary<GemmCase> special() {
        return cases(Arbitraries.of(7, 40));
    }

    @Provide
    Arbitrary<GemmCase> any() {
        return cases(Arbitraries.of(0, 0, 7, 60));
    }

    /// Sizes at and around the edges of vectors, microtiles and blocks of all widths.
    private static Arbitrary<GemmCase> cases(Arbitrary<Integer> special) {
        Arbitrary<Integer> m = Arbitraries.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 17, 31, 67);
        Arbitrary<Integer> n = Arbitraries.of(0, 1, 2, 3, 4, 5, 7, 8, 9, 13, 15, 16, 17, 31, 33, 63, 64, 65, 67, 130);
        Arbitrary<Integer> k = Arbitraries.of(0, 1, 2, 3, 4, 13, GemmPaths.KC - 1, GemmPaths.KC, GemmPaths.KC + 1,
                2 * GemmPaths.KC + 3, 67);
        Arbitrary<Boolean> transposed = Arbitraries.of(false, true);
        Arbitrary<float[]> scales = Combinators.combine(Arbitraries.of(1f, -0.75f, 2.5f, 0f),
                Arbitraries.of(0f, 1f, -0.5f)).as((alpha, beta) -> new float[] {alpha, beta});
        Arbitrary<int[]> pads = Arbitraries.of(0, 1, 5).array(int[].class).ofSize(4);
        Arbitrary<boolean[]> forms = Combinators.combine(transposed, transposed).as((a, b) -> new boolean[] {a, b});
        return Combinators.combine(forms, m, n, k, scales, pads, special, Arbitraries.longs().between(1, 1000))
                .as((form, rows, columns, steps, scale, pad, rarity, seed) -> new GemmCase(form[0], form[1],
                        rows, columns, steps, scale[0], scale[1], pad[0], pad[1], pad[2], pad[3], rarity, seed));
    }
}
