package larch.plan;

import java.util.ArrayList;
import java.util.List;
import larch.backend.Backend;
import larch.backend.KernelCall;
import larch.parallel.ThreadTeam;
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

    @Override
    public void run(KernelCall call) {
        if (recording && call instanceof KernelCall.Draw draw && !draw.stream().followsCounter()) {
            throw new IllegalStateException("plan: each run would draw the same numbers from " + draw.stream() + ", which is"
                    + " fixed; let it follow a counter, Rng.stream(name, LongSupplier), or draw once before recording");
        }
        backend.run(call);
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
    public Tensor place(Tensor tensor) {
        return backend.place(tensor);
    }

    @Override
    public Runnable prepare(KernelCall call) {
        return backend.prepare(call);
    }

    @Override
    public void parallel(int tasks, ThreadTeam.Task task) {
        backend.parallel(tasks, task);
    }

    @Override
    public int rowsToFill() {
        return backend.rowsToFill();
    }

    @Override
    public int threads() {
        return backend.threads();
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
    public String kernelTimes() {
        return backend.kernelTimes();
    }
}
