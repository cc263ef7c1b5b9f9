package larch.backend.simd;

import java.util.Arrays;
import larch.backend.Arguments;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.Block;
import larch.backend.KernelCall;
import larch.backend.Reduction;
import larch.backend.RowUpdate;
import larch.expr.Expr;
import larch.gemm.Gemm;
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
    /// So many rows of all the layers of a small network, and its weights, fit 1 MiB of L2 cache.
    private static final int TILE_ROWS = 128;

    private final SimdWidth width;
    private final ThreadTeam team;
    private final ThreadTeam alone = ThreadTeam.of(1);
    private final ElementwiseCompiler elementwise;
    private final ReduceCompiler reductions;
    private final GemmDriver gemm;
    private final String tuningOrigin;

    /// @param options threads, width, tuning, where to show kernels
    public SimdBackend(BackendOptions options) {
        width = SimdWidth.of(options.vectorBits());
        SimdTuning tuning = SimdTuning.of(options.tuning(), width.bits());
        tuningOrigin = tuning.origin();
        team = ThreadTeam.of(options.threads());
        KernelCompiler compiler = new KernelCompiler(options.dumpKernels());
        elementwise = new ElementwiseCompiler(compiler, width);
        reductions = new ReduceCompiler(compiler, width);
        gemm = new GemmDriver(team, new MicroKernelCompiler(compiler, width), tuning.blocking());
    }

    @Override
    public String name() {
        return "simd";
    }

    @Override
    public String describe() {
        return "simd: " + width.bits() + "-bit vectors (" + width.lanes() + " floats), "
                + team.threads() + (team.threads() == 1 ? " thread, " : " threads, ") + tuningOrigin;
    }

    @Override
    public String numerics() {
        return name() + "-" + width.bits();
    }

    @Override
    public void close() {
        gemm.close();
        team.close();
    }

    @Override
    public void parallel(int tasks, ThreadTeam.Task task) {
        team.run(tasks, task);
    }

    @Override
    protected void gemmK(Gemm g) {
        gemm.run(g, team.threads());
    }

    @Override
    public int threads() {
        return team.threads();
    }

    @Override
    public int tileRows() {
        return TILE_ROWS;
    }

    @Override
    public Runnable prepare(KernelCall call) {
        return prepare(call, team);
    }

    @Override
    public Runnable preparePart(KernelCall call) {
        return prepare(call, alone);
    }

    private Runnable prepare(KernelCall call, ThreadTeam team) {
        return switch (call) {
            case KernelCall.Product(Gemm g) -> () -> gemm.run(g, team.threads());
            case KernelCall.Elementwise(var fs, var outs, var args) -> {
                Tensor[] results = outs.toArray(Tensor[]::new);
                Tensor[] arguments = args.toArray(Tensor[]::new);
                yield elementwise(team, fs.toArray(Expr[]::new), results, arguments, access(results[0].shape(), arguments));
            }
            case KernelCall.Reduce(var reduction, var axis, var f, var out, var args) -> {
                Tensor[] arguments = args.toArray(Tensor[]::new);
                Shape walked = Broadcast.resultShape("reduce", args.stream().map(Tensor::shape).toArray(Shape[]::new));
                yield walked.size() == 0 ? super.prepare(call)
                        : reduce(team, reduction, axis, f, walked, out, arguments, access(walked, arguments));
            }
            case KernelCall.Rows r -> {
                // Indices are data, so they are checked anew in every run.
                Tensor table = r.kind() == KernelCall.Rows.Kind.GATHER ? r.source() : r.target();
                Runnable kernel = rows(team, r);
                yield () -> {
                    Arguments.indices(call, r.indices(), r.first(), r.first() + r.count(), table.dim(0));
                    kernel.run();
                };
            }
            case KernelCall.SparseProduct(var sparse, var transposed, var dense, var out) ->
                new SparseLaunch(team, elementwise, sparse, transposed, dense, out);
            case KernelCall.Copy(var block) -> new CopyLaunch(team, block);
            case KernelCall.Draw(var normal, var stream, var first, var out) ->
                new DrawLaunch(team, normal, stream, first, out);
            case KernelCall.Host host -> host.action();
        };
    }

    private static Broadcast[] access(Shape walked, Tensor[] args) {
        return Arrays.stream(args).map(arg -> Broadcast.of(walked, arg.shape())).toArray(Broadcast[]::new);
    }

    private Runnable elementwise(ThreadTeam team, Expr[] fs, Tensor[] outs, Tensor[] args, Broadcast[] access) {
        return new ElementwiseLaunch(team, elementwise.get(fs, access, 0), outs, args, access, this.team.threads() > 1);
    }

    private Runnable reduce(ThreadTeam team, Reduction reduction, Axis axis, Expr f, Shape walked, Tensor out,
                            Tensor[] args, Broadcast[] access) {
        Walk walk = Walk.of(walked, args, access);
        return axis == Axis.ALL ? ReduceLaunch.OverAll.of(team, reductions, reduction, f, out, walk, access, width)
                : new ReduceLaunch(team, reductions.get(reduction, axis, f, access), axis, walked.rows(), walked.cols(), out,
                        walk, access, width);
    }

    private Runnable rows(ThreadTeam team, KernelCall.Rows r) {
        return switch (r.kind()) {
            case GATHER, SCATTER -> new RowCopyLaunch(team, r);
            case SCATTER_ADD -> new ScatterAddLaunch(elementwise, r.source(), r.indices(), r.first(), r.count(), r.target());
        };
    }

    private void rows(KernelCall.Rows.Kind kind, Tensor source, int[] indices, Tensor target) {
        rows(team, new KernelCall.Rows(kind, source, indices, target)).run();
    }

    @Override
    protected void elementwiseK(Expr[] fs, Tensor[] outs, Tensor[] args, Broadcast[] access) {
        elementwise(team, fs, outs, args, access).run();
    }

    @Override
    protected RowUpdate rowUpdateK(Expr[] fs, Tensor[] tables, Tensor[] args, Broadcast[] access) {
        Tensor[] all = Arrays.copyOf(tables, tables.length + args.length);
        System.arraycopy(args, 0, all, tables.length, args.length);
        Broadcast[] allAccess = new Broadcast[all.length];
        Arrays.fill(allAccess, 0, tables.length, Broadcast.FULL);
        System.arraycopy(access, 0, allAccess, tables.length, access.length);
        return new RowUpdateLaunch(team, elementwise.get(fs, allAccess, tables.length), tables.length, all, allAccess);
    }

    @Override
    protected void reduceK(Reduction reduction, Axis axis, Expr f, Shape walked, Tensor out, Tensor[] args,
                           Broadcast[] access) {
        reduce(team, reduction, axis, f, walked, out, args, access).run();
    }

    @Override
    protected void gatherRowsK(Tensor table, int[] indices, Tensor out) {
        rows(KernelCall.Rows.Kind.GATHER, table, indices, out);
    }

    @Override
    protected void scatterRowsK(Tensor rows, int[] indices, Tensor out) {
        rows(KernelCall.Rows.Kind.SCATTER, rows, indices, out);
    }

    @Override
    protected void scatterAddRowsK(Tensor rows, int[] indices, Tensor out) {
        rows(KernelCall.Rows.Kind.SCATTER_ADD, rows, indices, out);
    }

    @Override
    protected void sparseMatmulK(CsrMatrix sparse, Tensor dense, Tensor out) {
        new SparseLaunch(team, elementwise, sparse, false, dense, out).run();
    }

    @Override
    protected void sparseTransposedMatmulK(CsrMatrix sparse, Tensor dense, Tensor out) {
        new SparseLaunch(team, elementwise, sparse, true, dense, out).run();
    }

    @Override
    protected void copyBlockK(Block block) {
        new CopyLaunch(team, block).run();
    }

    @Override
    protected void normalsK(Rng stream, long first, Tensor out) {
        new DrawLaunch(team, true, stream, first, out).run();
    }

    @Override
    protected void uniformsK(Rng stream, long first, Tensor out) {
        new DrawLaunch(team, false, stream, first, out).run();
    }
}
