package larch.backend;

import larch.tensor.ShapeException;
import larch.tensor.Tensor;

/// A table that a program goes through row by row, one row in each of its runs: what differs from run to run, such as step
/// widths, is written down beforehand and read by [Backend#next], or is written by [Backend#append] and read when many runs are
/// done. So a program runs many times in a row ([larch.plan.Plan#run(int)]) and the host need not come in between.
///
/// The table lies anywhere; on a device the host reads or writes it at the price of one transfer for many runs. The position is
/// a number of the host. It is looked at and moved when a call runs, not when it is made, recorded or prepared; on a device that
/// is when the call is enqueued. Calls that share a series are run in their order, by one thread at a time.
public final class Series {
    private final Tensor table;
    private int position;

    /// A series at its first row.
    /// @param table `[rows, width]`
    /// @throws ShapeException if that is no matrix
    public Series(Tensor table) {
        if (table.rank() != 2) {
            throw new ShapeException("series: expected a table [rows,width]; got " + table.shape());
        }
        this.table = table;
    }

    /// @return `[rows, width]`
    public Tensor table() {
        return table;
    }

    /// @return how many rows there are
    public int rows() {
        return table.dim(0);
    }

    /// @return which row is next, from 0; [#rows] at the end
    public int position() {
        return position;
    }

    /// Moves to a row, for the runs to come.
    /// @param row which is to be next, from 0 to [#rows]
    /// @throws IllegalArgumentException if there is no such place
    public void moveTo(int row) {
        if (row < 0 || row > rows()) {
            throw new IllegalArgumentException("series: expected a position from 0 to " + rows() + "; got " + row);
        }
        position = row;
    }

    /// @param count how many rows a call is about to read or write
    /// @param call  the call, for the error
    /// @return the first of them
    int advance(int count, KernelCall call) {
        if (count > rows() - position) {
            throw new IllegalStateException(call + ": position " + position + (count == 1 ? "" : " and " + (count - 1) + " more")
                    + " is past the table's " + rows() + " rows; move the series back with moveTo(row), or give it more rows");
        }
        int first = position;
        position += count;
        return first;
    }
}
