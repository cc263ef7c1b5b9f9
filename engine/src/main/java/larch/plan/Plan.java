package larch.plan;

import java.util.List;
import java.util.function.Consumer;
import larch.backend.Backend;
import larch.backend.Executable;
import larch.backend.KernelCall;
import larch.backend.Trace;
import larch.tensor.Tensor;

/// A program recorded once and run many times.
///
/// A training step does the same things in the same order each time; only the numbers in its inputs change. So it
/// is recorded while it runs for the first time, as ordinary tape code on a [Recorder], and afterwards the kernels alone
/// are run again: no tape, no shape checks, no allocation. Because the whole program is known, neighbouring kernels are
/// fused ([Fusion]) and results are computed where they are copied to ([Placement]); the backend then compiles the program
/// for its device ([Backend#compile]). Others know this as a CUDA graph or a traced function.
///
/// ```java
/// Plan plan = Plan.record(backend, recorder -> {
///     Tape tape = Tape.recording(recorder);
///     Var loss = model.loss(tape, users, items, labels);     // filled anew before each run
///     adam.step(tape.backward(loss));
///     recorder.keep(loss.value());
/// });                                                        // the first step is done
/// fill(users, items, labels);
/// plan.run();                                                // the second
/// ```
///
/// What is repeated is what went through the backend. Java code between kernels is not, unless it is given to
/// [Backend#host]: a branch is taken as it was while recording. A random stream that was made from a step number would
/// stay that of the first step, so a draw from it is refused: make it from a counter, `Rng.stream(name, LongSupplier)`.
/// Results have the bits of the recorded program run again, on every backend that rounds each step ([Fusion]). A plan
/// serves one thread at a time.
public final class Plan {
    private final List<KernelCall> calls;
    private final Executable program;

    private Plan(Trace trace, Backend backend) {
        calls = trace.calls();
        program = backend.compile(trace);
    }

    /// Runs a program once and remembers its kernels.
    /// @param backend where it runs, now and later
    /// @param program gets a backend that records; what it computes is valid at once
    /// @return the plan
    public static Plan record(Backend backend, Consumer<Recorder> program) {
        Recorder recorder = new Recorder(backend);
        program.accept(recorder);
        List<KernelCall> fused = new Fusion(recorder.finish(), recorder.internal(), recorder.kept()).run();
        List<KernelCall> placed = new Placement(fused, recorder.internal(), recorder.kept()).run();
        return new Plan(new Trace(placed, recorder.internal(), recorder.kept()), backend);
    }

    /// Runs all kernels again.
    public void run() {
        program.run();
    }

    /// Runs all kernels again, so many times in a row: exactly what as many calls of [#run()] do. The host can do nothing in
    /// between but its recorded actions; what differs from run to run is a [larch.backend.Series] or follows a counter that
    /// such an action moves.
    /// @param times how often, at least 0
    public void run(int times) {
        if (times < 0) {
            throw new IllegalArgumentException("plan: expected at least 0 runs; got " + times);
        }
        program.run(times);
    }

    /// @return the kernels of a run, in the order of the program
    public List<KernelCall> calls() {
        return calls;
    }

    /// Runs the plan with a clock between its kernels.
    /// @param runs how often
    /// @return `nanos[w][i]`: how long worker `w` of the backend was busy with `calls().get(i)`, over all runs
    public long[][] profile(int runs) {
        return program.profile(runs);
    }

    /// @return one line for each kernel, in the order of a run, and how the backend shares out the work
    @Override
    public String toString() {
        return program.toString();
    }
}
