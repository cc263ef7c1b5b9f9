package larch.expr;

import static larch.expr.Expr.arg;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import larch.gen.TestBackend;
import larch.op.Elementwise;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The error bounds that [Lowering] documents, on compiled kernels.
class LoweringAccuracyTest {
    /// A function with its documented error.
    ///
    /// @param f     as expression
    /// @param right in double
    /// @param ulps  documented bound
    record Case(Expr f, DoubleUnaryOperator right, double ulps) {
        @Override
        public String toString() {
            return f.toString();
        }
    }

    private static final TestBackend SIMD = TestBackend.simd(1, 512);

    static final List<Case> CASES = List.of(
            new Case(Expr.exp(arg(0)), Math::exp, 2),
            new Case(Expr.log(arg(0)), Math::log, 2),
            new Case(Expr.tanh(arg(0)), Math::tanh, 2),
            new Case(Expr.sigmoid(arg(0)), LoweringAccuracyTest::sigmoid, 2),
            new Case(Expr.log1p(arg(0)), Math::log1p, 3),
            new Case(Elementwise.SOFTPLUS.function(), x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), 3),
            new Case(Expr.pow(arg(0), 0.5f), Math::sqrt, 0.5),
            new Case(Expr.pow(arg(0), -1), x -> 1 / x, 0.5),
            new Case(Expr.pow(arg(0), 2), x -> x * x, 0.5),
            new Case(Expr.pow(arg(0), 3), x -> x * x * x, 3),
            new Case(Expr.pow(arg(0), 7), x -> Math.pow(x, 7), 7));

    private static double sigmoid(double x) {
        return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
    }

    @AfterAll
    static void close() {
        SIMD.close();
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void onAStrideThroughAllFloats(Case c) {
        assertWithinBound(c, UlpSweep.sweep(SIMD.backend(), c.f, c.right, 1009));
    }

    @Tag("slow")
    @ParameterizedTest
    @FieldSource("CASES")
    void onEveryFloat(Case c) {
        assertWithinBound(c, UlpSweep.sweep(SIMD.backend(), c.f, c.right, 1));
    }

    // Where a function saturates, underflows, switches branches, or has a zero or a pole.
    @ParameterizedTest
    @FieldSource("CASES")
    void aroundEveryThreshold(Case c) {
        float[] points = {0f, Float.MIN_NORMAL, 0.5f, 0.625f, (float) Math.sqrt(0.5), 1f, (float) Math.sqrt(2), 2f,
                0.34657359f,
            16.635532f, 17.328680f, 87.33655f, 88.02969f, 88.72284f, 89f, 103.27893f, 103.97208f, 104f, 0x1p-24f, 0x1p23f,
            0x1p24f, 0x1p127f, Float.MAX_VALUE, Float.POSITIVE_INFINITY};
        List<Float> values = new ArrayList<>();
        for (float point : points) {
            int bits = Float.floatToRawIntBits(point);
            for (int near = Math.max(0, bits - 500); near <= bits + 500; near++) {
                values.add(Float.intBitsToFloat(near));
                values.add(Float.intBitsToFloat(near | 0x8000_0000));
            }
        }
        Tensor x = Tensor.zeros(values.size());
        for (int i = 0; i < x.size(); i++) {
            x.data()[i] = values.get(i);
        }
        assertWithinBound(c, UlpSweep.worst(SIMD.backend(), c.f, c.right, x));
    }

    private static void assertWithinBound(Case c, UlpSweep.Worst worst) {
        assertTrue(worst.ulps() <= c.ulps, () -> c.f + ": " + worst + "; allowed " + c.ulps);
    }

    // exp(p · log x): the error of the logarithm grows with the exponent of the result.
    @ParameterizedTest
    @ValueSource(floats = {-3.25f, -0.5f, 0.125f, 1.5f, 100.5f})
    void fractionalPowersLoseWhatTheirLogarithmIsLarge(float p) {
        int step = 10_007;
        Tensor x = Tensor.zeros(0x7f80_0000 / step);
        Tensor y = Tensor.zeros(x.shape());
        for (int i = 0; i < x.size(); i++) {
            x.data()[i] = Float.intBitsToFloat(i * step);
        }
        SIMD.backend().elementwise(Expr.pow(arg(0), p), y, x);
        for (int i = 0; i < x.size(); i++) {
            float base = x.data()[i];
            double allowed = 2 + 2 * Math.abs(p * Math.log(base));
            double error = UlpSweep.ulps(y.data()[i], Math.pow(base, p));
            assertTrue(base == 0 || error <= allowed,
                    () -> base + " to the power " + p + ": " + error + " ulp; allowed " + allowed);
        }
    }
}
