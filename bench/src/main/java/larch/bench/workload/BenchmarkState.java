package larch.bench.workload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.Backends;
import larch.opencl.backend.OpenClBackend;
import larch.random.Draws;
import larch.random.Rng;
import larch.tensor.Tensor;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What all benchmarks of rows have in common: the backend, and seconds per operation as the measure.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@State(Scope.Benchmark)
public abstract class BenchmarkState {
    /// The backend's name.
    @Param("simd")
    public String backend;
    /// Threads that work together on one operation.
    @Param("1")
    public int threads;

    /// The file that gets the table of the device's kernels, for those who read the fork's figures.
    public static final String TABLE_PROPERTY = "larch.bench.kernelTable";
    private static final double NANO = 1e-9;

    private Backend kernels;
    private double firstSeconds = Double.NaN;
    private boolean isCounting;

    /// For JMH.
    protected BenchmarkState() {
    }

    /// @return the backend under test, made at first use
    final Backend kernels() {
        if (kernels == null) {
            kernels = Backends.select(backend, BackendOptions.fromSystemProperties().withThreads(threads));
        }
        return kernels;
    }

    /// Does something for the first time, which builds the kernels that it needs.
    /// @param operation what to do, its result included
    /// @return its result
    final <T> T first(Supplier<T> operation) {
        kernels();
        long start = System.nanoTime();
        T result = operation.get();
        firstSeconds = (System.nanoTime() - start) * NANO;
        return result;
    }

    /// Does something several times and adds up the time of its kernels, by the device's own clock: neither transfers nor
    /// the host's work are part of it.
    /// @param figures   get the times
    /// @param times     how often
    /// @param operation what to do
    /// @throws IllegalStateException if the backend is no device or does not time its kernels
    final void onDevice(DeviceFigures figures, int times, Runnable operation) {
        if (!(kernels() instanceof OpenClBackend device)) {
            throw new IllegalStateException("bench: expected an OpenCL device, got " + kernels().describe());
        }
        if (!isCounting) {
            // What was launched to verify is not what is measured.
            device.times().reset();
            isCounting = true;
        }
        double before = kernelSeconds(device);
        for (int i = 0; i < times; i++) {
            operation.run();
        }
        double seconds = kernelSeconds(device) - before;
        if (!(seconds > 0)) {
            throw new IllegalStateException("bench: the device timed no kernel; start it with -Dlarch.kernelTimes=true");
        }
        figures.kernelSeconds += seconds;
        figures.operations += times;
        figures.firstSeconds = firstSeconds;
    }

    /// Waits for the device.
    private static double kernelSeconds(OpenClBackend device) {
        return device.times().rows().stream().mapToLong(row -> row.nanos()).sum() * NANO;
    }

    /// Ends the backend's threads.
    /// @throws IOException if the table of the kernels cannot be written
    @TearDown(Level.Trial)
    public final void closeBackend() throws IOException {
        String table = System.getProperty(TABLE_PROPERTY);
        if (table != null && kernels instanceof OpenClBackend device) {
            Files.writeString(Path.of(table), device.times().table());
        }
        if (kernels != null) {
            kernels.close();
        }
    }

    /// @param stream name of a random stream
    /// @return its draws, the same in every run
    static Draws draws(String stream) {
        return Rng.of(1).stream("bench/" + stream).draws();
    }

    /// @param draws random numbers
    /// @param dims  extents
    /// @return a tensor of numbers uniform in [-1, 1)
    static Tensor uniform(Draws draws, int... dims) {
        Tensor tensor = Tensor.zeros(dims);
        float[] data = tensor.data();
        for (int i = 0; i < data.length; i++) {
            data[i] = 2 * draws.nextFloat() - 1;
        }
        return tensor;
    }

    /// @param draws random numbers
    /// @param count how many
    /// @param bound one past the largest
    /// @return whole numbers uniform in [0, bound)
    static int[] indices(Draws draws, int count, int bound) {
        int[] indices = new int[count];
        for (int i = 0; i < count; i++) {
            indices[i] = draws.nextInt(bound);
        }
        return indices;
    }
}
