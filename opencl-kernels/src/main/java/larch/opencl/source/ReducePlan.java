package larch.opencl.source;

import larch.tensor.Axis;

/// How a fold of a matrix is cut into work-groups of [#GROUP] work-items; see [ReduceSource] for the kernel that follows it.
///
/// `kept` results are each a fold of `folded` elements. `lanes` work-items work on one result together, so a group has
/// `GROUP / lanes` results. Where there are few results, the folded extent is also cut into `chunks` of `chunk` elements;
/// then there are `chunks · kept` partial results, a matrix `[chunks,kept]` that [#second] folds over its rows.
///
/// The plan follows from the extents alone, so a fold has the same bits on every run and on every device.
///
/// @param axis   what is folded
/// @param kept   number of results
/// @param folded number of elements of each
/// @param lanes  a power of two, at most [#GROUP]
/// @param chunk  elements of a chunk
/// @param chunks number of chunks, at most [#MOST_CHUNKS]
public record ReducePlan(Axis axis, int kept, int folded, int lanes, int chunk, int chunks) {
    /// Work-items of a group: every device has as many but the smallest.
    public static final int GROUP = 256;
    /// Most chunks of a fold, so that few work-items can fold the partial results.
    public static final int MOST_CHUNKS = 256;

    /// Elements that a lane has to fold before another lane pays: the last of them wait for each other.
    private static final int LEAST_PER_LANE = 8;
    /// Results side by side in a group that folds rows: as many as make one memory transaction.
    private static final int COALESCED = 32;
    /// Groups that keep a large device busy.
    private static final int GROUPS_WANTED = 512;

    /// @param axis what is folded
    /// @param rows number of rows, at least 1
    /// @param cols number of columns, at least 1
    /// @return the plan
    public static ReducePlan of(Axis axis, int rows, int cols) {
        return switch (axis) {
            case ROWS -> of(axis, cols, rows, GROUP / Math.min(COALESCED, powerOfTwoFrom(cols)), MOST_CHUNKS);
            case COLUMNS -> of(axis, rows, cols, GROUP, MOST_CHUNKS);
            case ALL -> of(axis, 1, Math.multiplyExact(rows, cols), GROUP, MOST_CHUNKS);
        };
    }

    /// @return whether the first pass gives partial results
    public boolean hasTwoPasses() {
        return chunks > 1;
    }

    /// @return the fold of the partial results `[chunks,kept]` over their rows, in one pass
    public ReducePlan second() {
        return of(Axis.ROWS, kept, chunks, GROUP / Math.min(COALESCED, powerOfTwoFrom(kept)), 1);
    }

    /// @return work-items of the launch along its first dimension, in groups of [#GROUP]; the second has [#chunks]
    public long globalSize() {
        int perGroup = GROUP / lanes;
        return (long) ((kept + perGroup - 1) / perGroup) * GROUP;
    }

    private static ReducePlan of(Axis axis, int kept, int folded, int mostLanes, int mostChunks) {
        int lanes = Math.clamp(Integer.highestOneBit(Math.max(1, folded / LEAST_PER_LANE)), 1, mostLanes);
        int perGroup = GROUP / lanes;
        int groups = (kept + perGroup - 1) / perGroup;
        int wanted = Math.clamp(GROUPS_WANTED / groups, 1, mostChunks);
        int worthwhile = Math.max(1, folded / (2 * LEAST_PER_LANE * lanes));
        int chunk = (folded - 1) / Math.min(wanted, worthwhile) + 1;
        return new ReducePlan(axis, kept, folded, lanes, chunk, (folded - 1) / chunk + 1);
    }

    private static int powerOfTwoFrom(int n) {
        return n <= 1 ? 1 : Integer.highestOneBit(n - 1) << 1;
    }
}
