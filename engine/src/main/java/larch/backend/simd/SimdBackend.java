package larch.backend.simd;

import java.nio.file.Path;
import java.util.Arrays;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.Block;
import larch.backend.Reduction;
import larch.expr.Expr;
import larch.gemm.Gemm;
import larch.gemm.GemmBlocking;
import larch.gemm.GemmDriver;
import larch.random.Rng;
import larch.parallel.ThreadTeam;
import larch.tensor.Axis;
import larch.tensor.Broadcast;
import larch.tensor.CsrMatrix;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// Kernels on CPU vectors: every loop is compiled at run time from its expression for one vector width.
///
/// Work is split among threads by result elements only, never along a sum, so the same width gives the same bits for any
/// number of threads.
public final class SimdBackend extends Backend {
    /// Below this many elements a loop stays on the calling thread: a fork and join costs about as much.
    private static final int PARALLEL_ELEMENTS = 16_384;
    /// A sum over everything adds this many elements in one run, then the partial sums.
    private static final int CHUNK = 4_096;

    /// A random draw costs some nanoseconds, so fewer of them are worth a second thread; a multiple of Philox's block.
    private static final int DRAWS_GRAIN = 1_024;

    private static final Expr X = Expr.arg(0);
    private static final Expr SUM_OF_TWO = Expr.add(Expr.arg(0), Expr.arg(1));
    private static final Expr SCALED = Expr.mul(Expr.arg(0), Expr.arg(1));
    private static final Expr SCALED_SUM = Expr.fma(Expr.arg(0), Expr.arg(1), Expr.arg(2));

    private final SimdWidth width;
    private final ThreadTeam team;
    private final ElementwiseCompiler elementwise;
    private final ReduceCompiler reductions;
    private final GemmDriver gemm;

    /// @param options threads and width
    public SimdBackend(BackendOptions options) {
        width = SimdWidth.of(options.vectorBits());
        team = ThreadTeam.of(options.threads());
        String dump = System.getProperty("larch.dumpKernels");
        KernelCompiler compiler = new KernelCompiler(dump == null ? null : Path.of(dump));
        elementwise = new ElementwiseCompiler(compiler, width);
        reductions = new ReduceCompiler(compiler, width);
        gemm = new GemmDriver(team, new MicroKernelCompiler(compiler, width), GemmBlocking.forVectorBits(width.bits()));
    }

    @Override
    public String name() {
        return "simd";
    }

    @Override
    public String describe() {
        return "simd: " + width.bits() + "-bit vectors (" + width.lanes() + " floats), "
                + team.threads() + (team.threads() == 1 ? " thread" : " threads");
    }

    @Override
    public String numerics() {
        return name() + "-" + width.bits();
    }

    @Override
    public void close() {
        team.close();
    }

    @Override
    protected void gemmK(Gemm g) {
        gemm.run(g);
    }

    @Override
    protected void elementwiseK(Expr f, Tensor out, Tensor[] args, Broadcast[] access) {
        Walk walk = Walk.of(out.shape(), args, access);
        ElementwiseKernel kernel = elementwise.get(f, access);
        if (out.size() < PARALLEL_ELEMENTS || team.threads() == 1) {
            kernel.run(out.data(), out.offset(), walk.arrays(), walk.offsets(), walk.rows(), walk.cols());
        } else if (walk.rows() == 1) {
            team.ranges(walk.cols(), PARALLEL_ELEMENTS / 4, (from, to) -> kernel.run(out.data(), out.offset() + from,
                    walk.arrays(), walk.offsetsAt(access, 0, from), 1, to - from));
        } else {
            int grain = Math.max(1, PARALLEL_ELEMENTS / 4 / walk.cols());
            team.ranges(walk.rows(), grain, (from, to) -> kernel.run(out.data(), out.offset() + from * walk.cols(),
                    walk.arrays(), walk.offsetsAt(access, from, 0), to - from, walk.cols()));
        }
    }

