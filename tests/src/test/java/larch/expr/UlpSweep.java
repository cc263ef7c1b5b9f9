package larch.expr;

import java.util.Comparator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.LongStream;
import larch.backend.Backend;
import larch.tensor.Tensor;

/// Runs a compiled function over float bit patterns and finds where it errs most.
final class UlpSweep {
    private static final int BATCH = 1 << 16;
    private static final long PATTERNS = 1L << 32;

    /// The largest error met.
    ///
    /// @param ulps  error in units in the last place of the right result; infinite for a NaN where none belongs
    /// @param x     argument
    /// @param got   result
    /// @param right result in double
    record Worst(double ulps, float x, float got, double right) {
        static final Worst NONE = new Worst(0, 0, 0, 0);

        @Override
        public String toString() {
            return "%.3f ulp at x = %s (bits %08x): got %s, right is %s".formatted(ulps, x, Float.floatToRawIntBits(x),
                    got, right);
        }
    }

    private UlpSweep() {
    }

    /// @param backend what compiles and runs the function
    /// @param f       a function of one argument
    /// @param right   the same in double, to an ulp of double
    /// @param stride  take every so many-th of the 2³² bit patterns
    /// @return the largest error
    static Worst sweep(Backend backend, Expr f, DoubleUnaryOperator right, long stride) {
        long samples = (PATTERNS + stride - 1) / stride;
        return LongStream.range(0, (samples + BATCH - 1) / BATCH).parallel().mapToObj(batch -> {
            int count = (int) Math.min(BATCH, samples - batch * BATCH);
            Tensor x = Tensor.zeros(count);
            for (int i = 0; i < count; i++) {
                x.data()[i] = Float.intBitsToFloat((int) ((batch * BATCH + i) * stride));
            }
            return worst(backend, f, right, x);
        }).max(Comparator.comparingDouble(Worst::ulps)).orElse(Worst.NONE);
    }

    /// @param backend what compiles and runs the function
    /// @param f       a function of one argument
    /// @param right   the same in double
    /// @param x       arguments
    /// @return the largest error
    static Worst worst(Backend backend, Expr f, DoubleUnaryOperator right, Tensor x) {
        Tensor y = Tensor.zeros(x.shape());
        backend.elementwise(f, y, x);
        Worst worst = Worst.NONE;
        for (int i = 0; i < x.size(); i++) {
            double expected = right.applyAsDouble(x.data()[i]);
            double error = ulps(y.data()[i], expected);
            if (error > worst.ulps) {
                worst = new Worst(error, x.data()[i], y.data()[i], expected);
            }
        }
        return worst;
    }

    // An ulp is measured in the binade of the right result; infinity counts as 2¹²⁸, the number after the largest.
    static double ulps(float got, double right) {
        if (Float.isNaN(got) || Double.isNaN(right)) {
            return Float.isNaN(got) && Double.isNaN(right) ? 0 : Double.POSITIVE_INFINITY;
        }
        double clamped = Math.clamp(right, -0x1p128, 0x1p128);
        double value = Float.isInfinite(got) ? Math.copySign(0x1p128, got) : got;
        int exponent = Math.clamp(Math.getExponent(clamped), Float.MIN_EXPONENT, Float.MAX_EXPONENT);
        return Math.abs(value - clamped) / Math.scalb(1.0, exponent - 23);
    }
}
