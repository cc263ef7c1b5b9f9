package larch.bench.suite;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import larch.bench.machine.PeakWatch;
import larch.bench.report.Row;
import larch.fncf.bench.BenchmarkSuite.BenchmarkException;
import larch.fncf.bench.BenchmarkSuite.Target;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/// Measures a row with JMH, each fork between two samples of the peak.
///
/// A fork has the JVM flags of this process. The peak is sampled here and not in the fork, where its compilation and its
/// vectors would be part of what is measured.
final class ForkedRun {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private final PeakWatch peak;
    private final List<String> arguments;

    /// @param peak the machine's peak
    /// @param dump where forks write the kernels that they compile; null for nowhere
    ForkedRun(PeakWatch peak, Path dump) {
        this.peak = peak;
        arguments = dump == null ? List.of() : List.of("-Dlarch.dumpKernels=" + dump.toAbsolutePath());
    }

    /// @param workload what to measure
    /// @return its row
    /// @throws BenchmarkException if the benchmark fails
    Row measure(Workload workload) {
        List<Row.Iteration> iterations = new ArrayList<>();
        for (int fork = 0; fork < workload.effort().forks(); fork++) {
            double before = peak.sample();
            RunResult run = JmhFork.run(workload, JmhFork.RUN, Target.SIMD, arguments);
            double during = Math.max(before, peak.sample());
            for (IterationResult iteration : run.getBenchmarkResults().iterator().next().getIterationResults()) {
                Result<?> allocated = iteration.getSecondaryResults().get(ALLOCATED);
                iterations.add(new Row.Iteration(iteration.getPrimaryResult().getScore(),
                        allocated == null ? Double.NaN : allocated.getScore(), during));
            }
        }
        return Row.of(workload.name(), workload.shape(), Target.SIMD, workload.threads(), workload.work(), iterations,
                workload.effort().forks());
    }
}
