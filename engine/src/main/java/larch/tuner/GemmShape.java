package larch.tuner;

import larch.gemm.Gemm;
import larch.gemm.Transpose;

/// One product to measure with.
///
/// @param transA whether A is stored transposed
/// @param transB whether B is stored transposed
/// @param m      rows of C
/// @param n      columns of C
/// @param k      inner extent
public record GemmShape(boolean transA, boolean transB, int m, int n, int k) {
    /// @param text such as `nt 128x256x128`: op(A), op(B), m x n x k
    /// @return the shape
    public static GemmShape of(String text) {
        String[] extents = text.substring(3).split("x");
        return new GemmShape(text.charAt(0) == 't', text.charAt(1) == 't', Integer.parseInt(extents[0]),
                Integer.parseInt(extents[1]), Integer.parseInt(extents[2]));
    }

    /// @return operations of one product; a fused multiply-add is two
    public double flops() {
        return 2.0 * m * n * k;
    }

    /// @return the product of small whole numbers, whose sums are exact in `float` in any order
    public Gemm product() {
        float[] a = numbers(m * k, 5);
        float[] b = numbers(k * n, 7);
        return new Gemm(transpose(transA), transpose(transB), m, n, k, 1, a, 0, transA ? m : k, b, 0, transB ? k : n, 0,
                new float[m * n], 0, n);
    }

    private static Transpose transpose(boolean transposed) {
        return transposed ? Transpose.YES : Transpose.NO;
    }

    /// From -3 to 3, in an order that repeats late.
    private static float[] numbers(int count, int step) {
        float[] numbers = new float[count];
        int state = step;
        for (int i = 0; i < count; i++) {
            state = state * 1_103_515_245 + 12_345;
            numbers[i] = (state >>> 16) % 7 - 3;
        }
        return numbers;
    }

    @Override
    public String toString() {
        return (transA ? "t" : "n") + (transB ? "t" : "n") + " " + m + "x" + n + "x" + k;
    }
}
