package larch.tensor;

/// What a reduction runs over. A tensor is seen as a matrix: its last axis is the columns, all others are the rows.
public enum Axis {
    /// Over the rows: one result for each column, `[m,n] → [n]`.
    ROWS,
    /// Over the columns: one result for each row, `[m,n] → [m,1]`, so that it broadcasts back against `[m,n]`.
    COLUMNS,
    /// Over all elements: one scalar, `[m,n] → []`.
    ALL;

    /// @param shape the shape reduced
    /// @return the shape of the result
    public Shape reduce(Shape shape) {
        return switch (this) {
            case ROWS -> Shape.of(shape.cols());
            case COLUMNS -> {
                int[] dims = shape.rank() == 0 ? new int[] {1} : shape.dims();
                dims[dims.length - 1] = 1;
                yield Shape.of(dims);
            }
            case ALL -> Shape.SCALAR;
        };
    }
}
