/// The matrix product `C ← alpha · op(A) · op(B) + beta · C`, from three loops to the peak of a core.
///
/// Read [larch.gemm.Gemm] (what is computed), [larch.gemm.GemmNaive] (in the plainest way),
/// [larch.gemm.MicroKernel] (the piece that must be fast), [larch.gemm.GemmSmall] and
/// [larch.gemm.GemmBlocked] (the loops around it), and [larch.gemm.GemmDriver] (the door). `docs/kernels.md`
/// has the pictures.
///
/// Nothing here knows how vectors are written: kernels come through [larch.gemm.MicroKernels], so this
/// package must not import `jdk.incubator.vector`.
package larch.gemm;
