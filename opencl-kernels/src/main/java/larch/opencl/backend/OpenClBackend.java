package larch.opencl.backend;

import larch.backend.Backend;
import larch.backend.Executable;
import larch.backend.KernelCall;
import larch.backend.Trace;
import larch.opencl.OpenClDevice;
import larch.opencl.runtime.KernelTimes;
import larch.opencl.tuning.DeviceTuning;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import larch.tuning.TuningChoice;

/// Kernels on an OpenCL device. Every call is enqueued on one in-order queue and nobody waits, until somebody reads a
/// tensor of the device ([Tensor#toArray]).
///
/// Memory that the backend allocates lies on the device. Calls take tensors of the heap as well: what they read is uploaded
/// before, what they write is downloaded after, each time; [#place] moves a tensor that is used often.
///
/// Element-wise results, random numbers and row kernels have the bits of `simd`, where the device rounds divisions
/// exactly and keeps subnormals; sums have another order, so products and folds agree within their bounds. Results are
/// the same from run to run.
public final class OpenClBackend extends Backend {
    static final String NAME = "opencl";
    /// Rows for each compute unit, as many as a tile of a product has; and what it takes for a launch to be worth its cost.
    private static final int ROWS_PER_UNIT = 64;
    private static final int LEAST_ROWS = 2_048;

    private final DeviceTuning tuning;
    private final Session session;
    private final Calls calls;
    private volatile boolean closed;

    /// Opens a device, with the tuning that ships.
    /// @param device       which one
    /// @param timesKernels whether every launch is timed; see [#times]
    /// @throws larch.opencl.OpenClException if the driver refuses
    public OpenClBackend(OpenClDevice device, boolean timesKernels) {
        this(device, timesKernels, new TuningChoice.Shipped());
    }

    /// Opens a device.
    /// @param device       which one
    /// @param timesKernels whether every launch is timed; see [#times]
    /// @param choice       whose sizes of tiles; they change no bit of a result
    /// @throws larch.opencl.OpenClException if the driver refuses
    /// @throws larch.tuning.TuningException if a file that should be used is damaged or another device's
    public OpenClBackend(OpenClDevice device, boolean timesKernels, TuningChoice choice) {
        tuning = DeviceTuning.of(choice, device.info());
        session = new Session(device, timesKernels, tuning.choice());
        calls = new Calls(session);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String describe() {
        return NAME + ": " + session.device() + ", " + tuning.origin();
    }

    @Override
    public String numerics() {
        return NAME + " on " + session.device().info().name() + ", driver " + session.device().info().driver();
    }

    @Override
    public String kernelTimes() {
        return times().rows().isEmpty() ? "" : times().table();
    }

    /// @return the figures behind [#kernelTimes]; empty unless that was asked for
    public KernelTimes times() {
        return session.times();
    }

    /// @return how many blocks of device memory are lent to tensors and prepared calls
    public int liveBlocks() {
        return session.liveBlocks();
    }

    /// @return what is open
    Session session() {
        return session;
    }

    /// @return what prepares calls
    Calls calls() {
        return calls;
    }

    @Override
    public int rowsToFill() {
        return Math.max(LEAST_ROWS, ROWS_PER_UNIT * session.device().info().computeUnits());
    }

    @Override
    public Tensor allocate(Shape shape) {
        return Tensor.wrap(shape, new OpenClBuffer(session, session.take(shape.size()), shape.size()), 0);
    }

    @Override
    public Tensor place(Tensor tensor) {
        if (tensor.buffer() instanceof OpenClBuffer buffer && buffer.session() == session) {
            return tensor;
        }
        Tensor placed = allocate(tensor.shape());
        placed.write(tensor.toArray(), 0);
        return placed;
    }

    @Override
    public Runnable prepare(KernelCall call) {
        return call instanceof KernelCall.Host host ? host.action() : calls.prepare(call);
    }

    /// Calls that work row by row, one after the other, become one kernel; a program of nothing else goes round in it.
    @Override
    public Executable compile(Trace trace) {
        return new FusedProgram(trace, session, calls);
    }

    @Override
    public void run(KernelCall call) {
        if (call instanceof KernelCall.Host host) {
            host.action().run();
        } else {
            try (PreparedCall prepared = calls.prepare(call)) {
                prepared.run();
            }
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            session.close();
        }
    }
}
