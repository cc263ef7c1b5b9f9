package larch.gemm;

/// Computes one microtile of C: `mr` rows by `nr` columns, held in registers from the first to the last of
/// `k` steps.
///
/// ```text
///            B: k rows of nr contiguous floats            c11 ← f(alpha · (A·B) + beta · c11)
///            ┌───────────────┐
///            │ b(p, 0…nr-1)  │  p = 0…k-1                Each step p broadcasts mr elements of A and
///            └───────────────┘                           multiplies them with one row of B: an outer
///  A: mr × k ┌───────────────┐                           product, mr · nr/lanes fused multiply-adds.
///  ┌───┐     │      C        │
///  │ a │     │   mr × nr     │                           a(i, p) = a[aOffset + i·aRowStride + p·aColStride]
///  └───┘     └───────────────┘                           b(p, j) = b[bOffset + p·bRowStride + j]
/// ```
///
/// With `aRowStride = 1, aColStride = mr` A is a packed micropanel; other strides read A in place, transposed
/// or not. Each element of C is one chain of fused multiply-adds over ascending `p`, so its bits do not
/// depend on the tile.
@FunctionalInterface
public interface MicroKernel {
    /// @param k          number of steps
    /// @param alpha      factor of the product
    /// @param a          array of A; not modified
    /// @param aOffset    index of `a(0, 0)`
    /// @param aRowStride distance between rows of A
    /// @param aColStride distance between steps of A
    /// @param b          array of B; not modified
    /// @param bOffset    index of `b(0, 0)`
    /// @param bRowStride distance between rows of B, not 0
    /// @param beta       factor of the old C; 0 overwrites
    /// @param c          array of C; modified
    /// @param cOffset    index of the microtile's first element
    /// @param cRowStride distance between rows of C
    /// @param epilogue   operands of the epilogue that the kernel is compiled for
    /// @param row        the microtile's first row in C, for the operands
    /// @param column     its first column in C
    void run(int k, float alpha, float[] a, int aOffset, int aRowStride, int aColStride,
             float[] b, int bOffset, int bRowStride, float beta, float[] c, int cOffset, int cRowStride,
             Epilogue epilogue, int row, int column);
}
