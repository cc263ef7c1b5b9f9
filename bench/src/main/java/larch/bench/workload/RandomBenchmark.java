package larch.bench.workload;

import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.random.Rng;
import larch.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// `rng-uniform` and `rng-normal`: an array of draws, shape `n=N`.
public class RandomBenchmark extends BenchmarkState {
    /// The name of the row of uniform draws.
    public static final String UNIFORM = "rng-uniform";
    /// The name of the row of normal draws.
    public static final String NORMAL = "rng-normal";

    /// Which of the two.
    @Param({UNIFORM, NORMAL})
    public String name;
    /// `n=N`.
    @Param("n=1048576")
    public String shape;

    private final Rng stream = Rng.of(1).stream("bench/random");
    private Tensor out;

    /// For JMH.
    public RandomBenchmark() {
    }

    /// @param shape `n=N`
    /// @return the result written
    public static Work work(String shape) {
        double n = ShapeText.numbers(shape, "n=N")[0];
        return Work.movement(n, Float.BYTES * n);
    }

    /// Compares one array with the reference and its mean and variance with the distribution's.
    @Setup(Level.Trial)
    public void setUp() {
        int n = ShapeText.numbers(shape, "n=N")[0];
        out = Tensor.zeros(n);
        Tensor expected = Tensor.zeros(n);
        try (Backend reference = new ReferenceBackend()) {
            draw(reference, expected);
        }
        Verify.close(name + " " + shape, expected, run(), 0);
        double sum = 0;
        double squares = 0;
        for (float draw : out.data()) {
            sum += draw;
            squares += (double) draw * draw;
        }
        double mean = sum / n;
        boolean isUniform = name.equals(UNIFORM);
        double tolerance = 6 / Math.sqrt(n);
        Verify.close(name + " " + shape + ", mean", isUniform ? 0.5 : 0, mean, tolerance);
        Verify.close(name + " " + shape + ", variance", isUniform ? 1 / 12.0 : 1, squares / n - mean * mean, tolerance);
    }

    /// @return the draws
    @Benchmark
    public Tensor run() {
        draw(kernels(), out);
        return out;
    }

    private void draw(Backend backend, Tensor to) {
        if (name.equals(UNIFORM)) {
            backend.uniforms(stream, to);
        } else {
            backend.normals(stream, to);
        }
    }
}
