package larch.bench.workload;

import larch.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// `sgemm-nn`, `-nt`, `-tn`, `-tt`: `C ← op(A)·op(B)`, shape `MxNxK`.
public class GemmBenchmark extends BenchmarkState {
    /// Which operands are stored transposed.
    @Param({"sgemm-nn", "sgemm-nt", "sgemm-tn", "sgemm-tt"})
    public String name;
    /// `MxNxK`.
    @Param({"128x128x256", "1024x1024x1024"})
    public String shape;

    /// So many products are enqueued before anyone waits, if they are short.
    private static final int MOST_IN_A_ROW = 256;
    private static final double IN_A_ROW_SECONDS = 0.05;

    private Product product;
    private Tensor c;
    private Tensor placedA;
    private Tensor placedB;
    private Tensor placedC;
    private int inARow;

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

    /// Makes the operands and verifies one product.
    @Setup(Level.Trial)
    public void setUp() {
        product = Product.of(name, shape);
        c = Tensor.zeros(product.m(), product.n());
        product.verify(first(this::run));
        placedA = kernels().place(product.a());
        placedB = kernels().place(product.b());
        placedC = kernels().allocate(c.shape());
        long start = System.nanoTime();
        multiplyPlaced();
        Tensor computed = placedC.copy();
        inARow = (int) Math.clamp(IN_A_ROW_SECONDS * 1e9 / (System.nanoTime() - start), 1, MOST_IN_A_ROW);
        product.verify(computed);
    }

    private void multiplyPlaced() {
        kernels().gemm(product.transA(), product.transB(), 1, placedA, placedB, 0, placedC);
    }

    /// @return C
    @Benchmark
    public Tensor run() {
        kernels().gemm(product.transA(), product.transB(), 1, product.a(), product.b(), 0, c);
        return c;
    }

    /// Many products of matrices that lie on the device, and one wait.
    /// @param figures get the times
    @Benchmark
    public void onDevice(DeviceFigures figures) {
        onDevice(figures, inARow, this::multiplyPlaced);
    }
}
