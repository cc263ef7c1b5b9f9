package larch.fncf.attack;

import larch.backend.Backend;
import larch.tensor.Tensor;

/// The smallest and the largest value that each feature column may take.
///
/// @param lower one value for each column
/// @param upper one value for each column, above `lower`
public record Box(Tensor lower, Tensor upper) {
    /// Checks the bounds.
    public Box {
        if (lower.rank() != 1 || !lower.shape().equals(upper.shape())) {
            throw new IllegalArgumentException("box: expected one lower and one upper bound for each column, [width] and "
                    + "[width]; got " + lower.shape() + " and " + upper.shape());
        }
        float[] from = lower.toArray();
        float[] to = upper.toArray();
        for (int j = 0; j < from.length; j++) {
            if (!(from[j] < to[j])) {
                throw new IllegalArgumentException("box: expected lower < upper in column " + j + "; got " + from[j] + " and "
                        + to[j]);
            }
        }
    }

    /// @param backend the kernels
    /// @return the same bounds where kernels of that backend read them
    Box placed(Backend backend) {
        return new Box(backend.place(lower), backend.place(upper));
    }

    /// @param width number of columns
    /// @return [0, 1] in every column
    public static Box unit(int width) {
        return new Box(Tensor.zeros(width), Tensor.full(1, width));
    }

    /// @param width number of columns
    /// @return no bounds in any column
    public static Box unbounded(int width) {
        return new Box(Tensor.full(Float.NEGATIVE_INFINITY, width), Tensor.full(Float.POSITIVE_INFINITY, width));
    }

    /// @return the number of columns
    public int width() {
        return lower.size();
    }
}
