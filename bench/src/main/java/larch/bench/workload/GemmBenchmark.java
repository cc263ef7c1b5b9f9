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

    private Product product;
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

    /// Makes the operands and verifies one product.
    @Setup(Level.Trial)
    public void setUp() {
        product = Product.of(name, shape);
        c = Tensor.zeros(product.m(), product.n());
        product.verify(run());
    }

    /// @return C
    @Benchmark
    public Tensor run() {
        kernels().gemm(product.transA(), product.transB(), 1, product.a(), product.b(), 0, c);
        return c;
    }
}
