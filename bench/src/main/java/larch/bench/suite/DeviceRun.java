package larch.bench.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import larch.bench.machine.DeviceWatch;
import larch.bench.report.DeviceRow;
import larch.bench.workload.BenchmarkState;
import larch.fncf.bench.BenchmarkSuite.BenchmarkException;
import larch.fncf.bench.BenchmarkSuite.Target;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;

/// Measures a row on a device. Each fork is two JVMs: one in which the device times every launch, for the time of the
/// kernels, between two samples of the peak; and one in which it times none, for the time of the whole call.
final class DeviceRun {
    private final DeviceWatch watch;
    private final String device;

    /// @param watch the device and its peak
    DeviceRun(DeviceWatch watch) {
        this.watch = watch;
        device = "-Dlarch.device=" + watch.device().info().index();
    }

    /// @param workload what to measure
    /// @return its row
    /// @throws BenchmarkException if the benchmark fails
    DeviceRow measure(Workload workload) {
        List<DeviceRow.Kernels> kernels = new ArrayList<>();
        List<Double> calls = new ArrayList<>();
        double first = 0;
        String table = "";
        for (int fork = 0; fork < workload.effort().forks(); fork++) {
            double before = watch.latest();
            Path file = newFile();
            List<IterationResult> timed = fork(workload, JmhFork.ON_DEVICE, List.of(device, "-Dlarch.kernelTimes=true",
                    "-D" + BenchmarkState.TABLE_PROPERTY + "=" + file));
            double peak = Math.max(before, watch.sample());
            if (fork == 0) {
                // Drivers keep what they have compiled on disk, so later JVMs build less.
                first = figure(timed.getFirst(), "firstSeconds");
            }
            timed.forEach(iteration -> kernels.add(new DeviceRow.Kernels(
                    figure(iteration, "kernelSeconds") / figure(iteration, "operations"), peak)));
            table = take(file);
            fork(workload, JmhFork.RUN, List.of(device)).forEach(iteration -> calls.add(iteration.getPrimaryResult().getScore()));
        }
        return DeviceRow.of(workload.name(), workload.shape(), workload.work(), kernels, calls, first,
                workload.effort().forks(), table);
    }

    private static List<IterationResult> fork(Workload workload, String method, List<String> arguments) {
        return List.copyOf(JmhFork.run(workload, method, Target.OPENCL, arguments).getBenchmarkResults().iterator().next()
                .getIterationResults());
    }

    private static double figure(IterationResult iteration, String name) {
        Result<?> figure = iteration.getSecondaryResults().get(name);
        if (figure == null) {
            throw new BenchmarkException("the benchmark reported no " + name + ", only "
                    + iteration.getSecondaryResults().keySet(), null);
        }
        return figure.getScore();
    }

    private static Path newFile() {
        try {
            return Files.createTempFile("larch-kernels", ".txt");
        } catch (IOException e) {
            throw new UncheckedIOException("bench: making a file for the times of kernels", e);
        }
    }

    private static String take(Path file) {
        try {
            String table = Files.readString(file);
            Files.delete(file);
            return table;
        } catch (IOException e) {
            throw new UncheckedIOException("bench: reading the times of kernels from " + file, e);
        }
    }
}
