package larch.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import larch.tensor.ShapeException;
import org.junit.jupiter.api.Test;

class GemmTest {
    private static final Transpose N = Transpose.NO;
    private static final Transpose T = Transpose.YES;

    /// ```text
    ///   1 2 3     7  8        58  64
    ///   4 5 6  ·  9 10   =   139 154
    ///            11 12
    /// ```
    @Test
    void productComputedByHand() {
        float[] a = {1, 2, 3, 4, 5, 6};
        float[] b = {7, 8, 9, 10, 11, 12};
        float[] c = {1, 1, 1, 1};
        Gemm g = new Gemm(N, N, 2, 2, 3, 1, a, 0, 3, b, 0, 2, 0, c, 0, 2);
        GemmNaive.run(g);
        assertArrayEquals(new float[] {58, 64, 139, 154}, c);
        for (GemmPaths.Path path : GemmPaths.all()) {
            float[] twice = {100, 200, 300, 400};
            path.driver().run(new Gemm(N, N, 2, 2, 3, 2, a, 0, 3, b, 0, 2, -1, twice, 0, 2));
            assertArrayEquals(new float[] {16, -72, -22, -92}, twice, path.name());
        }
    }

    /// Bᵀ·Aᵀ of the same numbers, both stored transposed.
    @Test
    void transposedProductComputedByHand() {
        float[] a = {1, 2, 3, 4, 5, 6};
        float[] b = {7, 8, 9, 10, 11, 12};
        for (GemmPaths.Path path : GemmPaths.all()) {
            float[] c = new float[4];
            path.driver().run(new Gemm(T, T, 2, 2, 3, 1, b, 0, 2, a, 0, 3, 0, c, 0, 2));
            assertArrayEquals(new float[] {58, 139, 64, 154}, c, path.name());
        }
    }

    @Test
    void withoutStepsOrWithAlphaZeroOnlyScalesC() {
        float[] nan = {Float.NaN, Float.NaN, Float.NaN, Float.NaN};
        for (GemmPaths.Path path : GemmPaths.all()) {
            float[] c = {1, 2, 3, 4};
            path.driver().run(new Gemm(N, N, 2, 2, 0, 1, nan, 0, 1, nan, 0, 2, 0.5f, c, 0, 2));
            assertArrayEquals(new float[] {0.5f, 1, 1.5f, 2}, c, path.name());
            path.driver().run(new Gemm(N, N, 2, 2, 2, 0, nan, 0, 2, nan, 0, 2, 2, c, 0, 2));
            assertArrayEquals(new float[] {1, 2, 3, 4}, c, path.name());
            path.driver().run(new Gemm(N, N, 2, 2, 2, 0, nan, 0, 2, nan, 0, 2, 0, c, 0, 2));
            assertArrayEquals(new float[4], c, path.name());
        }
        Gemm naive = new Gemm(N, N, 2, 2, 2, 0, nan, 0, 2, nan, 0, 2, 0, new float[4], 0, 2);
        GemmNaive.run(naive);
        assertArrayEquals(new float[4], naive.c().array());
    }

    @Test
    void refusesNegativeExtents() {
        assertMessage("gemm: extents must be >= 0; got m 1, n -2, k 3",
                () -> new Gemm(N, N, 1, -2, 3, 1, new float[3], 0, 3, new float[6], 0, 2, 0, new float[2], 0, 2));
    }

    @Test
    void refusesALeadingDimensionShorterThanARow() {
        assertMessage("gemm: leading dimension of A stored 2x3 must be >= 3; got 2",
                () -> new Gemm(N, N, 2, 2, 3, 1, new float[6], 0, 2, new float[6], 0, 2, 0, new float[4], 0, 2));
        assertMessage("gemm: leading dimension of B stored 2x3 must be >= 3; got 2",
                () -> new Gemm(N, T, 2, 2, 3, 1, new float[6], 0, 3, new float[6], 0, 2, 0, new float[4], 0, 2));
        assertMessage("gemm: leading dimension of C stored 0x0 must be >= 1; got 0",
                () -> new Gemm(N, N, 0, 0, 1, 1, new float[6], 0, 1, new float[6], 0, 1, 0, new float[4], 0, 0));
    }

    @Test
    void refusesAMatrixThatLeavesItsArray() {
        assertMessage("gemm: C stored 2x2 at offset 1 with leading dimension 2 ends at element 5; the buffer holds 4",
                () -> new Gemm(N, N, 2, 2, 3, 1, new float[6], 0, 3, new float[6], 0, 2, 0, new float[4], 1, 2));
        assertMessage("gemm: A stored 2x3 at offset -1 with leading dimension 3 ends at element 5; the buffer holds 6",
                () -> new Gemm(N, N, 2, 2, 3, 1, new float[6], -1, 3, new float[6], 0, 2, 0, new float[4], 0, 2));
        assertMessage("gemm: B stored 65536x65536 at offset 0 with leading dimension 65536 ends at element 4294967296; "
                + "the buffer holds 1",
                () -> new Gemm(N, N, 1, 65536, 65536, 1, new float[65536], 0, 65536, new float[1], 0, 65536, 0,
                        new float[65536], 0, 65536));
    }

    private static void assertMessage(String expected, Runnable action) {
        assertEquals(expected, assertThrows(ShapeException.class, action::run).getMessage());
    }
}
