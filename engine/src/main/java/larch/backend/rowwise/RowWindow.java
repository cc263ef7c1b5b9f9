package larch.backend.rowwise;

import larch.backend.Memory;
import larch.tensor.Buffer;

/// Memory of which a call touches, for row `i` of its result, the elements `data[at + i·step + j·unit]`, `j < cols`, and
/// nothing else.
///
/// @param data      the buffer
/// @param at        the first element of row 0
/// @param rows      number of rows
/// @param step      distance between rows
/// @param cols      number of columns
/// @param unit      distance between columns
/// @param isWritten whether the call writes them
record RowWindow(Buffer data, int at, int rows, int step, int cols, int unit, boolean isWritten) {
    /// @return the range that encloses all rows
    Memory memory() {
        return new Memory(data, at, rows == 0 || cols == 0 ? at : at + (rows - 1) * step + extent());
    }

    /// @return how far a row reaches, from its first element to the end of its last
    private int extent() {
        return (cols - 1) * unit + 1;
    }

    /// @param other a window of another call with as many rows
    /// @return whether no row of this meets another row of that: both lie in one matrix whose rows are `step` apart
    boolean keepsToRowsOf(RowWindow other) {
        int from = Math.min(at, other.at);
        int to = Math.max(at + extent(), other.at + other.extent());
        return step == other.step && to - from <= step || !memory().overlaps(other.memory());
    }

    /// @param other a window that this one keeps to the rows of
    /// @return whether the same row of both may share elements
    boolean meets(RowWindow other) {
        boolean areApart = at + extent() <= other.at || other.at + other.extent() <= at;
        return memory().overlaps(other.memory()) && !(step == other.step && areApart);
    }
}
