package larch.gemm;

/// What a microkernel is compiled for.
///
/// @param mr      rows of the microtile
/// @param vectors columns of the microtile in vectors; `nr = vectors · lanes`
/// @param kUnroll steps written out in one turn of the loop over k
/// @param update  how sums enter C
/// @param form    what happens to finished elements
public record Microtile(int mr, int vectors, int kUnroll, Update update, Epilogue.Form form) {
    /// Checks the extents.
    public Microtile {
        if (mr < 1 || vectors < 1 || kUnroll < 1) {
            throw new IllegalArgumentException("microtile: mr, vectors and kUnroll must be >= 1; got " + mr + ", " + vectors
                    + ", " + kUnroll);
        }
    }
}
