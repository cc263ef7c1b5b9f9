package larch.bench.workload;

import java.util.Map;
import larch.gemm.Transpose;
import larch.random.Draws;
import larch.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// `sgemm-nn`, `-nt`, `-tn`, `-tt`: `C ← op(A)·op(B)`, shape `MxNxK`.
public class GemmBenchmark extends BenchmarkState {
    /// The names of the rows.
    public static final Map<String, Transpose[]> TRANSPOSES = Map.of(
            "sgemm-nn", new Transpose[] {Transpose.NO, Transpose.NO}, "sgemm-nt", new Transpose[] {Transpose.NO, Transpose.YES},
            "sgemm-tn", new Transpose[] {Transpose.YES, Transpose.NO}, "sgemm-tt", new Transpose[] {Transpose.YES, Transpose.YES});

    /// Which operands are stored transposed.
    @Param({"sgemm-nn", "sgemm-nt", "sgemm-tn", "sgemm-tt"})
    public String name;
    /// `MxNxK`.
    @Param({"128x128x256", "1024x1024x1024"})
    public String shape;

    private Transpose transA;
    private Transpose transB;
    private Tensor a;
    private Tensor b;
    private Tensor c;

    /// For JMH.
    public GemmBenchmark() {
    }

    /// @param shape `MxNxK`
    /// @return 2·M·N·K flops; A and B read, C written
    public static Work work(String shape) {
        int[] mnk = ShapeText.numbers(shape, "NxNxN");
        double m = mnk[0];
        double n = mnk[1];
        double k = mnk[2];
        return Work.arithmetic(2 * m * n * k, Float.BYTES * (m * k + k * n + m * n));
    }

    /// Makes the matrices and verifies one product.
    @Setup(Level.Trial)
    public void setUp() {
        int[] mnk = ShapeText.numbers(shape, "NxNxN");
        transA = TRANSPOSES.get(name)[0];
        transB = TRANSPOSES.get(name)[1];
        Draws draws = draws("gemm");
        a = transA.isTransposed() ? uniform(draws, mnk[2], mnk[0]) : uniform(draws, mnk[0], mnk[2]);
        b = transB.isTransposed() ? uniform(draws, mnk[1], mnk[2]) : uniform(draws, mnk[2], mnk[1]);
        c = Tensor.zeros(mnk[0], mnk[1]);
        verify(run(), draws);
    }

    /// @return C
    @Benchmark
    public Tensor run() {
        kernels().gemm(transA, transB, 1, a, b, 0, c);
        return c;
    }

    /// Freivalds' check in double precision: `C·x = op(A)·(op(B)·x)` for a random x of signs. Every element of C takes part,
    /// at the cost of three matrix-vector products. The bound is √N times the rounding of one element.
    void verify(Tensor product, Draws draws) {
        double[] x = new double[product.dim(1)];
        for (int j = 0; j < x.length; j++) {
            x[j] = draws.nextBoolean() ? 1 : -1;
        }
        double[] expected = times(a, transA.isTransposed(), times(b, transB.isTransposed(), x));
        double[] actual = times(product, false, x);
        int k = a.dim(transA.isTransposed() ? 0 : 1);
        double allowed = 1e-6 * k * Math.sqrt(x.length);
        for (int i = 0; i < expected.length; i++) {
            Verify.holds(Math.abs(actual[i] - expected[i]) <= allowed, name + " " + shape, "row " + i + " of C, signs changed at"
                    + " random, must add up to " + expected[i] + " ± " + allowed + ", got " + actual[i]);
        }
    }

    private static double[] times(Tensor matrix, boolean transposed, double[] x) {
        int rows = matrix.dim(0);
        int cols = matrix.dim(1);
        float[] data = matrix.data();
        double[] y = new double[transposed ? cols : rows];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                y[transposed ? j : i] += data[i * cols + j] * x[transposed ? i : j];
            }
        }
        return y;
    }
}