    @Override
    protected void reduceK(Reduction reduction, Axis axis, Expr f, Shape walked, Tensor out, Tensor[] args,
                           Broadcast[] access) {
        Walk walk = Walk.of(walked, args, access);
        switch (axis) {
            case COLUMNS -> reduceColumns(reduction, f, walked.rows(), walked.cols(), out, walk, access);
            case ROWS -> reduceRows(reduction, f, walked.rows(), walked.cols(), out, walk, access);
            case ALL -> reduceAll(reduction, f, out, walk, access);
        }
    }

    private void reduceColumns(Reduction reduction, Expr f, int rows, int cols, Tensor out, Walk walk, Broadcast[] access) {
        ReduceKernel kernel = reductions.get(reduction, Axis.COLUMNS, f, access);
        int grain = Math.max(1, PARALLEL_ELEMENTS / 4 / cols);
        ThreadTeam.RangeTask task = (from, to) -> kernel.run(out.data(), out.offset() + from, walk.arrays(),
                walk.offsetsAt(access, from, 0, cols), to - from, cols, cols, new float[width.lanes()]);
        if (rows * cols < PARALLEL_ELEMENTS) {
            task.run(0, rows);
        } else {
            team.ranges(rows, grain, task);
        }
    }

    private void reduceRows(Reduction reduction, Expr f, int rows, int cols, Tensor out, Walk walk, Broadcast[] access) {
        ReduceKernel kernel = reductions.get(reduction, Axis.ROWS, f, access);
        ThreadTeam.RangeTask task = (from, to) -> kernel.run(out.data(), out.offset() + from, walk.arrays(),
                walk.offsetsAt(access, 0, from, cols), rows, to - from, cols, new float[width.lanes()]);
        if (rows * cols < PARALLEL_ELEMENTS) {
            task.run(0, cols);
        } else {
            team.ranges(cols, 2 * width.lanes(), task);
        }
    }

    private void reduceAll(Reduction reduction, Expr f, Tensor out, Walk walk, Broadcast[] access) {
        int rows = walk.rows();
        int cols = walk.cols();
        if (rows == 1 && cols <= CHUNK) {
            reduceColumns(reduction, f, 1, cols, out, walk, access);
            return;
        }
        int partials = rows == 1 ? (cols + CHUNK - 1) / CHUNK : rows;
        Tensor partial = Tensor.zeros(1, partials);
        if (rows == 1) {
            ReduceKernel kernel = reductions.get(reduction, Axis.COLUMNS, f, access);
            team.run(partials, i -> {
                int from = i * CHUNK;
                int count = Math.min(CHUNK, cols - from);
                kernel.run(partial.data(), i, walk.arrays(), walk.offsetsAt(access, 0, from), 1, count, count,
                        new float[width.lanes()]);
            });
        } else {
            reduceColumns(reduction, f, rows, cols, partial, walk, access);
        }
        Broadcast[] full = {Broadcast.FULL};
        reduceAll(reduction, X, out, Walk.of(partial.shape(), new Tensor[] {partial}, full), full);
    }

    @Override
    protected void gatherRowsK(Tensor table, int[] indices, Tensor out) {
        int n = table.dim(1);
        copyRows(indices.length, n, i ->
                System.arraycopy(table.data(), table.offset() + indices[i] * n, out.data(), out.offset() + i * n, n));
    }

    @Override
    protected void scatterRowsK(Tensor rows, int[] indices, Tensor out) {
        int n = out.dim(1);
        copyRows(indices.length, n, i ->
                System.arraycopy(rows.data(), rows.offset() + i * n, out.data(), out.offset() + indices[i] * n, n));
    }

    private void copyRows(int rows, int cols, ThreadTeam.Task copyRow) {
        if (rows * cols < PARALLEL_ELEMENTS) {
            for (int i = 0; i < rows; i++) {
                copyRow.run(i);
            }
        } else {
            team.ranges(rows, Math.max(1, PARALLEL_ELEMENTS / 4 / cols), (from, to) -> {
                for (int i = from; i < to; i++) {
                    copyRow.run(i);
                }
            });
        }
    }

