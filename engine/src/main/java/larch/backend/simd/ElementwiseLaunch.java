package larch.backend.simd;

import larch.parallel.ThreadTeam;
import larch.tensor.Broadcast;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// An element-wise kernel with its arguments, cut into parts for a team.
final class ElementwiseLaunch implements Runnable, ThreadTeam.Task {
    private final ThreadTeam team;
    private final ElementwiseKernel kernel;
    private final float[][] outs;
    private final float[][] args;
    private final int[][] outOffsets;
    private final int[][] offsets;
    private final int[] rows;
    private final int[] cols;
    private final boolean claimsLines;

    /// @param team        who works
    /// @param compiled    the kernel
    /// @param outs        the results
    /// @param args        the arguments
    /// @param access      how each argument is read
    /// @param claimsLines whether other threads may have read the results since they were last written
    ElementwiseLaunch(ThreadTeam team, ElementwiseCompiler.Compiled compiled, Tensor[] outs, Tensor[] args,
                      Broadcast[] access, boolean claimsLines) {
        this.team = team;
        this.claimsLines = claimsLines;
        this.kernel = compiled.kernel();
        Shape shape = outs[0].shape();
        Walk walk = Walk.of(shape, args, access);
        boolean byColumns = walk.rows() == 1;
        int extent = byColumns ? walk.cols() : walk.rows();
        int parts = Work.parts(team, extent, (long) shape.size() * compiled.steps());
        this.outs = new float[outs.length][];
        this.args = walk.arrays();
        outOffsets = new int[parts][outs.length];
        offsets = new int[parts][];
        rows = new int[parts];
        cols = new int[parts];
        for (int part = 0; part < parts; part++) {
            int from = ThreadTeam.bound(extent, byColumns ? Work.COLUMN_GRAIN : 1, part, parts);
            int to = ThreadTeam.bound(extent, byColumns ? Work.COLUMN_GRAIN : 1, part + 1, parts);
            offsets[part] = byColumns ? walk.offsetsAt(access, 0, from) : walk.offsetsAt(access, from, 0);
            rows[part] = byColumns ? 1 : to - from;
            cols[part] = byColumns ? to - from : walk.cols();
            for (int j = 0; j < outs.length; j++) {
                this.outs[j] = outs[j].data();
                outOffsets[part][j] = outs[j].offset() + (byColumns ? from : from * walk.cols());
            }
        }
    }

    @Override
    public void run() {
        team.run(rows.length, this);
    }

    @Override
    public void run(int part) {
        if (claimsLines) {
            for (int j = 0; j < outs.length; j++) {
                CacheLines.claim(outs[j], outOffsets[part][j], outOffsets[part][j] + rows[part] * cols[part]);
            }
        }
        kernel.run(outs, outOffsets[part], args, offsets[part], null, 0, rows[part], cols[part]);
    }
}
