package larch.backend.simd;

import java.util.List;
import larch.backend.KernelCall;
import larch.parallel.ThreadTeam;
import larch.tensor.Broadcast;
import larch.tensor.Tensor;

/// An element-wise kernel on picked rows of tables, with everything resolved but which rows.
final class RowUpdateLaunch implements Runnable, ThreadTeam.Task {
    private final ThreadTeam team;
    private final KernelCall.RowUpdate call;
    private final ElementwiseKernel kernel;
    private final int steps;
    private final float[][] args;
    private final Broadcast[] access;
    private final int tables;
    private final int cols;
    private final int[] firstOffsets;
    private final int[][] offsets;
    private int[] rows;
    private int count;
    private int parts;

    /// @param team     who works
    /// @param compiled the kernel
    /// @param call     tables, arguments and where the rows are found
    RowUpdateLaunch(ThreadTeam team, ElementwiseCompiler.Compiled compiled, KernelCall.RowUpdate call) {
        this.team = team;
        this.call = call;
        kernel = compiled.kernel();
        steps = compiled.steps();
        tables = call.tables().size();
        access = call.access();
        cols = call.tables().getFirst().dim(1);
        List<Tensor> all = call.all();
        args = all.stream().map(Tensor::data).toArray(float[][]::new);
        firstOffsets = all.stream().mapToInt(Tensor::offset).toArray();
        offsets = new int[team.threads()][all.size()];
    }

    @Override
    public void run() {
        count = call.checkedCount();
        if (count > 0) {
            rows = call.rows().rows();
            parts = Work.parts(team, count, (long) count * cols * steps);
            team.run(parts, this);
        }
    }

    @Override
    public void run(int part) {
        int from = ThreadTeam.bound(count, 1, part, parts);
        int to = ThreadTeam.bound(count, 1, part + 1, parts);
        int[] at = offsets[part];
        for (int i = 0; i < at.length; i++) {
            at[i] = firstOffsets[i] + (i < tables ? 0 : switch (access[i]) {
                case FULL -> from * cols;
                case COLUMN -> from;
                case ROW, SCALAR -> 0;
            });
        }
        kernel.run(null, null, args, at, rows, from, to - from, cols);
    }
}
