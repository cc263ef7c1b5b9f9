package larch.gemm;

/// Where microkernels come from. [GemmDriver] decides which microtiles it wants; whoever implements this
/// knows the instruction set. Two calls with the same arguments return kernels that compute the same bits.
public interface MicroKernels {
    /// @return floats in one vector
    int lanes();

    /// @param mr      rows of the microtile, at least 1
    /// @param vectors columns of the microtile in vectors, at least 1: `nr = vectors · lanes`
    /// @param kUnroll steps written out in one turn of the loop over k, at least 1
    /// @return a kernel for that microtile; it reads `nr` floats of each row of B and writes `nr` of each row
    ///         of C
    MicroKernel tile(int mr, int vectors, int kUnroll);

    /// @param mr      rows of the microtile, at least 1
    /// @param kUnroll steps written out in one turn of the loop over k, at least 1
    /// @return a kernel for one single column, `nr = 1`, in scalars
    MicroKernel column(int mr, int kUnroll);

    /// @param form function and access
    /// @return a kernel that applies it to finished elements, in scalars
    EpilogueKernel epilogue(Epilogue.Form form);
}
