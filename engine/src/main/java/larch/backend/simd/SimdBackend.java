package larch.backend.simd;

import java.util.List;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.Executable;
import larch.backend.KernelCall;
import larch.backend.Trace;
import larch.backend.simd.schedule.Schedule;
import larch.backend.simd.schedule.Workers;
import larch.expr.Expr;
import larch.gemm.Gemm;
import larch.gemm.GemmDriver;
import larch.parallel.ThreadTeam;
import larch.tensor.Axis;
import larch.tensor.Broadcast;
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
    private final LongCalls longCalls = new LongCalls();
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
    public int threads() {
        return team.threads();
    }

    @Override
    public Executable compile(Trace trace) {
        return new Schedule(trace, new Workers() {
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
                return SimdBackend.this.prepare(call, team);
            }

            @Override
            public Runnable prepareAlone(KernelCall call) {
                return SimdBackend.this.prepare(call, alone);
            }

            @Override
            public void parallel(int tasks, ThreadTeam.Task task) {
                team.run(tasks, task);
            }
        });
    }

    @Override
    public Runnable prepare(KernelCall call) {
        return prepare(call, team);
    }

    private Runnable prepare(KernelCall call, ThreadTeam team) {
        return switch (call) {
            case KernelCall.Product(Gemm g) -> () -> gemm.run(g, team.threads());
            case KernelCall.Elementwise e -> oneAfterAnother(longCalls.of(e), team);
            case KernelCall.Reduce r -> oneAfterAnother(longCalls.of(r), team);
            case KernelCall.Rows r -> {
                Runnable kernel = rows(team, r);
                yield () -> {
                    r.checkIndices();
                    kernel.run();
                };
            }
            case KernelCall.RowUpdate u ->
                new RowUpdateLaunch(team, elementwise.get(functions(u.fs()), u.access(), u.tables().size()), u);
            case KernelCall.SparseProduct(var sparse, var transposed, var dense, var out) ->
                new SparseLaunch(team, elementwise, sparse, transposed, dense, out);
            case KernelCall.Copy(var block) -> new CopyLaunch(team, block);
            case KernelCall.SeriesRow s -> new SeriesRowLaunch(s);
            case KernelCall.Draw(var normal, var stream, var first, var out) ->
                new DrawLaunch(team, normal, stream, first, out);
            case KernelCall.Host host -> host.action();
        };
    }

    private Runnable oneAfterAnother(List<KernelCall> calls, ThreadTeam team) {
        if (calls.size() == 1) {
            return launch(calls.getFirst(), team);
        }
        Runnable[] passes = calls.stream().map(call -> launch(call, team)).toArray(Runnable[]::new);
        return () -> {
            for (Runnable pass : passes) {
                pass.run();
            }
        };
    }

    private Runnable launch(KernelCall call, ThreadTeam team) {
        return switch (call) {
            case KernelCall.Elementwise e -> {
                Broadcast[] access = e.access();
                yield new ElementwiseLaunch(team, elementwise.get(functions(e.fs()), access, 0), tensors(e.outs()),
                        tensors(e.args()), access, this.team.threads() > 1);
            }
            case KernelCall.Reduce r -> reduce(team, r);
            default -> throw new IllegalArgumentException("simd: no pass of a long call: " + call);
        };
    }

    private static Expr[] functions(List<Expr> fs) {
        return fs.toArray(Expr[]::new);
    }

    private static Tensor[] tensors(List<Tensor> tensors) {
        return tensors.toArray(Tensor[]::new);
    }

    private Runnable reduce(ThreadTeam team, KernelCall.Reduce r) {
        Broadcast[] access = r.access();
        Walk walk = Walk.of(r.walked(), tensors(r.args()), access);
        return r.axis() == Axis.ALL
                ? ReduceLaunch.OverAll.of(team, reductions, r.reduction(), r.f(), r.out(), walk, access, width)
                : new ReduceLaunch(team, reductions.get(r.reduction(), r.axis(), r.f(), access), r.axis(), r.walked().rows(),
                        r.walked().cols(), r.out(), walk, access, width);
    }

    private Runnable rows(ThreadTeam team, KernelCall.Rows r) {
        return switch (r.kind()) {
            case GATHER, SCATTER -> new RowCopyLaunch(team, r);
            case SCATTER_ADD -> new ScatterAddLaunch(elementwise, r.source(), r.indices(), r.first(), r.count(), r.target());
        };
    }
}