    // One thread: rows may repeat, and their order of addition is part of the contract.
    @Override
    protected void scatterAddRowsK(Tensor rows, int[] indices, Tensor out) {
        int n = out.dim(1);
        ElementwiseKernel add = elementwise.get(SUM_OF_TWO, new Broadcast[] {Broadcast.FULL, Broadcast.FULL});
        float[][] arrays = {out.data(), rows.data()};
        int[] offsets = new int[2];
        for (int i = 0; i < indices.length; i++) {
            offsets[0] = out.offset() + indices[i] * n;
            offsets[1] = rows.offset() + i * n;
            add.run(out.data(), offsets[0], arrays, offsets, 1, n);
        }
    }

    @Override
    protected void sparseMatmulK(CsrMatrix s, Tensor dense, Tensor out) {
        int n = dense.dim(1);
        int grain = Math.max(1, PARALLEL_ELEMENTS / 16 / Math.max(1, n));
        team.ranges(s.rows(), grain, (from, to) -> {
            for (int i = from; i < to; i++) {
                int at = out.offset() + i * n;
                int first = s.rowPointers()[i];
                if (first == s.rowPointers()[i + 1]) {
                    Arrays.fill(out.data(), at, at + n, 0);
                }
                for (int e = first; e < s.rowPointers()[i + 1]; e++) {
                    addScaled(e == first, s.values(), e, dense, s.columns()[e] * n, out.data(), at, n);
                }
            }
        });
    }

    @Override
    protected void sparseTransposedMatmulK(CsrMatrix s, Tensor dense, Tensor out) {
        int n = dense.dim(1);
        Arrays.fill(out.data(), out.offset(), out.offset() + out.size(), 0);
        for (int i = 0; i < s.rows(); i++) {
            for (int e = s.rowPointers()[i]; e < s.rowPointers()[i + 1]; e++) {
                addScaled(false, s.values(), e, dense, i * n, out.data(), out.offset() + s.columns()[e] * n, n);
            }
        }
    }

    private void addScaled(boolean overwrite, float[] factors, int factor, Tensor dense, int denseAt, float[] out, int at,
                           int n) {
        Broadcast[] access = overwrite ? new Broadcast[] {Broadcast.SCALAR, Broadcast.FULL}
                : new Broadcast[] {Broadcast.SCALAR, Broadcast.FULL, Broadcast.FULL};
        ElementwiseKernel kernel = elementwise.get(overwrite ? SCALED : SCALED_SUM, access);
        kernel.run(out, at, new float[][] {factors, dense.data(), out}, new int[] {factor, dense.offset() + denseAt, at}, 1, n);
    }

    @Override
    protected void copyBlockK(Block b) {
        team.ranges(b.rows(), Math.max(1, PARALLEL_ELEMENTS / 2 / b.cols()), (from, to) -> {
            for (int i = from; i < to; i++) {
                int source = b.fromAt() + i * b.fromStep();
                int target = b.toAt() + i * b.toStep();
                if (b.fromUnit() == 1 && b.toUnit() == 1) {
                    System.arraycopy(b.from(), source, b.to(), target, b.cols());
                } else {
                    for (int j = 0; j < b.cols(); j++) {
                        b.to()[target + j * b.toUnit()] = b.from()[source + j * b.fromUnit()];
                    }
                }
            }
        });
    }

    @Override
    protected void normalsK(Rng stream, Tensor out) {
        team.ranges(out.size(), DRAWS_GRAIN, (from, to) ->
                stream.normals(out.data(), out.offset() + from, to - from, from));
    }

    @Override
    protected void uniformsK(Rng stream, Tensor out) {
        team.ranges(out.size(), DRAWS_GRAIN, (from, to) ->
                stream.uniforms(out.data(), out.offset() + from, to - from, from));
    }
}
