package larch.plan;

import java.util.ArrayList;
import java.util.List;
import larch.backend.Backend;
import larch.backend.Block;
import larch.backend.KernelCall;
import larch.backend.Reduction;
import larch.backend.RowUpdate;
import larch.expr.Expr;
import larch.gemm.Gemm;
import larch.parallel.ThreadTeam;
import larch.random.Rng;
import larch.tensor.Axis;
import larch.tensor.Broadcast;
import larch.tensor.CsrMatrix;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// A backend that passes every call on to another one and writes it down; see [Plan#record].
public final class Recorder extends Backend {
    private final Backend backend;
    private final List<KernelCall> calls = new ArrayList<>();
    private final List<Tensor> internal = new ArrayList<>();
    private final List<Tensor> kept = new ArrayList<>();
    private boolean recording = true;

    Recorder(Backend backend) {
        this.backend = backend;
    }

    /// Promises that a tensor of the recorded program will be readable after each run of the plan; what nobody keeps may
    /// be optimised away.
    /// @param result a tensor that the program computed
    public void keep(Tensor result) {
        kept.add(result);
    }

    /// Ends the recording; later calls are passed on only.
    /// @return the calls in order
    List<KernelCall> finish() {
        recording = false;
        return calls;
    }

    /// @return memory of which nobody outside the program knows
    List<Tensor> internal() {
        return internal;
    }

    /// @return what is to be readable after a run
    List<Tensor> kept() {
        return kept;
    }

    private void pass(KernelCall call) {
        call.runOn(backend);
        if (recording) {
            calls.add(call);
        }
    }

    @Override
    public void host(String what, Runnable action, Tensor... touched) {
        host(what, action, false, touched);
    }

    @Override
    public void isolatedHost(String what, Runnable action, Tensor... touched) {
        host(what, action, true, touched);
    }

    private void host(String what, Runnable action, boolean isIsolated, Tensor... touched) {
        if (!recording) {
            action.run();
            return;
        }
        calls.add(new KernelCall.Host(what, action, isIsolated, List.of(touched)));
        // Kernels that the action calls here belong to it: it calls them again in each run.
        recording = false;
        try {
            action.run();
        } finally {
            recording = true;
        }
    }

    @Override
    public Tensor allocate(Shape shape) {
        Tensor tensor = backend.allocate(shape);
        if (recording) {
            internal.add(tensor);
        }
        return tensor;
    }

    @Override
    public Runnable prepare(KernelCall call) {
        return backend.prepare(call);
    }

    @Override
    public Runnable preparePart(KernelCall call) {
        return backend.preparePart(call);
    }

    @Override
    public void parallel(int tasks, ThreadTeam.Task task) {
        backend.parallel(tasks, task);
    }

    @Override
    public int threads() {
        return backend.threads();
    }

    @Override
    public int tileRows() {
        return backend.tileRows();
    }

    @Override
    public String name() {
        return backend.name();
    }

    @Override
    public String describe() {
        return backend.describe();
    }

    @Override
    public String numerics() {
        return backend.numerics();
    }

    @Override
    protected void gemmK(Gemm g) {
        pass(new KernelCall.Product(g));
    }

    @Override
    protected void elementwiseK(Expr[] fs, Tensor[] outs, Tensor[] args, Broadcast[] access) {
        pass(new KernelCall.Elementwise(List.of(fs), List.of(outs), List.of(args)));
    }

    @Override
    protected RowUpdate rowUpdateK(Expr[] fs, Tensor[] tables, Tensor[] args, Broadcast[] access) {
        if (recording) {
            throw new IllegalStateException("plan: which rows an update changes is not known while recording; "
                    + "prepare it on the backend itself and run it in a host action");
        }
        return backend.rowUpdate(fs, tables, args);
    }

    @Override
    protected void reduceK(Reduction reduction, Axis axis, Expr f, Shape walked, Tensor out, Tensor[] args,
                           Broadcast[] access) {
        pass(new KernelCall.Reduce(reduction, axis, f, out, List.of(args)));
    }

    @Override
    protected void gatherRowsK(Tensor table, int[] indices, Tensor out) {
        pass(new KernelCall.Rows(KernelCall.Rows.Kind.GATHER, table, indices, out));
    }

    @Override
    protected void scatterRowsK(Tensor rows, int[] indices, Tensor out) {
        pass(new KernelCall.Rows(KernelCall.Rows.Kind.SCATTER, rows, indices, out));
    }

    @Override
    protected void scatterAddRowsK(Tensor rows, int[] indices, Tensor out) {
        pass(new KernelCall.Rows(KernelCall.Rows.Kind.SCATTER_ADD, rows, indices, out));
    }

    @Override
    protected void sparseMatmulK(CsrMatrix sparse, Tensor dense, Tensor out) {
        pass(new KernelCall.SparseProduct(sparse, false, dense, out));
    }

    @Override
    protected void sparseTransposedMatmulK(CsrMatrix sparse, Tensor dense, Tensor out) {
        pass(new KernelCall.SparseProduct(sparse, true, dense, out));
    }

    @Override
    protected void copyBlockK(Block block) {
        pass(new KernelCall.Copy(block));
    }

    @Override
    protected void normalsK(Rng stream, long first, Tensor out) {
        draw(new KernelCall.Draw(true, stream, first, out));
    }

    @Override
    protected void uniformsK(Rng stream, long first, Tensor out) {
        draw(new KernelCall.Draw(false, stream, first, out));
    }

    private void draw(KernelCall.Draw call) {
        if (recording && !call.stream().followsCounter()) {
            throw new IllegalStateException("plan: each run would draw the same numbers from " + call.stream() + ", which is"
                    + " fixed; let it follow a counter, Rng.stream(name, LongSupplier), or draw once before recording");
        }
        pass(call);
    }
}
