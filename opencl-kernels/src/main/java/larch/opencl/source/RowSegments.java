package larch.opencl.source;

import java.util.Arrays;

/// The positions of a list of row numbers, grouped by row: what `scatter_add_rows` of `cl/rows.cl` needs to add without
/// atomics.
///
/// ```text
/// indices 7 2 7 7 2   ->   targets 7 2,  starts 0 3 5,  order 0 2 3 | 1 4
/// ```
///
/// Segment `s` belongs to row `targets[s]` and holds the positions `order[starts[s]] … order[starts[s + 1] - 1]`, which
/// ascend: a stable counting sort by the place at which a row was first seen. It takes time proportional to the positions,
/// whatever the number of rows. An object can be used again and then allocates only if a list is longer than all before.
public final class RowSegments {
    /// Place of each row among the targets, valid if the row was seen in this round.
    private final int[] place;
    private final long[] seenIn;
    private long round;
    private int[] targets = {};
    private int[] starts = {0};
    private int[] order = {};
    private int[] next = {};
    private int count;

    /// @param tableRows row numbers are below this
    public RowSegments(int tableRows) {
        place = new int[tableRows];
        seenIn = new long[tableRows];
    }

    /// Groups a list; what was grouped before is gone.
    /// @param indices row numbers, each in `[0, tableRows)`
    /// @param length  how many of them
    public void group(int[] indices, int length) {
        reserve(length);
        round++;
        count = 0;
        for (int i = 0; i < length; i++) {
            int row = indices[i];
            if (seenIn[row] != round) {
                seenIn[row] = round;
                place[row] = count;
                targets[count] = row;
                next[count++] = 0;
            }
            next[place[row]]++;
        }
        for (int s = 0; s < count; s++) {
            starts[s + 1] = starts[s] + next[s];
            next[s] = starts[s];
        }
        for (int i = 0; i < length; i++) {
            order[next[place[indices[i]]]++] = i;
        }
    }

    private void reserve(int length) {
        if (length > order.length) {
            targets = new int[length];
            next = new int[length];
            order = new int[length];
            starts = Arrays.copyOf(starts, length + 1);
        }
    }

    /// @return the number of segments, which is the number of different rows
    public int count() {
        return count;
    }

    /// @return the row of each segment; the first [#count] elements
    public int[] targets() {
        return targets;
    }

    /// @return where in [#order] each segment begins and the last one ends; the first `count + 1` elements
    public int[] starts() {
        return starts;
    }

    /// @return the positions, segment after segment
    public int[] order() {
        return order;
    }
}
