package larch.bench.workload;

import java.util.concurrent.TimeUnit;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.Backends;
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

    private Backend kernels;

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

    /// Ends the backend's threads.
    @TearDown(Level.Trial)
    public final void closeBackend() {
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
