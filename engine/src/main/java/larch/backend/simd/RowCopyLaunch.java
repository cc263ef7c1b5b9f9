package larch.backend.simd;

import larch.parallel.ThreadTeam;
import larch.tensor.Tensor;

/// Rows of a matrix, picked or put by index.
final class RowCopyLaunch implements Runnable, ThreadTeam.Task {
    /// A row's address has to be looked up and its first cache line waited for.
    private static final int STEPS_PER_ROW = 256;

    private final ThreadTeam team;
    private final Tensor source;
    private final Tensor target;
    private final int[] indices;
    private final int first;
    private final int count;
    private final boolean gather;
    private final int parts;

    /// @param team    who works
    /// @param source  where rows come from
    /// @param target  where they go
    /// @param indices rows of the source if `gather`, else of the target
    /// @param first   which of the indices belongs to the first row
    /// @param count   how many rows
    /// @param gather  which of the two is indexed
    RowCopyLaunch(ThreadTeam team, Tensor source, Tensor target, int[] indices, int first, int count,
                  boolean gather) {
        this.team = team;
        this.source = source;
        this.target = target;
        this.indices = indices;
        this.first = first;
        this.count = count;
        this.gather = gather;
        parts = Work.parts(team, count, (long) count * (source.dim(1) + STEPS_PER_ROW));
    }

    @Override
    public void run() {
        team.run(parts, this);
    }

    @Override
    public void run(int part) {
        int n = source.dim(1);
        int to = ThreadTeam.bound(count, 1, part + 1, parts);
        for (int i = ThreadTeam.bound(count, 1, part, parts); i < to; i++) {
            int from = gather ? indices[first + i] : i;
            int at = gather ? i : indices[first + i];
            System.arraycopy(source.data(), source.offset() + from * n, target.data(), target.offset() + at * n, n);
        }
    }
}
