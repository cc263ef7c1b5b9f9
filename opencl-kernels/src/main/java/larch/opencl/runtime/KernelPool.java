package larch.opencl.runtime;

import java.util.Deque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import larch.opencl.OpenClException;
import larch.opencl.OpenClProgram;

/// Lends kernel objects, each to one thread at a time, because setting arguments on one object from two threads is
/// not safe (OpenCL specification, `clSetKernelArg`). An enqueued command keeps the arguments that it saw, so an
/// object comes back right after its launch: there are as many as there were launches at once, not as threads, and
/// those of ended threads are used again. Thread-safe.
final class KernelPool implements AutoCloseable {
    private final Map<Key, Deque<KernelObject>> idle = new ConcurrentHashMap<>();
    private final Queue<KernelObject> made = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    private record Key(OpenClProgram program, String function) {}

    /// @throws OpenClException if the program has no such kernel
    KernelObject borrow(OpenClProgram program, String function) {
        if (closed) {
            throw new IllegalStateException("opencl: the launcher on " + program.context().device() + " is closed");
        }
        KernelObject kernel = idleOf(program, function).poll();
        if (kernel == null) {
            kernel = new KernelObject(program, function);
            made.add(kernel);
        }
        return kernel;
    }

    void giveBack(OpenClProgram program, String function, KernelObject kernel) {
        idleOf(program, function).push(kernel);
    }

    private Deque<KernelObject> idleOf(OpenClProgram program, String function) {
        return idle.computeIfAbsent(new Key(program, function), k -> new ConcurrentLinkedDeque<>());
    }

    /// @return how many objects there are, lent or not
    int size() {
        return made.size();
    }

    boolean isClosed() {
        return closed;
    }

    /// Releases every object, those that are lent too. Closing twice is harmless.
    @Override
    public void close() {
        closed = true;
        for (KernelObject kernel = made.poll(); kernel != null; kernel = made.poll()) {
            kernel.release();
        }
        idle.clear();
    }
}
