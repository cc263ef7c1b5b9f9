package larch.opencl.gemm;

import org.jocl.cl_mem;

/// A matrix in a buffer of floats: element (i, j) is `buffer[offset + i · rowStride + j · colStride]`.
/// @param buffer the buffer; may be null if the matrix has no elements
/// @param offset index of the first element
/// @param rowStride distance of rows in floats; may be 0 or negative where the matrix is only read
/// @param colStride distance of columns in floats, likewise
public record DeviceMatrix(cl_mem buffer, int offset, int rowStride, int colStride) {
    /// @param buffer the buffer
    /// @param cols columns
    /// @return the row-major matrix without gaps that begins where the buffer begins
    public static DeviceMatrix of(cl_mem buffer, int cols) {
        return new DeviceMatrix(buffer, 0, cols, 1);
    }

    /// @return this matrix transposed
    public DeviceMatrix transposed() {
        return new DeviceMatrix(buffer, offset, colStride, rowStride);
    }

    /// @param rows rows
    /// @param cols columns
    /// @return whether the elements fill a buffer from its beginning, row by row
    boolean isWhole(int rows, int cols) {
        return offset == 0 && (rowStride == cols || rows == 1) && (colStride == 1 || cols == 1);
    }

    /// Checks that all indexes fit an `int` of OpenCL C.
    void require(String name, int rows, int cols) {
        if (rows == 0 || cols == 0) {
            return;
        }
        long down = (rows - 1L) * rowStride;
        long across = (cols - 1L) * colStride;
        long first = offset + Math.min(down, 0) + Math.min(across, 0);
        long last = offset + Math.max(down, 0) + Math.max(across, 0);
        if (buffer == null || first < 0 || last >= Integer.MAX_VALUE) {
            throw new IllegalArgumentException("gemm: " + name + " " + rows + "x" + cols + " must lie in a buffer at "
                    + "indexes from 0 to 2^31 - 2; got " + (buffer == null ? "no buffer" : first + " to " + last));
        }
    }
}
