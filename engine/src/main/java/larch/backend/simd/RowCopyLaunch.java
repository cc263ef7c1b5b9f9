package larch.backend.simd;

import larch.backend.KernelCall;
import larch.parallel.ThreadTeam;
import larch.tensor.Tensor;

/// Rows of a matrix, picked or put by index.
final class RowCopyLaunch implements Runnable, ThreadTeam.Task {
    /// A row's address has to be looked up and its first cache line waited for.
    private static final int STEPS_PER_ROW = 256;

    private final ThreadTeam team;
    private final KernelCall.Rows call;
    private final boolean gather;
    private final int parts;

    /// @param team who works
    /// @param call a gather or a scatter
    RowCopyLaunch(ThreadTeam team, KernelCall.Rows call) {
        this.team = team;
        this.call = call;
        gather = call.kind() == KernelCall.Rows.Kind.GATHER;
        parts = Work.parts(team, call.count(), (long) call.count() * (call.source().dim(1) + STEPS_PER_ROW));
    }

    @Override
    public void run() {
        team.run(parts, this);
    }

    @Override
    public void run(int part) {
        Tensor source = call.source();
        Tensor target = call.target();
        int n = source.dim(1);
        int to = ThreadTeam.bound(call.count(), 1, part + 1, parts);
        for (int i = ThreadTeam.bound(call.count(), 1, part, parts); i < to; i++) {
            int row = call.indices()[call.first() + i];
            int from = gather ? row : i;
            int at = gather ? i : row;
            System.arraycopy(source.data(), source.offset() + from * n, target.data(), target.offset() + at * call.step(), n);
        }
    }
}
