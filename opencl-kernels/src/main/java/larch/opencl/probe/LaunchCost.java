package larch.opencl.probe;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jocl.cl_mem;

/// What a launch costs, which decides how much must be fused into one kernel. Times are the host's, in
/// microseconds.
final class LaunchCost {
    private static final int BATCH = 1000;
    private static final int REPEATS = 11;

    private LaunchCost() {}

    static List<Probe> probes() {
        return List.of(
                new Probe("E6.batch", "what does one launch of many cost?", false, LaunchCost::batch),
                new Probe("E6.finish", "what does a launch cost that is waited for?", false, LaunchCost::finish),
                new Probe("E6.argument", "what does setting an argument cost?", false, LaunchCost::argument));
    }

    private static Finding batch(ProbeBench bench) {
        ProbeKernel kernel = bench.build("axpy.cl", "").kernel("empty");
        double[] enqueued = new double[REPEATS];
        double[] done = new double[REPEATS];
        for (int i = 0; i < REPEATS; i++) {
            long start = System.nanoTime();
            for (int j = 0; j < BATCH; j++) {
                kernel.enqueue(32, 32);
            }
            enqueued[i] = microsSince(start) / BATCH;
            bench.finish();
            done[i] = microsSince(start) / BATCH;
        }
        double call = median(enqueued);
        double launch = median(done);
        return Finding.measured(String.format(Locale.ROOT,
                "%.2f us per launch, of which the call takes the host %.2f us (%d empty kernels in a row)", launch,
                call, BATCH), Map.of("us per launch", launch, "us per call", call));
    }

    private static Finding finish(ProbeBench bench) {
        ProbeKernel kernel = bench.build("axpy.cl", "").kernel("empty");
        double[] micros = new double[BATCH];
        for (int i = 0; i < BATCH; i++) {
            long start = System.nanoTime();
            kernel.enqueue(32, 32);
            bench.finish();
            micros[i] = microsSince(start);
        }
        double median = median(micros);
        // Sorted by now.
        double fastest = micros[0];
        return Finding.measured(String.format(Locale.ROOT, "%.2f us for launch and finish, %.2f us at best", median,
                fastest), Map.of("us median", median, "us best", fastest));
    }

    private static Finding argument(ProbeBench bench) {
        ProbeKernel kernel = bench.build("axpy.cl", "").kernel("axpy");
        cl_mem buffer = bench.poisoned(64);
        kernel.with(1.0f, buffer, buffer, 64);
        double[] micros = new double[REPEATS];
        for (int i = 0; i < REPEATS; i++) {
            long start = System.nanoTime();
            for (int j = 0; j < BATCH; j++) {
                kernel.with(1.0f, buffer, buffer, j);
            }
            micros[i] = microsSince(start) / BATCH / 4;
        }
        double cost = median(micros);
        return Finding.measured(String.format(Locale.ROOT, "%.3f us per argument", cost), Map.of("us", cost));
    }

    private static double microsSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e3;
    }

    /// Sorts the values.
    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
