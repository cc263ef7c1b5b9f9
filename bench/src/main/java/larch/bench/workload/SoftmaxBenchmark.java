package larch.bench.workload;

import larch.autodiff.Tape;
import larch.autodiff.Workspace;
import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.op.Softmax;
import larch.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// `softmax`: of each row, shape `RxC`.
public class SoftmaxBenchmark extends BenchmarkState {
    /// The name of the row.
    public static final String NAME = "softmax";
    private static final Softmax SOFTMAX = new Softmax(1);

    /// `RxC`.
    @Param({"128x128", "8192x128"})
    public String shape;

    private final Workspace workspace = new Workspace();
    private Tensor x;

    /// For JMH.
    public SoftmaxBenchmark() {
    }

    /// @param shape `RxC`
    /// @return the argument read and the result written
    public static Work work(String shape) {
        int[] dims = ShapeText.numbers(shape, "NxN");
        double size = (double) dims[0] * dims[1];
        return Work.movement(size, 2 * Float.BYTES * size);
    }

    /// Makes the argument and verifies one result.
    @Setup(Level.Trial)
    public void setUp() {
        x = uniform(draws(NAME), ShapeText.numbers(shape, "NxN"));
        try (Backend reference = new ReferenceBackend()) {
            Verify.close(NAME + " " + shape, softmax(Tape.inference(reference)), run(), 1e-5);
        }
    }

    /// @return the softmax
    @Benchmark
    public Tensor run() {
        return softmax(Tape.inference(kernels(), workspace));
    }

    private Tensor softmax(Tape tape) {
        return tape.constant(x).apply(SOFTMAX).value();
    }
}
