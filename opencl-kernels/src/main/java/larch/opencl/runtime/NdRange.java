package larch.opencl.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// How many work-items run a kernel, and in which groups, in one to three dimensions; immutable.
public final class NdRange {
    private final long[] global;
    private final long[] local;

    private NdRange(long[] global, long[] local) {
        this.global = global;
        this.local = local;
    }

    /// @param global work-items in each dimension
    /// @param local work-items of a group in each dimension; each must divide its `global` (OpenCL 1.2 has no
    ///     smaller groups at the border)
    /// @return the range
    /// @throws IllegalArgumentException if the numbers do not fit each other
    public static NdRange of(long[] global, long[] local) {
        var range = new NdRange(global.clone(), local.clone());
        boolean fits = global.length == local.length && global.length >= 1 && global.length <= 3;
        for (int d = 0; fits && d < global.length; d++) {
            fits = global[d] > 0 && local[d] > 0 && global[d] % local[d] == 0;
        }
        if (!fits) {
            throw new IllegalArgumentException("opencl range: expected one to three positive sizes and as many group "
                    + "sizes that divide them, got " + range);
        }
        return range;
    }

    /// @param items how many work-items are needed, at least 1
    /// @param group work-items of a group
    /// @return the range of whole groups that covers them; the kernel must guard against those beyond
    public static NdRange covering(long items, long group) {
        return of(new long[] {roundUp(items, group)}, new long[] {group});
    }

    /// @param columns how many work-items are needed in dimension 0, whose neighbours share memory transactions
    /// @param rows how many are needed in dimension 1
    /// @param groupColumns columns of a group
    /// @param groupRows rows of a group
    /// @return the range of whole groups that covers them; the kernel must guard against those beyond
    public static NdRange covering(long columns, long rows, long groupColumns, long groupRows) {
        return of(new long[] {roundUp(columns, groupColumns), roundUp(rows, groupRows)},
                new long[] {groupColumns, groupRows});
    }

    private static long roundUp(long items, long group) {
        return group <= 0 ? items : (items + group - 1) / group * group;
    }

    int dimensions() {
        return global.length;
    }

    /// Not to be written.
    long[] global() {
        return global;
    }

    /// Not to be written.
    long[] local() {
        return local;
    }

    /// @return work-items of a group, in all dimensions together
    long groupSize() {
        return LongStream.of(local).reduce(1, (a, b) -> a * b);
    }

    /// @return as in `1024 x 64 in groups of 16 x 16`
    @Override
    public String toString() {
        return List.of(global, local).stream()
                .map(sizes -> Arrays.stream(sizes).mapToObj(Long::toString).collect(Collectors.joining(" x ")))
                .collect(Collectors.joining(" in groups of "));
    }
}
