package larch.bench.gpu;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.Backends;
import larch.bench.workload.SyntheticMovieLens;
import larch.fncf.data.NegativeOptions;
import larch.fncf.data.TrainingEpoch;
import larch.fncf.model.Noise;
import larch.fncf.train.Stage;
import larch.fncf.train.TrainConfig;
import larch.fncf.train.TrainingStep;
import larch.opencl.OpenClDevices;
import larch.random.Rng;

/// Times FNCF's training step on the preferred OpenCL device, as a user has it: indices and labels are uploaded, the loss is
/// read, in each step. Rows are added to the CSV of `bench/gpu/gpu_step.py`, whose net and batch sizes these are.
public final class GpuSteps {
    private static final int[] BATCHES = {128, 4_096, 65_536};
    private static final int FACTORS = 64;
    private static final int WINDOWS = 15;
    private static final long WARM_UP_NANOS = 6_000_000_000L;
    private static final long WINDOW_NANOS = 100_000_000L;
    private static final int MOST_STEPS = 10_000;

    private GpuSteps() {}

    /// @param arguments the file to add to
    /// @throws IOException if it cannot be written
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("GpuSteps: expected a file to add to, got " + List.of(arguments));
        }
        OpenClDevices devices = OpenClDevices.discover();
        if (devices.all().isEmpty()) {
            System.out.println("not applicable: no OpenCL device: " + devices.listing().detail());
            return;
        }
        SyntheticMovieLens data = new SyntheticMovieLens();
        TrainingEpoch samples = new TrainingEpoch(data.split(), NegativeOptions.defaults(), 1).fill(0);
        // Each row is flushed: the time may end before the table does.
        Path file = Path.of(arguments[0]);
        boolean isNew = !Files.exists(file);
        try (Backend backend = Backends.select("opencl", new BackendOptions(1, 0));
                var csv = new PrintWriter(Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                        true)) {
            System.out.println(backend.describe());
            if (isNew) {
                csv.println("batch,mode,us,samples_per_second");
            }
            for (int batch : BATCHES) {
                double micros = micros(backend, data, samples, batch);
                csv.printf(Locale.ROOT, "%d,larch,%.2f,%.0f%n", batch, micros, batch / micros * 1e6);
            }
        }
    }

    /// @return the median of the windows' means, in microseconds for each step
    private static double micros(Backend backend, SyntheticMovieLens data, TrainingEpoch samples, int batch) {
        try (TrainingStep step = new TrainingStep(backend, new Stage.HardLabels(10, 1), data.network(FACTORS, 1), null,
                TrainConfig.PAPER.adam(), Rng.of(3), Noise.NONE)) {
            int[] next = {0};
            Runnable once = () -> {
                int from = next[0] + batch > samples.size() ? 0 : next[0];
                next[0] = from + batch;
                step.run(samples, from, from + batch);
            };
            double nanos = 0;
            for (long start = System.nanoTime(); System.nanoTime() - start < WARM_UP_NANOS;) {
                nanos = mean(once, step::drainLoss, 1);
            }
            // Steps are enqueued faster than they are done, so a window is a number of them.
            int steps = (int) Math.clamp(WINDOW_NANOS / nanos, 1, MOST_STEPS);
            double[] means = new double[WINDOWS];
            for (int window = 0; window < WINDOWS; window++) {
                means[window] = mean(once, step::drainLoss, steps);
            }
            Arrays.sort(means);
            return means[WINDOWS / 2] / 1e3;
        }
    }

    /// @param action what is timed
    /// @param finish waits for what has been enqueued; part of the window
    /// @param times  how often
    private static double mean(Runnable action, Runnable finish, int times) {
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            action.run();
        }
        finish.run();
        return (System.nanoTime() - start) / (double) times;
    }
}
