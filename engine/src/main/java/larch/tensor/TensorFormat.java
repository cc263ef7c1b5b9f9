package larch.tensor;

import java.util.Locale;

/// Text of a tensor for people: `[2,3] {{1, 2, 3}, {4, 5, 6}}`, long axes cut in the middle.
final class TensorFormat {
    private static final int EDGE = 3;

    private TensorFormat() {
    }

    static String format(Tensor tensor) {
        StringBuilder text = new StringBuilder(tensor.shape().toString()).append(' ');
        append(text, tensor, tensor.toArray(), 0, 0, tensor.size());
        return text.toString();
    }

    private static void append(StringBuilder text, Tensor tensor, float[] elements, int axis, int at, int size) {
        if (axis == tensor.rank()) {
            text.append(number(elements[at]));
            return;
        }
        int extent = tensor.dim(axis);
        int stride = extent == 0 ? 0 : size / extent;
        text.append('{');
        for (int i = 0; i < extent; i++) {
            if (i > 0) {
                text.append(", ");
            }
            if (extent > 2 * EDGE && i == EDGE) {
                text.append("...");
                i = extent - EDGE - 1;
                continue;
            }
            append(text, tensor, elements, axis + 1, at + i * stride, stride);
        }
        text.append('}');
    }

    private static String number(float value) {
        return value == Math.rint(value) && Math.abs(value) < 1e6
                ? Integer.toString((int) value) : String.format(Locale.ROOT, "%.5g", value);
    }
}
