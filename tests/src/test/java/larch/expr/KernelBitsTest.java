package larch.expr;

import static larch.expr.Expr.arg;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import larch.gen.TestBackend;
import larch.op.Elementwise;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Vectors of every width, scalars and the [Program] run by hand all give the same bits.
class KernelBitsTest {
    private static final List<TestBackend> WIDTHS = List.of(TestBackend.simd(1, 128), TestBackend.simd(1, 256),
            TestBackend.simd(1, 512));
    private static final int ARITY = 3;

    @AfterAll
    static void close() {
        WIDTHS.forEach(TestBackend::close);
    }

    @Test
    void functionsThatAreLowered() {
        for (Expr f : List.of(Expr.exp(arg(0)), Expr.log(arg(0)), Expr.log1p(arg(0)), Expr.tanh(arg(0)), Expr.sigmoid(arg(0)),
                Expr.pow(arg(0), 1.5f), Expr.pow(arg(0), -3), Elementwise.SOFTPLUS.function())) {
            assertSameBitsEverywhere(f, 20_011);
        }
    }

    @Test
    void randomExpressions() {
        SplittableRandom random = new SplittableRandom(77);
        for (int i = 0; i < 60; i++) {
            assertSameBitsEverywhere(RandomExpr.draw(random, 4, ARITY), 301);
        }
    }

    private static void assertSameBitsEverywhere(Expr f, int count) {
        Program program = Program.of(f);
        float[][] x = new float[ARITY][];
        Tensor[] args = new Tensor[ARITY];
        for (int a = 0; a < ARITY; a++) {
            x[a] = arguments(count, a);
            args[a] = Tensor.vector(x[a]);
        }
        List<float[]> results = new ArrayList<>();
        for (TestBackend backend : WIDTHS) {
            Tensor row = Tensor.zeros(count);
            backend.backend().elementwise(f, row, args);
            results.add(row.toArray());
            // Rows of 3 are shorter than any vector: all of this is scalar.
            int rows = count / 3;
            Tensor scalars = Tensor.zeros(rows, 3);
            Tensor[] cut = new Tensor[ARITY + 1];
            for (int a = 0; a < ARITY; a++) {
                cut[a] = args[a].rows(0, rows * 3).reshape(rows, 3);
            }
            // A row argument keeps the kernel from taking all rows as one.
            cut[ARITY] = Tensor.zeros(3);
            backend.backend().elementwise(f, scalars, cut);
            results.add(scalars.toArray());
        }
        for (int i = 0; i < count; i++) {
            int at = i;
            float expected = StepByStep.run(program, x[0][i], x[1][i], x[2][i]);
            for (int r = 0; r < results.size(); r++) {
                if (i < results.get(r).length) {
                    int which = r;
                    assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(results.get(r)[i]), () -> f + " of "
                            + x[0][at] + ", " + x[1][at] + ", " + x[2][at] + ": " + WIDTHS.get(which / 2)
                                    + (which % 2 == 0 ? "" : " in scalars")
                            + " gives " + results.get(which)[at] + ", step by step " + expected);
                }
            }
        }
    }

    // Special values against each other, then any bits, then numbers of everyday size.
    private static float[] arguments(int count, int which) {
        float[] special = {0f, -0f, 1f, -1f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE,
                -103.9f,
            Float.MIN_NORMAL, Float.MAX_VALUE, 88.7f, -87.5f, 0.625f, 1.4142135f};
        SplittableRandom random = new SplittableRandom(which);
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = i < 225 ? special[which == 0 ? i % 15 : which == 1 ? i / 15 : random.nextInt(15)]
                    : i % 2 == 0 ? Float.intBitsToFloat(random.nextInt()) : (float) random.nextDouble(-10, 10);
        }
        return x;
    }
}
