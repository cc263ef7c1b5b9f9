package larch.backend;

import java.util.ArrayList;
import java.util.List;
import larch.gemm.Gemm;
import larch.gemm.Operand;
import larch.gemm.Transpose;
import larch.tensor.Broadcast;
import larch.tensor.Buffer;
import larch.tensor.Tensor;

/// A range of a buffer that a kernel touches; strided accesses count as the range that encloses them.
///
/// @param data the buffer
/// @param from first element
/// @param to   one past the last element
public record Memory(Buffer data, int from, int to) {
    /// @param tensor any tensor
    /// @return its elements
    public static Memory of(Tensor tensor) {
        return new Memory(tensor.buffer(), tensor.offset(), tensor.offset() + tensor.size());
    }

    /// @param tensor a matrix
    /// @param step   distance between its rows
    static Memory rows(Tensor tensor, int step) {
        return strided(tensor.buffer(), tensor.offset(), tensor.dim(0), step, tensor.dim(1), 1);
    }

    static List<Memory> readBy(Gemm g) {
        List<Memory> read = new ArrayList<>();
        read.add(stored(g.a(), g.aOffset(), g.lda(), g.transA(), g.m(), g.k()));
        read.add(stored(g.b(), g.bOffset(), g.ldb(), g.transB(), g.k(), g.n()));
        if (g.beta() != 0) {
            read.add(writtenBy(g));
        }
        for (Operand operand : g.epilogue().operandList()) {
            boolean matrix = operand.access() == Broadcast.FULL;
            int rows = matrix || operand.access() == Broadcast.COLUMN ? g.m() : 1;
            int cols = matrix || operand.access() == Broadcast.ROW ? g.n() : 1;
            read.add(strided(operand.data(), operand.offset(), rows, matrix ? operand.ld() : 1, cols, 1));
        }
        return read;
    }

    private static Memory stored(Buffer data, int at, int ld, Transpose trans, int rows, int cols) {
        return trans.isTransposed() ? strided(data, at, cols, ld, rows, 1) : strided(data, at, rows, ld, cols, 1);
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

    private static Memory strided(Buffer data, int at, int rows, int step, int cols, int unit) {
        if (rows == 0 || cols == 0) {
            return new Memory(data, at, at);
        }
        return new Memory(data, at, at + (rows - 1) * step + (cols - 1) * unit + 1);
    }

    /// @return number of elements
    public int size() {
        return to - from;
    }

    /// @param other another range
    /// @return whether all of that lies in this
    public boolean encloses(Memory other) {
        return data.equals(other.data) && from <= other.from && other.to <= to;
    }

    /// @param other another range
    /// @return whether they share an element
    public boolean overlaps(Memory other) {
        return from < other.to && other.from < to && data.equals(other.data);
    }

    /// @param other another range
    /// @return whether both are the same elements
    public boolean isSame(Memory other) {
        return data.equals(other.data) && from == other.from && to == other.to;
    }
}
