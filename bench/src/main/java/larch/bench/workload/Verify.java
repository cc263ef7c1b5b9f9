package larch.bench.workload;

import larch.tensor.Tensor;

/// Refuses results that are wrong: the time of a wrong result is worth nothing.
final class Verify {
    private Verify() {
    }

    /// Compares every element.
    /// @param what      the row, for the message
    /// @param expected  right values
    /// @param actual    measured values
    /// @param tolerance of each element, relative to the larger of 1 and the right value
    static void close(String what, Tensor expected, Tensor actual, double tolerance) {
        holds(expected.shape().equals(actual.shape()), what, "expected the shape " + expected.shape() + ", got " + actual.shape());
        float[] right = expected.toArray();
        float[] got = actual.toArray();
        for (int i = 0; i < expected.size(); i++) {
            close(what + ", element " + i, right[i], got[i], tolerance);
        }
    }

    /// Compares two numbers.
    /// @param what      the row, for the message
    /// @param expected  the right value
    /// @param actual    the measured value
    /// @param tolerance relative to the larger of 1 and the right value
    static void close(String what, double expected, double actual, double tolerance) {
        double allowed = tolerance * Math.max(1, Math.abs(expected));
        holds(Math.abs(actual - expected) <= allowed, what, "expected " + expected + " ± " + allowed + ", got " + actual);
    }

    /// @param condition must hold
    /// @param what      the row, for the message
    /// @param why       what was expected and what was found
    static void holds(boolean condition, String what, String why) {
        if (!condition) {
            throw new IllegalStateException(what + ": the result is wrong and no time is worth reporting: " + why);
        }
    }
}
