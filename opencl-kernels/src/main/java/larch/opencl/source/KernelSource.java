package larch.opencl.source;

/// A kernel function as OpenCL C 1.2.
///
/// @param name the function's name
/// @param text a comment that says what it computes, and the function; complete only inside a
///     [program][ProgramSource#ofKernels]
public record KernelSource(String name, String text) {
}
