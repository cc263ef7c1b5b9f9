package larch.opencl.runtime;

/// Work for a device whose kernels, arguments and memory are settled: what is left is to enqueue it, as often as wanted, by
/// one thread at a time.
public interface Prepared extends Runnable, AutoCloseable {
    /// Enqueues the work, in the order in which it was prepared; what it reads is read anew each time.
    /// @throws IllegalStateException if this is closed
    @Override
    void run();

    /// Gives back what the work holds. Commands that are enqueued still run; closing twice is harmless.
    @Override
    void close();
}
