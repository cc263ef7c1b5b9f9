package larch.optim;

import java.util.Arrays;
import larch.backend.RowSelection;

/// A set of row numbers in the order in which they were first seen; emptied in constant time.
final class DistinctRows implements RowSelection {
    private final int[] place;
    private final long[] seenIn;
    private int[] rows = new int[16];
    private int count;
    private long round;

    /// @param tableRows row numbers are below this
    DistinctRows(int tableRows) {
        place = new int[tableRows];
        seenIn = new long[tableRows];
    }

    void clear() {
        round++;
        count = 0;
    }

    /// @param row a row number
    /// @return its place in the set, which it enters if it is new
    int place(int row) {
        if (seenIn[row] != round) {
            seenIn[row] = round;
            place[row] = count;
            if (count == rows.length) {
                rows = Arrays.copyOf(rows, 2 * count);
            }
            rows[count++] = row;
        }
        return place[row];
    }

    @Override
    public int[] rows() {
        return rows;
    }

    @Override
    public int count() {
        return count;
    }
}
