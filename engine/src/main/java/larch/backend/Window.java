package larch.backend;

import larch.gemm.Gemm;
import larch.gemm.Operand;
import larch.gemm.Transpose;
import larch.tensor.Broadcast;
import larch.tensor.Buffer;
import larch.tensor.Tensor;

/// The elements `data[at + i·step + j·unit]` for `i < rows`, `j < cols`: exactly those, where [Memory] is a range that
/// encloses them.
///
/// @param data the buffer
/// @param at   the first element
/// @param rows number of rows
/// @param step distance between rows
/// @param cols number of columns
/// @param unit distance between columns
record Window(Buffer data, int at, int rows, int step, int cols, int unit) {
    static Window of(Tensor tensor) {
        return new Window(tensor.buffer(), tensor.offset(), 1, tensor.size(), tensor.size(), 1);
    }

    static Window ofA(Gemm g) {
        return stored(g.a(), g.aOffset(), g.lda(), g.transA(), g.m(), g.k());
    }

    static Window ofB(Gemm g) {
        return stored(g.b(), g.bOffset(), g.ldb(), g.transB(), g.k(), g.n());
    }

    static Window ofC(Gemm g) {
        return new Window(g.c(), g.cOffset(), g.m(), g.ldc(), g.n(), 1);
    }

    private static Window stored(Buffer data, int at, int ld, Transpose trans, int rows, int cols) {
        return trans.isTransposed() ? new Window(data, at, cols, ld, rows, 1) : new Window(data, at, rows, ld, cols, 1);
    }

    /// @param operand what an epilogue reads beside a matrix m×n
    static Window of(Operand operand, int m, int n) {
        int rows = operand.access() == Broadcast.FULL ? m : 1;
        int cols = switch (operand.access()) {
            case FULL, ROW -> n;
            case COLUMN -> m;
            case SCALAR -> 1;
        };
        return new Window(operand.data(), operand.offset(), rows, operand.ld(), cols, 1);
    }

    static Window readBy(Block b) {
        return new Window(b.from(), b.fromAt(), b.rows(), b.fromStep(), b.cols(), b.fromUnit());
    }

    static Window writtenBy(Block b) {
        return new Window(b.to(), b.toAt(), b.rows(), b.toStep(), b.cols(), b.toUnit());
    }

    /// Windows of two buffers or of ranges apart cost two comparisons; others, one division for each run of neighbouring
    /// elements.
    /// @param other another window
    /// @return whether they share an element
    boolean meets(Window other) {
        if (isEmpty() || other.isEmpty() || at > other.last() || other.at > last() || !data.equals(other.data)) {
            return false;
        }
        Window x = alongRows();
        Window y = other.alongRows();
        return x.runs() <= y.runs() ? y.meetsARunOf(x) : x.meetsARunOf(y);
    }

    private boolean isEmpty() {
        return rows == 0 || cols == 0;
    }

    private int last() {
        return at + (rows - 1) * step + (cols - 1) * unit;
    }

    /// @return the same elements with the shorter distance between columns, 1 if there is a choice
    private Window alongRows() {
        int distinctRows = step == 0 ? 1 : rows;
        int distinctCols = unit == 0 ? 1 : cols;
        if (distinctCols == 1 || distinctRows > 1 && step < unit) {
            return new Window(data, at, distinctCols, distinctCols == 1 ? 1 : unit, distinctRows, distinctRows == 1 ? 1 : step);
        }
        return new Window(data, at, distinctRows, distinctRows == 1 ? 1 : step, distinctCols, unit);
    }

    /// @return number of stretches of neighbouring elements
    private int runs() {
        return unit == 1 ? rows : rows * cols;
    }

    private boolean meetsARunOf(Window other) {
        int length = other.unit == 1 ? other.cols : 1;
        for (int i = 0; i < other.rows; i++) {
            for (int j = 0; j < other.cols; j += length) {
                int from = other.at + i * other.step + j * other.unit;
                if (meetsRange(from, from + length - 1)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// @return whether an element lies in `[from, to]`
    private boolean meetsRange(int from, int to) {
        // Rows that begin at `to` or before and end at `from` or later.
        int firstRow = Math.max(0, Math.ceilDiv(from - (cols - 1) * unit - at, step));
        int lastRow = Math.min(rows - 1, Math.floorDiv(to - at, step));
        for (int i = firstRow; i <= lastRow; i++) {
            int row = at + i * step;
            int column = Math.max(0, Math.ceilDiv(from - row, unit));
            if (column < cols && row + column * unit <= to) {
                return true;
            }
        }
        return false;
    }
}
