package larch.gemm;

/// What a microkernel is compiled for.
///
/// @param mr      rows of the microtile
/// @param vectors columns of the microtile in vectors; `nr = vectors · lanes`
/// @param kUnroll steps written out in one turn of the loop over k
/// @param scaled  whether alpha and beta may have any value; otherwise they are 1 and 0, and the kernel, without the
///                code for others, is half as large
/// @param form    what happens to finished elements
public record Microtile(int mr, int vectors, int kUnroll, boolean scaled, Epilogue.Form form) {
    /// Checks the extents.
    public Microtile {
        if (mr < 1 || vectors < 1 || kUnroll < 1) {
            throw new IllegalArgumentException("microtile: mr, vectors and kUnroll must be >= 1; got " + mr + ", " + vectors
                    + ", " + kUnroll);
        }
    }
}
