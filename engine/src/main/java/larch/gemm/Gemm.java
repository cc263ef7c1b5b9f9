package larch.gemm;

import larch.tensor.Buffer;
import larch.tensor.HostBuffer;
import larch.tensor.ShapeException;

/// One general matrix product in BLAS terms, row-major: `C ← f(alpha · op(A) · op(B) + beta · C)`, with an
/// [Epilogue] `f` that is the identity unless one is given.
///
/// `op(A)` is m×k, `op(B)` is k×n, C is m×n. A leading dimension is the distance in elements between the
/// starts of two stored rows: `lda ≥ k` if A is stored m×k, `lda ≥ m` if it enters transposed and is stored
/// k×m; likewise for B. `beta = 0` overwrites C, so C may hold anything, NaN included; likewise A and B are
/// not read if `alpha = 0`. Rows of C must not overlap A, B or the epilogue's operands.
///
/// @param transA   whether A is stored transposed
/// @param transB   whether B is stored transposed
/// @param m        rows of C
/// @param n        columns of C
/// @param k        inner extent
/// @param alpha    factor of the product
/// @param a        memory of A; not modified
/// @param aOffset  index of A's first element
/// @param lda      leading dimension of A
/// @param b        memory of B; not modified
/// @param bOffset  index of B's first element
/// @param ldb      leading dimension of B
/// @param beta     factor of the old C
/// @param c        memory of C; modified
/// @param cOffset  index of C's first element
/// @param ldc      leading dimension of C
/// @param epilogue what happens to each finished element
public record Gemm(Transpose transA, Transpose transB, int m, int n, int k, float alpha, Buffer a, int aOffset, int lda,
                   Buffer b, int bOffset, int ldb, float beta, Buffer c, int cOffset, int ldc, Epilogue epilogue) {
    /// Checks extents, leading dimensions and the bounds of buffers, so that kernels need not.
    public Gemm {
        if (m < 0 || n < 0 || k < 0) {
            throw new ShapeException("gemm: extents must be >= 0; got m " + m + ", n " + n + ", k " + k);
        }
        check("A", transA, m, k, a.size(), aOffset, lda);
        check("B", transB, k, n, b.size(), bOffset, ldb);
        check("C", Transpose.NO, m, n, c.size(), cOffset, ldc);
        epilogue.check(m, n);
    }

    /// A product of arrays of the heap, without an epilogue.
    /// @param transA  whether A is stored transposed
    /// @param transB  whether B is stored transposed
    /// @param m       rows of C
    /// @param n       columns of C
    /// @param k       inner extent
    /// @param alpha   factor of the product
    /// @param a       array of A; not modified
    /// @param aOffset index of A's first element
    /// @param lda     leading dimension of A
    /// @param b       array of B; not modified
    /// @param bOffset index of B's first element
    /// @param ldb     leading dimension of B
    /// @param beta    factor of the old C
    /// @param c       array of C; modified
    /// @param cOffset index of C's first element
    /// @param ldc     leading dimension of C
    public Gemm(Transpose transA, Transpose transB, int m, int n, int k, float alpha, float[] a, int aOffset, int lda,
                float[] b, int bOffset, int ldb, float beta, float[] c, int cOffset, int ldc) {
        this(transA, transB, m, n, k, alpha, new HostBuffer(a), aOffset, lda, new HostBuffer(b), bOffset, ldb, beta,
                new HostBuffer(c), cOffset, ldc, Epilogue.NONE);
    }

    /// @param f the epilogue
    /// @return this product, followed by it
    public Gemm with(Epilogue f) {
        return new Gemm(transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc, f);
    }

    private static void check(String name, Transpose trans, int rows, int cols, int length, int offset, int ld) {
        int storedRows = trans.isTransposed() ? cols : rows;
        int storedCols = trans.isTransposed() ? rows : cols;
        String stored = name + " stored " + storedRows + "x" + storedCols;
        if (ld < Math.max(1, storedCols)) {
            throw new ShapeException("gemm: leading dimension of " + stored + " must be >= " + Math.max(1, storedCols)
                    + "; got " + ld);
        }
        if (storedRows == 0 || storedCols == 0) {
            return;
        }
        long last = offset + (long) (storedRows - 1) * ld + storedCols;
        if (offset < 0 || last > length) {
            throw new ShapeException("gemm: " + stored + " at offset " + offset + " with leading dimension " + ld
                    + " ends at element " + last + "; the buffer holds " + length);
        }
    }

    /// @return distance between rows of `op(A)`
    public int aRowStride() {
        return transA.isTransposed() ? 1 : lda;
    }

    /// @return distance between columns of `op(A)`
    public int aColStride() {
        return transA.isTransposed() ? lda : 1;
    }

    /// @return distance between rows of `op(B)`
    public int bRowStride() {
        return transB.isTransposed() ? 1 : ldb;
    }

    /// @return distance between columns of `op(B)`
    public int bColStride() {
        return transB.isTransposed() ? ldb : 1;
    }
}
