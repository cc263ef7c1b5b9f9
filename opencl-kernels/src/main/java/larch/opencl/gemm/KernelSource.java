package larch.opencl.gemm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A program to be built: equal sources are the same program, so a runtime builds each once.
/// @param name what errors call it
/// @param text OpenCL C
/// @param options compiler options
public record KernelSource(String name, String text, String options) {
    /// OpenCL C 1.2, the dialect that every driver has.
    private static final String DIALECT = "-cl-std=CL1.2 ";

    /// @param resources files below `/cl`, in order
    /// @param options definitions, as in `-DMWG=16`
    /// @param epilogue its text comes first
    /// @return the files as one text
    static KernelSource of(List<String> resources, String options, GemmEpilogue epilogue) {
        var text = new StringBuilder(epilogue.source()).append('\n');
        resources.forEach(resource -> text.append(read(resource)).append('\n'));
        String name = resources.getLast() + (epilogue.source().isEmpty() ? "" : " with " + epilogue.name());
        return new KernelSource(name, text.toString(), DIALECT + options);
    }

    private static String read(String resource) {
        try (InputStream in = KernelSource.class.getResourceAsStream("/cl/" + resource)) {
            if (in == null) {
                throw new IllegalArgumentException("opencl: no resource /cl/" + resource + " on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("opencl: read /cl/" + resource, e);
        }
    }
}
