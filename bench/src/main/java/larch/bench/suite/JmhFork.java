package larch.bench.suite;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import larch.fncf.bench.BenchmarkSuite.BenchmarkException;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// One JVM of JMH, which measures one row with the flags of this process.
final class JmhFork {
    /// The method that every benchmark has.
    static final String RUN = "run";
    /// The method of those that can tell the time of a device's kernels.
    static final String ON_DEVICE = "onDevice";

    private JmhFork() {
    }

    /// @param workload  what to measure
    /// @param method    which of the benchmark's methods
    /// @param backend   the name of the backend
    /// @param arguments of the JVM, beside those of this process
    /// @return what JMH says
    /// @throws BenchmarkException if the benchmark fails
    static RunResult run(Workload workload, String method, String backend, List<String> arguments) {
        Effort effort = workload.effort();
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(workload.benchmark().getName()) + "\\." + method + "$")
                .param("shape", workload.shape())
                .param("backend", backend)
                .param("threads", String.valueOf(workload.threads()))
                .forks(1)
                .warmupIterations(effort.warmups()).warmupTime(TimeValue.milliseconds(effort.warmupMillis()))
                .measurementIterations(effort.iterations()).measurementTime(TimeValue.milliseconds(effort.iterationMillis()))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
        if (!arguments.isEmpty()) {
            options.jvmArgsPrepend(arguments.toArray(String[]::new));
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
