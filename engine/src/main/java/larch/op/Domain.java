package larch.op;

import larch.random.Draws;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// Where the arguments of an op may be drawn from when its values and gradients are checked.
///
/// All samples are multiples of 2⁻¹⁰, so that `x ± h·u` of a central difference is exact in float.
///
/// @param low      smallest value
/// @param high     largest value
/// @param gap      samples keep at least this distance from every kink; 0 for none
/// @param distinct whether samples must differ from each other, and from those of other arguments with another phase
/// @param phase    shift of distinct samples, as a multiple of 1/16
/// @param kinks    points where the derivative jumps
public record Domain(float low, float high, float gap, boolean distinct, int phase, float... kinks) {
    private static final int GRID = 1 << 10;
    private static final float SPACING = 1 / 8f;

    /// Any number; samples lie in [−4, 4].
    public static final Domain ALL = new Domain(-4, 4, 0, false, 0);
    /// Positive numbers, well away from 0.
    public static final Domain POSITIVE = new Domain(0.5f, 4, 0, false, 0);
    /// Numbers well away from 0, for divisors and kinks there.
    public static final Domain NONZERO = awayFrom(0);
    /// Probabilities.
    public static final Domain UNIT = new Domain(0, 1, 0, false, 0);
    /// Numbers that differ by at least 1/8, for maxima.
    public static final Domain DISTINCT = distinct(0);

    /// @param kinks points where the derivative jumps
    /// @return any number well away from those
    public static Domain awayFrom(float... kinks) {
        return new Domain(-4, 4, 0.25f, false, 0, kinks);
    }

    /// @param phase samples of two arguments with phases 0 and 1 differ by at least 1/16
    /// @return numbers that differ from each other
    public static Domain distinct(int phase) {
        return new Domain(-4, 4, 0, true, phase);
    }

    /// @param shape the shape
    /// @param draws where randomness comes from
    /// @return a random tensor of this domain
    public Tensor sample(Shape shape, Draws draws) {
        Tensor tensor = Tensor.zeros(shape);
        if (distinct) {
            int[] order = new int[tensor.size()];
            for (int i = 0; i < order.length; i++) {
                order[i] = i;
            }
            draws.shuffle(order, 0, order.length);
            for (int i = 0; i < order.length; i++) {
                tensor.data()[i] = (order[i] - order.length / 2) * SPACING + phase / 16f;
            }
            return tensor;
        }
        for (int i = 0; i < tensor.size(); i++) {
            tensor.data()[i] = sample(draws);
        }
        return tensor;
    }

    private float sample(Draws draws) {
        int steps = Math.round((high - low) * GRID);
        float value;
        do {
            value = low + draws.nextInt(steps + 1) / (float) GRID;
        } while (nearKink(value));
        return value;
    }

    private boolean nearKink(float value) {
        for (float kink : kinks) {
            if (Math.abs(value - kink) < gap) {
                return true;
            }
        }
        return false;
    }
}
