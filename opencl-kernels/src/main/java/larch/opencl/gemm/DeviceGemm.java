package larch.opencl.gemm;

/// One matrix product on a device: `C ← f(alpha · A · B + beta · C)`.
///
/// As in BLAS, C is not read if `beta = 0`, nor A and B if `alpha = 0`, so what they hold, NaN included, has no effect. C
/// must not overlap A or B.
/// @param m rows of A and C
/// @param n columns of B and C
/// @param k columns of A and rows of B
/// @param alpha factor of the product
/// @param a A, m×k
/// @param b B, k×n
/// @param beta factor of the old C
/// @param c C, m×n, with neighbouring columns side by side
/// @param epilogue f
public record DeviceGemm(int m, int n, int k, float alpha, DeviceMatrix a, DeviceMatrix b, float beta, DeviceMatrix c,
        GemmEpilogue epilogue) {
    /// Checks extents and strides.
    /// @throws IllegalArgumentException if an extent is negative, an index leaves the memory or the range of `int`, or C has
    ///     gaps
    public DeviceGemm {
        if (m < 0 || n < 0 || k < 0) {
            throw new IllegalArgumentException("gemm: extents must be >= 0; got m " + m + ", n " + n + ", k " + k);
        }
        a.require("A", m, k);
        b.require("B", k, n);
        c.require("C", m, n);
        if (n > 1 && c.colStride() != 1 || m > 1 && c.rowStride() < n) {
            throw new IllegalArgumentException("gemm: C " + m + "x" + n + " must have a column stride of 1 and a row stride "
                    + ">= " + n + "; got " + c.colStride() + " and " + c.rowStride());
        }
    }

    /// A product without an epilogue.
    /// @param m rows of A and C
    /// @param n columns of B and C
    /// @param k columns of A and rows of B
    /// @param alpha factor of the product
    /// @param a A
    /// @param b B
    /// @param beta factor of the old C
    /// @param c C
    public DeviceGemm(int m, int n, int k, float alpha, DeviceMatrix a, DeviceMatrix b, float beta, DeviceMatrix c) {
        this(m, n, k, alpha, a, b, beta, c, GemmEpilogue.NONE);
    }

    /// @return whether C has no elements
    boolean isEmpty() {
        return m == 0 || n == 0;
    }

    /// @return whether there is nothing to sum
    boolean isSumOfNothing() {
        return k == 0 || alpha == 0;
    }

    /// @return m·n·k
    double work() {
        return (double) m * n * k;
    }

    /// @return 2·m·n·k, or 0 if there is nothing to sum
    double flops() {
        return isSumOfNothing() ? 0 : 2 * work();
    }

    /// @return the bytes of C that its last step moves: written, and read if beta does not make it forget
    double bytesOfC() {
        return (beta == 0 ? 1.0 : 2.0) * m * n * Float.BYTES;
    }
}
