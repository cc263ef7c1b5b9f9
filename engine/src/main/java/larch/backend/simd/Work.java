package larch.backend.simd;

import larch.parallel.ThreadTeam;

/// How much work is worth a second thread.
final class Work {
    /// Parts of a long row start at multiples of this many floats, four cache lines.
    static final int COLUMN_GRAIN = 64;
    /// Steps of a few tenths of a microsecond on vectors, several times a fork and join.
    private static final long PARALLEL_STEPS = 16_384;

    private Work() {
    }

    /// @param team   who works
    /// @param extent how many pieces there are at most
    /// @param steps  loads and primitives of all elements together
    /// @return into how many parts to cut
    static int parts(ThreadTeam team, int extent, long steps) {
        return steps < PARALLEL_STEPS ? 1 : Math.max(1, Math.min(team.threads(), extent));
    }
}
