package larch.opencl.runtime;

import larch.opencl.OpenClProgram;

/// A kernel function, the work-items that run it, and what they cost. Its arguments come with [Launcher].
/// @param program the program
/// @param function the kernel function's name
/// @param range the work-items
/// @param flops floating-point operations of one launch, for [KernelTimes]; 0 if not known
/// @param bytes bytes that one launch must move to and from global memory, for [KernelTimes]; 0 if not known
public record Launch(OpenClProgram program, String function, NdRange range, double flops, double bytes) {
    /// A launch whose costs are not known.
    /// @param program the program
    /// @param function the kernel function's name
    /// @param range the work-items
    public Launch(OpenClProgram program, String function, NdRange range) {
        this(program, function, range, 0, 0);
    }

    /// @return as in `kernel 'axpy' of blas.cl, 1024 in groups of 64`
    @Override
    public String toString() {
        return "kernel '" + function + "' of " + program.name() + ", " + range;
    }
}
