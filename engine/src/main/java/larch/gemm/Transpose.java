package larch.gemm;

/// Whether a matrix enters a product as it is stored or transposed, as in BLAS.
public enum Transpose {
    /// As stored: `N`.
    NO,
    /// Transposed: `T`.
    YES;

    /// @return whether the matrix is transposed
    public boolean isTransposed() {
        return this == YES;
    }
}
