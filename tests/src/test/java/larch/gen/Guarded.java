package larch.gen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import larch.random.Draws;
import larch.random.Rng;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// Tensors that start in the middle of an array whose other elements must not be touched.
public final class Guarded {
    private static final int BEFORE = 5;
    private static final int AFTER = 19;
    private static final float GUARD = -12345.5f;

    private Guarded() {
    }

    /// @param name names the numbers
    /// @param dims the extents
    /// @return numbers in [−4, 4] on a dyadic grid, at an offset
    public static Tensor random(String name, int... dims) {
        Draws draws = Rng.of(21).stream(name, Shape.of(dims).hashCode()).draws();
        Tensor tensor = filled(Float.NaN, dims);
        for (int i = 0; i < tensor.size(); i++) {
            tensor.data()[tensor.offset() + i] = (draws.nextInt(8193) - 4096) / 1024f;
        }
        return tensor;
    }

    /// @param value the value of every element
    /// @param dims  the extents
    /// @return a tensor at an offset
    public static Tensor filled(float value, int... dims) {
        Shape shape = Shape.of(dims);
        float[] array = new float[BEFORE + shape.size() + AFTER];
        Arrays.fill(array, GUARD);
        Arrays.fill(array, BEFORE, BEFORE + shape.size(), value);
        return Tensor.wrap(shape, array, BEFORE);
    }

    /// @param tensor made by this class
    /// @return the same numbers in another array at the same offset
    public static Tensor copy(Tensor tensor) {
        return Tensor.wrap(tensor.shape(), tensor.data().clone(), tensor.offset());
    }

    /// @param label  what was computed
    /// @param tensor made by this class; nothing around it may have changed
    public static void assertGuardsIntact(String label, Tensor tensor) {
        for (int i = 0; i < tensor.data().length; i++) {
            if (i < BEFORE || i >= BEFORE + tensor.size()) {
                assertEquals(GUARD, tensor.data()[i], () -> label + " wrote outside of its result");
            }
        }
    }
}
