package larch.gen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import larch.tensor.Tensor;

/// Error bounds of float arithmetic, after N. J. Higham, "Accuracy and Stability of Numerical Algorithms".
public final class Bounds {
    /// Unit roundoff of float: half a unit in the last place of 1.
    public static final double U = 0x1p-24;

    private Bounds() {
    }

    /// @param n number of roundings
    /// @return `γ_n = n·u/(1 − n·u)`: what n roundings can make of a relative error
    public static double gamma(int n) {
        return n * U / (1 - n * U);
    }

    /// A bound for one element.
    @FunctionalInterface
    public interface Bound {
        /// @param i which element
        /// @return the largest error allowed there
        double at(int i);
    }

    /// @param label    what was computed
    /// @param expected right
    /// @param actual   to be judged
    /// @param bound    allowed difference of each element; NaN must meet NaN and infinity itself
    public static void assertWithin(String label, Tensor expected, Tensor actual, Bound bound) {
        assertEquals(expected.shape(), actual.shape(), label);
        for (int i = 0; i < expected.size(); i++) {
            float e = expected.data()[expected.offset() + i];
            float a = actual.data()[actual.offset() + i];
            boolean same = Float.compare(e, a) == 0 || e == a;
            if (!same && !(Math.abs((double) e - a) <= bound.at(i))) {
                fail(label + ": element " + i + " of " + expected.shape() + " is " + a + ", expected " + e + " ± "
                        + bound.at(i));
            }
        }
    }

    /// @param label    what was computed
    /// @param expected right
    /// @param actual   must have the same bits; NaN meets any NaN
    public static void assertSameBits(String label, Tensor expected, Tensor actual) {
        assertEquals(expected.shape(), actual.shape(), label);
        for (int i = 0; i < expected.size(); i++) {
            float e = expected.data()[expected.offset() + i];
            float a = actual.data()[actual.offset() + i];
            if (Float.floatToIntBits(e) != Float.floatToIntBits(a)) {
                fail(label + ": element " + i + " of " + expected.shape() + " is " + a + ", expected the bits of " + e);
            }
        }
    }

    /// @param tensor numbers
    /// @return the largest magnitude; 0 for none, NaN ignored
    public static double largest(Tensor tensor) {
        double largest = 0;
        for (float value : tensor.toArray()) {
            largest = Float.isNaN(value) ? largest : Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
