package larch.opencl.gemm;

import larch.opencl.runtime.DeviceMemory;

/// A matrix in memory of floats: element (i, j) is `memory[offset + i · rowStride + j · colStride]`.
/// @param memory the memory; may be null if the matrix has no elements
/// @param offset index of the first element
/// @param rowStride distance of rows in floats; may be 0 or negative where the matrix is only read
/// @param colStride distance of columns in floats, likewise
public record DeviceMatrix(DeviceMemory memory, int offset, int rowStride, int colStride) {
    /// @param memory the memory
    /// @param cols columns
    /// @return the row-major matrix without gaps that begins where the memory begins
    public static DeviceMatrix of(DeviceMemory memory, int cols) {
        return new DeviceMatrix(memory, 0, cols, 1);
    }

    /// @return this matrix transposed
    public DeviceMatrix transposed() {
        return new DeviceMatrix(memory, offset, colStride, rowStride);
    }

    /// @return whether neighbours in memory are neighbours in a column, as in Xᵀ of a row-major X
    boolean isTransposed() {
        return Math.abs(rowStride) < Math.abs(colStride);
    }

    /// @param rows rows
    /// @param cols columns
    /// @return whether the elements fill the memory from its beginning, row by row
    boolean isWhole(int rows, int cols) {
        return offset == 0 && (rowStride == cols || rows == 1) && (colStride == 1 || cols == 1);
    }

    /// @param rows rows
    /// @param cols columns
    /// @return whether the indexes of so many elements fit an `int` of OpenCL C
    static boolean fitsInt(int rows, int cols) {
        return (long) rows * cols < Integer.MAX_VALUE;
    }

    /// Checks that all elements lie in the memory, and their indexes fit an `int` of OpenCL C.
    void require(String name, int rows, int cols) {
        if (rows == 0 || cols == 0) {
            return;
        }
        long down = (rows - 1L) * rowStride;
        long across = (cols - 1L) * colStride;
        long first = offset + Math.min(down, 0) + Math.min(across, 0);
        long last = offset + Math.max(down, 0) + Math.max(across, 0);
        if (memory == null) {
            throw new IllegalArgumentException("gemm: " + name + " " + rows + "x" + cols + " must have memory; got none");
        }
        long most = Math.min(memory.bytes() / Float.BYTES, Integer.MAX_VALUE) - 1;
        if (first < 0 || last > most) {
            throw new IllegalArgumentException("gemm: " + name + " " + rows + "x" + cols + " must lie at indexes from 0 to "
                    + most + " of its memory; got " + first + " to " + last);
        }
    }
}
