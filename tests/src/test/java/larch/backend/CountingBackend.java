package larch.backend;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import larch.parallel.ThreadTeam;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// Counts the kernels that are run, and lets another backend run them: the example of `docs/backends.md`.
final class CountingBackend extends Backend {
    private final Backend backend;
    private final Map<Class<? extends KernelCall>, Long> counts = new ConcurrentHashMap<>();

    CountingBackend(Backend backend) {
        this.backend = backend;
    }

    /// @return how often each kind of kernel has been run, such as `{Elementwise=2, Product=1}`
    Map<String, Long> counts() {
        return counts.entrySet().stream().collect(Collectors.toMap(e -> e.getKey().getSimpleName(), Map.Entry::getValue));
    }

    private void count(KernelCall call) {
        counts.merge(call.getClass(), 1L, Long::sum);
    }

    // One call, once. The other backend may own memory meanwhile, so this does not go through prepare.
    @Override
    public void run(KernelCall call) {
        count(call);
        backend.run(call);
    }

    // One call, often: what does not depend on the numbers in memory is done here, the rest in each run.
    @Override
    public Runnable prepare(KernelCall call) {
        Runnable kernel = backend.prepare(call);
        return () -> {
            count(call);
            kernel.run();
        };
    }

    // A whole program: the other backend cuts it, shares it out or queues it as it likes.
    @Override
    public Executable compile(Trace trace) {
        Executable program = backend.compile(trace);
        return new Executable() {
            @Override
            public void run() {
                trace.calls().forEach(CountingBackend.this::count);
                program.run();
            }

            @Override
            public long[][] profile(int runs) {
                return program.profile(runs);
            }

            @Override
            public String toString() {
                return program.toString();
            }
        };
    }

    // Memory is the other backend's: a result that nobody sees but kernels should lie where kernels run.
    @Override
    public Tensor allocate(Shape shape) {
        return backend.allocate(shape);
    }

    @Override
    public Tensor place(Tensor tensor) {
        return backend.place(tensor);
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
    public int rowsToFill() {
        return backend.rowsToFill();
    }

    @Override
    public String name() {
        return "counting";
    }

    @Override
    public String describe() {
        return "counting: the kernels of " + backend.describe();
    }

    // The bits are the other's.
    @Override
    public String numerics() {
        return backend.numerics();
    }

    @Override
    public void close() {
        backend.close();
    }
}
