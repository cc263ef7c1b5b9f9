package larch.backend.simd;

import larch.backend.Reduction;
import larch.expr.Expr;
import larch.parallel.ThreadTeam;
import larch.tensor.Axis;
import larch.tensor.Broadcast;
import larch.tensor.Tensor;

/// A fold over rows or over columns with its arguments, cut into parts for a team by results.
final class ReduceLaunch implements Runnable, ThreadTeam.Task {
    /// Rough number of loads and primitives for each element; a fold is bound by its chain of additions.
    private static final int STEPS = 4;

    private final ThreadTeam team;
    private final ReduceKernel kernel;
    private final float[] out;
    private final float[][] args;
    private final int colStep;
    private final int[] outOffsets;
    private final int[][] offsets;
    private final int[] rows;
    private final int[] cols;
    private final float[][] scratch;

    /// @param team   who works
    /// @param kernel the code
    /// @param axis   ROWS or COLUMNS
    /// @param rows   number of rows walked
    /// @param cols   number of columns walked
    /// @param out    the results
    /// @param walk   the arguments
    /// @param access how each argument is read
    /// @param width  the vectors
    ReduceLaunch(ThreadTeam team, ReduceKernel kernel, Axis axis, int rows, int cols, Tensor out, Walk walk,
                 Broadcast[] access, SimdWidth width) {
        this.team = team;
        this.kernel = kernel;
        this.out = out.data();
        this.args = walk.arrays();
        this.colStep = cols;
        boolean byRows = axis == Axis.COLUMNS;
        int extent = byRows ? rows : cols;
        int grain = byRows ? 1 : 2 * width.lanes();
        int parts = Work.parts(team, extent / grain, (long) rows * cols * STEPS);
        outOffsets = new int[parts];
        offsets = new int[parts][];
        this.rows = new int[parts];
        this.cols = new int[parts];
        scratch = new float[parts][width.lanes()];
        for (int part = 0; part < parts; part++) {
            int from = ThreadTeam.bound(extent, grain, part, parts);
            int to = ThreadTeam.bound(extent, grain, part + 1, parts);
            outOffsets[part] = out.offset() + from;
            offsets[part] = byRows ? walk.offsetsAt(access, from, 0, cols) : walk.offsetsAt(access, 0, from, cols);
            this.rows[part] = byRows ? to - from : rows;
            this.cols[part] = byRows ? cols : to - from;
        }
    }

    @Override
    public void run() {
        team.run(rows.length, this);
    }

    @Override
    public void run(int part) {
        kernel.run(out, outOffsets[part], args, offsets[part], rows[part], cols[part], colStep, scratch[part]);
    }

    /// A fold over everything: over each row, or over chunks of one long row, then over those partial results.
    ///
    /// @param first  gives the partial results
    /// @param second folds them
    record OverAll(Runnable first, Runnable second) implements Runnable {
        /// Elements of a chunk; fixed, so that results do not depend on the number of threads.
        private static final int CHUNK = 4_096;
        private static final Expr X = Expr.arg(0);
        private static final Broadcast[] FULL = {Broadcast.FULL};

        static Runnable of(ThreadTeam team, ReduceCompiler kernels, Reduction reduction, Expr f, Tensor out, Walk walk,
                           Broadcast[] access, SimdWidth width) {
            ReduceKernel kernel = kernels.get(reduction, Axis.COLUMNS, f, access);
            if (walk.rows() == 1 && walk.cols() <= CHUNK) {
                return new ReduceLaunch(team, kernel, Axis.COLUMNS, 1, walk.cols(), out, walk, access, width);
            }
            int partials = walk.rows() == 1 ? (walk.cols() + CHUNK - 1) / CHUNK : walk.rows();
            Tensor partial = Tensor.zeros(1, partials);
            Runnable first = walk.rows() == 1
                    ? new Chunks(team, kernel, partial.data(), walk, access, new float[partials][width.lanes()])
                    : new ReduceLaunch(team, kernel, Axis.COLUMNS, walk.rows(), walk.cols(), partial, walk, access, width);
            Walk second = Walk.of(partial.shape(), new Tensor[] {partial}, FULL);
            return new OverAll(first, of(team, kernels, reduction, X, out, second, FULL, width));
        }

        @Override
        public void run() {
            first.run();
            second.run();
        }
    }

    private static final class Chunks implements Runnable, ThreadTeam.Task {
        private final ThreadTeam team;
        private final ReduceKernel kernel;
        private final float[] partial;
        private final Walk walk;
        private final int[][] offsets;
        private final float[][] scratch;

        Chunks(ThreadTeam team, ReduceKernel kernel, float[] partial, Walk walk, Broadcast[] access, float[][] scratch) {
            this.team = team;
            this.kernel = kernel;
            this.partial = partial;
            this.walk = walk;
            this.scratch = scratch;
            offsets = new int[partial.length][];
            for (int i = 0; i < offsets.length; i++) {
                offsets[i] = walk.offsetsAt(access, 0, i * OverAll.CHUNK);
            }
        }

        @Override
        public void run() {
            team.run(partial.length, this);
        }

        @Override
        public void run(int i) {
            int count = Math.min(OverAll.CHUNK, walk.cols() - i * OverAll.CHUNK);
            kernel.run(partial, i, walk.arrays(), offsets[i], 1, count, count, scratch[i]);
        }
    }
}
