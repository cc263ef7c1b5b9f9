package larch.bench.workload;

import java.util.Map;
import larch.gemm.Transpose;
import larch.random.Draws;
import larch.tensor.Tensor;

/// The product of a row `sgemm-nn`, `-nt`, `-tn` or `-tt`, `C[M,N] ← op(A)·op(B)`: its operands, and a check of its result.
///
/// @param name   the row's name
/// @param shape  `MxNxK`
/// @param transA how A is stored: `[M,K]`, or `[K,M]` if transposed
/// @param transB how B is stored: `[K,N]`, or `[N,K]` if transposed
/// @param m      rows of C
/// @param n      columns of C
/// @param k      terms of each element of C
/// @param a      A, uniform in [-1, 1)
/// @param b      B, uniform in [-1, 1)
public record Product(String name, String shape, Transpose transA, Transpose transB, int m, int n, int k, Tensor a, Tensor b) {
    /// How the operands of each row are stored.
    static final Map<String, Transpose[]> TRANSPOSES = Map.of(
            "sgemm-nn", new Transpose[] {Transpose.NO, Transpose.NO}, "sgemm-nt", new Transpose[] {Transpose.NO, Transpose.YES},
            "sgemm-tn", new Transpose[] {Transpose.YES, Transpose.NO}, "sgemm-tt", new Transpose[] {Transpose.YES, Transpose.YES});

    /// @param name  the row's name
    /// @param shape `MxNxK`
    /// @return the product, with the same operands in every run
    public static Product of(String name, String shape) {
        int[] mnk = ShapeText.numbers(shape, "NxNxN");
        int m = mnk[0];
        int n = mnk[1];
        int k = mnk[2];
        Transpose transA = TRANSPOSES.get(name)[0];
        Transpose transB = TRANSPOSES.get(name)[1];
        Draws draws = BenchmarkState.draws("gemm");
        Tensor a = transA.isTransposed() ? BenchmarkState.uniform(draws, k, m) : BenchmarkState.uniform(draws, m, k);
        Tensor b = transB.isTransposed() ? BenchmarkState.uniform(draws, n, k) : BenchmarkState.uniform(draws, k, n);
        return new Product(name, shape, transA, transB, m, n, k, a, b);
    }

    /// Freivalds' check in double precision: `C·x = op(A)·(op(B)·x)` for a random x of signs. Every element of C takes part,
    /// at the cost of three matrix-vector products. The bound is √N times the rounding of one element.
    /// @param c what was computed, `[M,N]`
    /// @throws IllegalStateException if it is wrong
    public void verify(Tensor c) {
        Draws draws = BenchmarkState.draws("gemm/signs");
        double[] x = new double[n];
        for (int j = 0; j < n; j++) {
            x[j] = draws.nextBoolean() ? 1 : -1;
        }
        double[] expected = times(a, transA.isTransposed(), times(b, transB.isTransposed(), x));
        double[] actual = times(c, false, x);
        double allowed = 1e-6 * k * Math.sqrt(n);
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
