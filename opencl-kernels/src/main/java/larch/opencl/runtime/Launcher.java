package larch.opencl.runtime;

import static org.jocl.CL.clEnqueueNDRangeKernel;

import java.lang.ref.Reference;
import larch.opencl.OpenClContext;
import larch.opencl.OpenClException;
import org.jocl.CLException;
import org.jocl.cl_event;

/// Enqueues kernels and waits for none. Thread-safe: arguments and launch of one call belong together, whatever
/// other threads launch.
///
/// ```java
/// var launch = new Launch(program, "axpy", NdRange.covering(n, 64), 2.0 * n, 12.0 * n);
/// launcher.launch(launch, x, y, 0.5f, n);
/// ```
///
/// Arguments are [DeviceMemory] for `__global` pointers, [LocalMemory] for `__local` ones, `int`, `long`, `float`.
public final class Launcher implements AutoCloseable {
    private final OpenClContext context;
    private final KernelPool kernels = new KernelPool();
    private final KernelTimes times;

    /// Makes a launcher for an opened device.
    /// @param context the device; if it was opened with profiling, every launch is timed
    public Launcher(OpenClContext context) {
        this.context = context;
        this.times = new KernelTimes(context);
    }

    /// @return the times of the launches so far; empty if the device was opened without profiling
    public KernelTimes times() {
        return times;
    }

    /// Enqueues one launch.
    /// @param launch what to run
    /// @param arguments all arguments of the kernel in their order
    /// @throws OpenClException if the driver refuses; the message names kernel, sizes, device and its limits
    public void launch(Launch launch, Object... arguments) {
        KernelObject kernel = borrow(launch);
        try {
            kernel.setAll(arguments);
            enqueue(kernel, launch);
        } finally {
            kernels.giveBack(launch.program(), launch.function(), kernel);
            // A kernel object does not hold its memory; a command that is enqueued does.
            Reference.reachabilityFence(arguments);
        }
    }

    /// Sets all arguments once, for launches to be repeated.
    /// @param launch what to run
    /// @param arguments all arguments of the kernel in their order
    /// @return the launch, not yet run
    /// @throws OpenClException if the program has no such kernel or an argument does not fit
    public PreparedLaunch prepare(Launch launch, Object... arguments) {
        KernelObject kernel = borrow(launch);
        try {
            kernel.setAll(arguments);
        } catch (RuntimeException e) {
            kernels.giveBack(launch.program(), launch.function(), kernel);
            throw e;
        }
        return new PreparedLaunch(this, kernels, launch, kernel, arguments);
    }

    private KernelObject borrow(Launch launch) {
        if (launch.program().context() != context) {
            throw new IllegalArgumentException("opencl: " + launch + " is of a program for another context ("
                    + launch.program().context().device() + "); build it for this one");
        }
        return kernels.borrow(launch.program(), launch.function());
    }

    void enqueue(KernelObject kernel, Launch launch) {
        NdRange range = launch.range();
        cl_event done = context.profiling() ? new cl_event() : null;
        try {
            clEnqueueNDRangeKernel(context.queue(), kernel.handle(), range.dimensions(), null, range.global(),
                    range.local(), 0, null, done);
        } catch (CLException e) {
            throw kernel.refused(launch, e);
        }
        if (done != null) {
            times.add(launch, done);
        }
    }

    /// @return how many kernel objects there are
    int kernelObjects() {
        return kernels.size();
    }

    boolean isClosed() {
        return kernels.isClosed();
    }

    /// Releases every kernel object; prepared launches cannot run any more. Commands that are enqueued still run.
    /// Closing twice is harmless.
    @Override
    public void close() {
        times.close();
        kernels.close();
    }
}
