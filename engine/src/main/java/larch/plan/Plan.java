package larch.plan;

import java.util.List;
import java.util.function.Consumer;
import larch.backend.Backend;
import larch.backend.KernelCall;

/// A program recorded once and run many times.
///
/// A training step does the same things in the same order each time; only the numbers in its input arrays change. So it
/// is recorded while it runs for the first time, as ordinary tape code on a [Recorder], and afterwards the kernels alone
/// are run again: no tape, no shape checks, no allocation. Because the whole program is known, neighbouring kernels are
/// fused ([Fusion]). Others know this as a CUDA graph or a traced function.
///
/// ```java
/// Plan plan = Plan.record(backend, recorder -> {
///     Tape tape = Tape.recording(recorder);
///     Var loss = model.loss(tape, users, items, labels);     // arrays that are filled anew before each run
///     adam.step(tape.backward(loss));
///     recorder.keep(loss.value());
/// });                                                        // the first step is done
/// fill(users, items, labels);
/// plan.run();                                                // the second
/// ```
///
/// What is repeated is what went through the backend. Java code between kernels is not, unless it is given to
/// [Backend#host]: a branch is taken as it was while recording, a random stream that was made from a step number stays
/// that of the first step (make it from a counter, `Rng.stream(name, LongSupplier)`). Results have the bits of the
/// recorded program run again. A plan serves one thread at a time.
public final class Plan {
    private final List<KernelCall> calls;
    private final Runnable[] kernels;

    private Plan(List<KernelCall> calls, Backend backend) {
        this.calls = List.copyOf(calls);
        this.kernels = calls.stream().map(backend::prepare).toArray(Runnable[]::new);
    }

    /// Runs a program once and remembers its kernels.
    /// @param backend where it runs, now and later
    /// @param program gets a backend that records; what it computes is valid at once
    /// @return the plan
    public static Plan record(Backend backend, Consumer<Recorder> program) {
        Recorder recorder = new Recorder(backend);
        program.accept(recorder);
        return new Plan(new Fusion(recorder.finish(), recorder.internal(), recorder.kept()).run(), backend);
    }

    /// Runs all kernels again, in order.
    public void run() {
        for (Runnable kernel : kernels) {
            kernel.run();
        }
    }

    /// @return what a run does, in order
    public List<KernelCall> calls() {
        return calls;
    }

    /// Runs the plan with a clock between its kernels, which costs some 50 ns for each.
    /// @param runs  how often
    /// @param nanos `nanos[i]` grows by the time that `calls().get(i)` took
    public void profile(int runs, long[] nanos) {
        for (int run = 0; run < runs; run++) {
            long start = System.nanoTime();
            for (int i = 0; i < kernels.length; i++) {
                kernels[i].run();
                long end = System.nanoTime();
                nanos[i] += end - start;
                start = end;
            }
        }
    }

    /// @return one line for each kernel
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < calls.size(); i++) {
            text.append(String.format("%3d  %s%n", i, calls.get(i)));
        }
        return text.toString();
    }
}
