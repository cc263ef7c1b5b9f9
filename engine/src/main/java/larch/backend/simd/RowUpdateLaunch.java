package larch.backend.simd;

import larch.backend.RowUpdate;
import larch.parallel.ThreadTeam;
import larch.tensor.Broadcast;
import larch.tensor.Tensor;

/// An element-wise kernel on picked rows of tables, with everything resolved but which rows.
final class RowUpdateLaunch implements RowUpdate, ThreadTeam.Task {
    private final ThreadTeam team;
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
    /// @param tables   how many of the arguments are tables
    /// @param all      the tables, then the arguments
    /// @param access   how each of them is read
    RowUpdateLaunch(ThreadTeam team, ElementwiseCompiler.Compiled compiled, int tables, Tensor[] all, Broadcast[] access) {
        this.team = team;
        this.kernel = compiled.kernel();
        this.steps = compiled.steps();
        this.tables = tables;
        this.access = access;
        cols = all[0].dim(1);
        args = new float[all.length][];
        firstOffsets = new int[all.length];
        offsets = new int[team.threads()][all.length];
        for (int i = 0; i < all.length; i++) {
            args[i] = all[i].data();
            firstOffsets[i] = all[i].offset();
        }
    }

    @Override
    public void run(int[] rows, int count) {
        this.rows = rows;
        this.count = count;
        parts = Work.parts(team, count, (long) count * cols * steps);
        team.run(parts, this);
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
