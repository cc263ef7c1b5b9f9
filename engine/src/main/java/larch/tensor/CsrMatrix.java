package larch.tensor;

import java.util.Objects;

/// A constant sparse matrix in compressed sparse row form.
///
/// Row `r` holds the entries `rowPointers[r] … rowPointers[r+1]-1` of `columns` and `values`. Larch uses it for inputs
/// that are mostly zero (one-hot and multi-hot features); it never carries a gradient. A column may occur twice in a
/// row: the entries then add up.
///
/// @param rows        number of rows
/// @param cols        number of columns
/// @param rowPointers `rows + 1` indices, starting at 0, never falling
/// @param columns     column of each entry, in `[0, cols)`
/// @param values      value of each entry
public record CsrMatrix(int rows, int cols, int[] rowPointers, int[] columns, float[] values) {
    /// Checks the structure once, so that kernels need not.
    public CsrMatrix {
        Objects.requireNonNull(rowPointers, "rowPointers");
        Objects.requireNonNull(columns, "columns");
        Objects.requireNonNull(values, "values");
        if (rowPointers.length != rows + 1 || rowPointers[0] != 0 || columns.length != values.length
                || rowPointers[rows] > columns.length) {
            throw new ShapeException("csr: " + rows + " rows need " + (rows + 1) + " row pointers that start at 0 and end"
                    + " within " + columns.length + " columns and as many values; got " + rowPointers.length
                    + " pointers and " + values.length + " values");
        }
        for (int r = 0; r < rows; r++) {
            if (rowPointers[r + 1] < rowPointers[r]) {
                throw new ShapeException("csr: row pointer " + (r + 1) + " is smaller than the one before");
            }
        }
        for (int i = 0; i < rowPointers[rows]; i++) {
            if (columns[i] < 0 || columns[i] >= cols) {
                throw new ShapeException("csr: column " + columns[i] + " of entry " + i + " is outside [0," + cols + ")");
            }
        }
    }

    /// The rows of `this` at the given positions, in that order; a row may be taken more than once.
    /// @param rowIndices which rows
    /// @return a new matrix with `rowIndices.length` rows
    public CsrMatrix select(int... rowIndices) {
        int[] pointers = new int[rowIndices.length + 1];
        for (int i = 0; i < rowIndices.length; i++) {
            int r = Objects.checkIndex(rowIndices[i], rows);
            pointers[i + 1] = pointers[i] + rowPointers[r + 1] - rowPointers[r];
        }
        int[] selectedColumns = new int[pointers[rowIndices.length]];
        float[] selectedValues = new float[selectedColumns.length];
        for (int i = 0; i < rowIndices.length; i++) {
            int from = rowPointers[rowIndices[i]];
            System.arraycopy(columns, from, selectedColumns, pointers[i], pointers[i + 1] - pointers[i]);
            System.arraycopy(values, from, selectedValues, pointers[i], pointers[i + 1] - pointers[i]);
        }
        return new CsrMatrix(rowIndices.length, cols, pointers, selectedColumns, selectedValues);
    }

    /// @return the same numbers as a dense `[rows, cols]` tensor
    public Tensor toDense() {
        Tensor dense = Tensor.zeros(rows, cols);
        for (int r = 0; r < rows; r++) {
            for (int e = rowPointers[r]; e < rowPointers[r + 1]; e++) {
                dense.data()[r * cols + columns[e]] += values[e];
            }
        }
        return dense;
    }
}
