package larch.opencl.source;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The whole text of a program and what it is compiled with; building it is up to others.
///
/// @param name    stands for the text in errors, as in `rows.cl`
/// @param text    OpenCL C 1.2
/// @param options definitions for the compiler, as in `-DMWG=16 -DNWG=32`; may be empty
public record ProgramSource(String name, String text, String options) {
    /// @param file its name below `/cl`
    /// @return the program that is this file
    public static ProgramSource ofFile(String file) {
        return new ProgramSource(file, ClResource.text(file), "");
    }

    /// @param files   their names below `/cl`, in order; the last one is the program's name
    /// @param options definitions for the compiler
    /// @return the program that these files are together
    public static ProgramSource ofFiles(List<String> files, String options) {
        return new ProgramSource(files.getLast(), files.stream().map(ClResource::text).collect(Collectors.joining("\n")),
                options);
    }

    /// @param name    stands for the text in errors
    /// @param kernels kernels of different names
    /// @return the program with all of them, and with the functions that they call
    public static ProgramSource ofKernels(String name, KernelSource... kernels) {
        return new ProgramSource(name, Arrays.stream(kernels).map(KernelSource::text)
                .collect(Collectors.joining("\n", ExpressionSource.PRELUDE + "\n", "")), "");
    }
}
