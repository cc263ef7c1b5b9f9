package larch.tensor;

import java.util.Arrays;

/// How an argument is read when an element-wise kernel walks the rows and columns of its result.
///
/// A result of any rank is walked as a matrix: its last axis is the columns, all others together are the rows.
public enum Broadcast {
    /// One value for each element: the argument has the result's shape.
    FULL,
    /// One value for each column: shape `[n]`, or leading extents of 1.
    ROW,
    /// One value for each row: the result's shape with a last extent of 1.
    COLUMN,
    /// One value for all: size 1.
    SCALAR;

    /// @param op     the operation, for the error
    /// @param shapes the arguments' shapes
    /// @return the smallest shape that every argument broadcasts to
    public static Shape resultShape(String op, Shape... shapes) {
        int rank = 0;
        for (Shape shape : shapes) {
            rank = Math.max(rank, shape.rank());
        }
        int[] dims = new int[rank];
        Arrays.fill(dims, 1);
        for (Shape shape : shapes) {
            for (int axis = -1; axis >= -shape.rank(); axis--) {
                int extent = shape.dim(axis);
                int at = rank + axis;
                if (dims[at] == 1) {
                    dims[at] = extent;
                } else if (extent != 1 && extent != dims[at]) {
                    throw mismatch(op, shapes);
                }
            }
        }
        Shape result = Shape.of(dims);
        for (Shape shape : shapes) {
            if (of(result, shape) == null) {
                throw mismatch(op, shapes);
            }
        }
        return result;
    }

    /// @param result the shape walked
    /// @param shape  the argument's shape
    /// @return how the argument is read; null if it does not broadcast to the result
    public static Broadcast of(Shape result, Shape shape) {
        if (shape.equals(result)) {
            return FULL;
        }
        if (shape.rank() > result.rank()) {
            return null;
        }
        if (shape.size() == 1) {
            return SCALAR;
        }
        if (shape.rows() == 1 && shape.cols() == result.cols()) {
            return ROW;
        }
        boolean column = shape.rank() == result.rank() && shape.cols() == 1;
        for (int axis = 0; column && axis < shape.rank() - 1; axis++) {
            column = shape.dim(axis) == result.dim(axis);
        }
        return column ? COLUMN : null;
    }

    private static ShapeException mismatch(String op, Shape... shapes) {
        StringBuilder got = new StringBuilder();
        for (Shape shape : shapes) {
            got.append(' ').append(shape);
        }
        return new ShapeException(op + ": arguments must have one shape, or broadcast to it as a row [n], a column [m,1]"
                + " or a scalar []; got" + got + "; reshape the smaller argument");
    }
}
