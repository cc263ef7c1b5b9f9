package larch.bench.suite;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import larch.bench.machine.PeakWatch;
import larch.bench.report.Row;
import larch.fncf.bench.BenchmarkSuite.BenchmarkException;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Measures a row with JMH, each fork between two samples of the peak.
///
/// A fork has the JVM flags of this process. The peak is sampled here and not in the fork, where its compilation and its
/// vectors would be part of what is measured.
final class ForkedRun {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private final PeakWatch peak;
    private final Path dump;

    /// @param peak the machine's peak
    /// @param dump where forks write the kernels that they compile; null for nowhere
    ForkedRun(PeakWatch peak, Path dump) {
        this.peak = peak;
        this.dump = dump;
    }

    /// @param workload what to measure
    /// @return its row
    /// @throws BenchmarkException if the benchmark fails
    Row measure(Workload workload) {
        List<Row.Iteration> iterations = new ArrayList<>();
        String backend = null;
        for (int fork = 0; fork < workload.effort().forks(); fork++) {
            double before = peak.sample();
            RunResult run = fork(workload);
            double during = Math.max(before, peak.sample());
            backend = run.getParams().getParam("backend");
            for (IterationResult iteration : run.getBenchmarkResults().iterator().next().getIterationResults()) {
                Result<?> allocated = iteration.getSecondaryResults().get(ALLOCATED);
                iterations.add(new Row.Iteration(iteration.getPrimaryResult().getScore(),
                        allocated == null ? Double.NaN : allocated.getScore(), during));
            }
        }
        return Row.of(workload.name(), workload.shape(), backend, workload.threads(), workload.work(), iterations,
                workload.effort().forks());
    }

    private RunResult fork(Workload workload) {
        Effort effort = workload.effort();
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(workload.benchmark().getName()) + "\\.run$")
                .param("shape", workload.shape())
                .param("threads", String.valueOf(workload.threads()))
                .forks(1)
                .warmupIterations(effort.warmups()).warmupTime(TimeValue.milliseconds(effort.warmupMillis()))
                .measurementIterations(effort.iterations()).measurementTime(TimeValue.milliseconds(effort.iterationMillis()))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
        if (dump != null) {
            options.jvmArgsPrepend("-Dlarch.dumpKernels=" + dump.toAbsolutePath());
        }
        if (Arrays.stream(workload.benchmark().getFields()).anyMatch(field -> field.getName().equals("name"))) {
            options.param("name", workload.name());
        }
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream())) {
            return new Runner(options.build(), OutputFormatFactory.createFormatInstance(nowhere, VerboseMode.SILENT)).runSingle();
        } catch (RunnerException failure) {
            Throwable thrown = thrownInFork(failure);
            throw new BenchmarkException(workload + " failed: " + thrown.getMessage(), thrown);
        }
    }

    /// JMH sends what a fork's threads threw as the suppressed exceptions of the failure's cause.
    private static Throwable thrownInFork(RunnerException failure) {
        Throwable cause = failure.getCause();
        return cause == null ? failure : cause.getSuppressed().length == 0 ? cause : cause.getSuppressed()[0];
    }
}
