package larch.backend;

import java.util.List;
import larch.gemm.Gemm;
import larch.tensor.Tensor;

/// A range of an array that a kernel touches; strided accesses count as the range that encloses them.
///
/// @param data the array
/// @param from first element
/// @param to   one past the last element
public record Memory(float[] data, int from, int to) {
    /// @param tensor any tensor
    /// @return its elements
    public static Memory of(Tensor tensor) {
        return new Memory(tensor.data(), tensor.offset(), tensor.offset() + tensor.size());
    }

    static List<Memory> readBy(Gemm g) {
        return List.of();
    }

    static Memory writtenBy(Gemm g) {
        return strided(g.c(), g.cOffset(), g.m(), g.ldc(), g.n(), 1);
    }

    static Memory readBy(Block b) {
        return strided(b.from(), b.fromAt(), b.rows(), b.fromStep(), b.cols(), b.fromUnit());
    }

    static Memory writtenBy(Block b) {
        return strided(b.to(), b.toAt(), b.rows(), b.toStep(), b.cols(), b.toUnit());
    }

    private static Memory strided(float[] data, int at, int rows, int step, int cols, int unit) {
        if (rows == 0 || cols == 0) {
            return new Memory(data, at, at);
        }
        return new Memory(data, at, at + (rows - 1) * step + (cols - 1) * unit + 1);
    }

    /// @param other another range
    /// @return whether they share an element
    public boolean overlaps(Memory other) {
        return data == other.data && from < other.to && other.from < to;
    }

    /// @param other another range
    /// @return whether both are the same elements
    public boolean isSame(Memory other) {
        return data == other.data && from == other.from && to == other.to;
    }
}
