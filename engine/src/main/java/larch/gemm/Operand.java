package larch.gemm;

import larch.tensor.Broadcast;
import larch.tensor.Buffer;
import larch.tensor.HostBuffer;

/// Memory that an [Epilogue] reads beside the finished elements of C.
///
/// | access | the value beside `C(i, j)` | |
/// |---|---|---|
/// | FULL | `data[offset + i·ld + j]` | a matrix m×n, such as noise or the activations that a mask is made of |
/// | ROW | `data[offset + j]` | one value for each column, such as a bias |
/// | COLUMN | `data[offset + i]` | one value for each row |
/// | SCALAR | `data[offset]` | one value |
///
/// @param access how it is read
/// @param data   the memory; not modified
/// @param offset index of its first element
/// @param ld     leading dimension of a FULL operand; 0 for the others
public record Operand(Broadcast access, Buffer data, int offset, int ld) {
    /// Checks that a leading dimension is given where it has a meaning, and only there.
    public Operand {
        if (access == Broadcast.FULL ? ld < 1 : ld != 0) {
            throw new IllegalArgumentException("gemm: the leading dimension of a " + access + " operand must be "
                    + (access == Broadcast.FULL ? ">= 1" : "0") + "; got " + ld);
        }
    }

    /// @param data   array of a matrix m×n
    /// @param offset index of its first element
    /// @param ld     distance between the starts of two rows
    /// @return the operand
    public static Operand full(float[] data, int offset, int ld) {
        return new Operand(Broadcast.FULL, new HostBuffer(data), offset, ld);
    }

    /// @param data   array of n values
    /// @param offset index of the first one
    /// @return the operand
    public static Operand row(float[] data, int offset) {
        return new Operand(Broadcast.ROW, new HostBuffer(data), offset, 0);
    }

    /// @param data   array of m values
    /// @param offset index of the first one
    /// @return the operand
    public static Operand column(float[] data, int offset) {
        return new Operand(Broadcast.COLUMN, new HostBuffer(data), offset, 0);
    }

    /// @param data   array of one value
    /// @param offset its index
    /// @return the operand
    public static Operand scalar(float[] data, int offset) {
        return new Operand(Broadcast.SCALAR, new HostBuffer(data), offset, 0);
    }

    /// @return distance between the values of two rows of C
    int rowStride() {
        return switch (access) {
            case FULL -> ld;
            case COLUMN -> 1;
            case ROW, SCALAR -> 0;
        };
    }

    /// @return distance between the values of two columns of C
    int colStride() {
        return access == Broadcast.FULL || access == Broadcast.ROW ? 1 : 0;
    }
}
