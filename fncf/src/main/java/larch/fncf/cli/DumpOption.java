package larch.fncf.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/// `--dump-kernels`: what the engine compiles at run time, to read.
final class DumpOption {
    static final String NAME = "--dump-kernels";

    @Option(names = NAME, paramLabel = "DIR", description = "Write every kernel that is compiled at run time there,"
            + " as a class file and as a listing (simd).")
    private String folder;

    /// @return whether it was given
    boolean isGiven() {
        return folder != null;
    }

    /// @return the folder, which takes files; null if the option was not given
    Path folder() {
        if (folder == null) {
            return null;
        }
        Path path = OutputFile.path(NAME, folder);
        OutputFile.requireWritable(NAME, path);
        return path;
    }
}
