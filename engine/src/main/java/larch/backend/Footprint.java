package larch.backend;

import java.util.List;

/// What a call, or a part of one, touches: enough to know whether two of them may change places or run at once.
///
/// @param reads   memory that is read
/// @param writes  memory that is written
/// @param isHost  whether it is a host action that may do more than its memory shows
/// @param isBound whether it must keep its place among such actions: it writes what others can see, or depends on numbers
///                that are no tensors (row indices, a random stream's counter, the position of a series)
/// @param series  what it moves on, which no memory shows; null for nothing
public record Footprint(List<Memory> reads, List<Memory> writes, boolean isHost, boolean isBound, Series series) {
    /// @param call     a call or a part of one
    /// @param internal memory of which nobody outside the program knows
    public static Footprint of(KernelCall call, List<Memory> internal) {
        List<Memory> writes = call.writes();
        boolean isHost = call instanceof KernelCall.Host host && !host.isIsolated();
        boolean isVisible = writes.stream().anyMatch(memory -> internal.stream().noneMatch(i -> i.encloses(memory)));
        Series series = call instanceof KernelCall.SeriesRow row ? row.series() : null;
        boolean isBound = isHost || isVisible || series != null || call instanceof KernelCall.Rows
                || call instanceof KernelCall.RowUpdate || call instanceof KernelCall.Draw;
        return new Footprint(call.reads(), writes, isHost, isBound, series);
    }

    /// @return how many elements are touched at most
    public long elements() {
        long elements = 0;
        for (Memory memory : reads) {
            elements += memory.size();
        }
        return elements;
    }

    /// @param other another call
    /// @return whether their order matters
    public boolean conflictsWith(Footprint other) {
        return isHost && other.isBound || isBound && other.isHost || series != null && series == other.series
                || overlap(writes, other.writes) || overlap(writes, other.reads) || overlap(reads, other.writes);
    }

    private static boolean overlap(List<Memory> these, List<Memory> those) {
        for (Memory one : these) {
            for (Memory other : those) {
                if (one.overlaps(other)) {
                    return true;
                }
            }
        }
        return false;
    }
}
