package larch.gemm;

/// Where kernels come from. [GemmDriver] decides which ones it wants; whoever implements this knows the
/// instruction set. Two calls with the same arguments return kernels that compute the same bits.
public interface MicroKernels {
    /// @return floats in one vector
    int lanes();

    /// Whether the JVM compiles a kernel of that size: its compilers give up on methods that are too long.
    /// @param microtile rows, columns and epilogue
    boolean fits(Microtile microtile);

    /// @param microtile rows, columns and epilogue
    /// @return a kernel for that microtile; it reads `nr` floats of each row of B and writes `nr` of each row of C
    MicroKernel tile(Microtile microtile);

    /// @param form function and access
    /// @return a kernel that applies it to finished elements, in scalars
    EpilogueKernel epilogue(Epilogue.Form form);

    /// @return a kernel that turns squares of `lanes · lanes` elements
    TransposeKernel transpose();
}
