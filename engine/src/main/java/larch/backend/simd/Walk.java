package larch.backend.simd;

import larch.tensor.Broadcast;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// The rows and columns that a kernel walks, and where each argument starts.
///
/// Where no argument depends on the row alone or the column alone, all elements are one long row.
///
/// @param rows    number of rows
/// @param cols    number of columns
/// @param arrays  array of each argument
/// @param offsets index of each argument's first element
record Walk(int rows, int cols, float[][] arrays, int[] offsets) {
    static Walk of(Shape walked, Tensor[] args, Broadcast[] access) {
        float[][] arrays = new float[args.length][];
        int[] offsets = new int[args.length];
        boolean flat = true;
        for (int i = 0; i < args.length; i++) {
            arrays[i] = args[i].data();
            offsets[i] = args[i].offset();
            flat &= access[i] == Broadcast.FULL || access[i] == Broadcast.SCALAR;
        }
        return flat ? new Walk(1, walked.size(), arrays, offsets)
                : new Walk(walked.rows(), walked.cols(), arrays, offsets);
    }

    int[] offsetsAt(Broadcast[] access, int row, int col) {
        return offsetsAt(access, row, col, cols);
    }

    /// @param access  how each argument is read
    /// @param row     first row of a part
    /// @param col     first column of a part
    /// @param colStep distance between rows of a FULL argument
    /// @return where each argument starts for the part at that row and column
    int[] offsetsAt(Broadcast[] access, int row, int col, int colStep) {
        int[] at = offsets.clone();
        for (int i = 0; i < at.length; i++) {
            at[i] += switch (access[i]) {
                case FULL -> row * colStep + col;
                case ROW -> col;
                case COLUMN -> row;
                case SCALAR -> 0;
            };
        }
        return at;
    }
}
