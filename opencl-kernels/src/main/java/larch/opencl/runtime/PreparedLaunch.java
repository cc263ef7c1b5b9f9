package larch.opencl.runtime;

import java.lang.ref.Cleaner;

/// A launch with a kernel object of its own whose arguments are set: running it only enqueues. Thread-safe, though
/// threads that set different arguments must agree who runs when.
///
/// It keeps its memory from being garbage-collected. A prepared launch that is itself collected gives its kernel
/// object back; closing it does so at once.
public final class PreparedLaunch implements Prepared {
    private final Launcher launcher;
    private final Launch launch;
    private final KernelObject kernel;
    private final Object[] arguments;
    private final Cleaner.Cleanable loan;
    private boolean closed;

    PreparedLaunch(Launcher launcher, KernelPool kernels, Launch launch, KernelObject kernel, Object[] arguments) {
        this.launcher = launcher;
        this.launch = launch;
        this.kernel = kernel;
        this.arguments = arguments.clone();
        this.loan = GarbageCollected.whenGone(this,
                () -> kernels.giveBack(launch.program(), launch.function(), kernel));
    }

    /// Enqueues the launch.
    /// @throws IllegalStateException if this or the launcher is closed, or memory was given back
    /// @throws larch.opencl.OpenClException if the driver refuses
    @Override
    public synchronized void run() {
        requireOpen();
        for (Object argument : arguments) {
            if (argument instanceof DeviceMemory memory) {
                memory.handle();
            }
        }
        launcher.enqueue(kernel, launch);
    }

    /// Changes an argument for the runs to come.
    /// @param index its position, from 0
    /// @param value what [Launcher] takes
    /// @throws larch.opencl.OpenClException if it does not fit
    public synchronized void set(int index, Object value) {
        requireOpen();
        kernel.set(index, value);
        arguments[index] = value;
    }

    private void requireOpen() {
        if (closed || launcher.isClosed()) {
            throw new IllegalStateException("opencl: the prepared launch of " + launch + " is closed");
        }
    }

    /// Gives the kernel object back. Closing twice is harmless.
    @Override
    public synchronized void close() {
        closed = true;
        loan.clean();
    }

    /// @return what is run
    @Override
    public String toString() {
        return launch.toString();
    }
}
