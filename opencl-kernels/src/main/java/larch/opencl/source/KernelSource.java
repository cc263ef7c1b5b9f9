package larch.opencl.source;

import java.util.Arrays;
import java.util.stream.Collectors;

/// A kernel function as OpenCL C 1.2.
///
/// @param name the function's name
/// @param text a comment that says what it computes, and the function; complete only inside a [#program]
public record KernelSource(String name, String text) {
    /// Build options that make `/` and `sqrt` round as IEEE 754 does; without the second they may err by 2.5 and 3 ulp.
    /// A device that does not report `CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT` refuses it.
    public static final String EXACT_OPTIONS = "-cl-std=CL1.2 -cl-fp32-correctly-rounded-divide-sqrt";

    /// @param kernels kernels of different names
    /// @return the text of a program with all of them; build it with [#EXACT_OPTIONS]
    public static String program(KernelSource... kernels) {
        return Arrays.stream(kernels).map(KernelSource::text)
                .collect(Collectors.joining("\n", ExpressionSource.PRELUDE + "\n", ""));
    }
}
