package larch.fncf.cli;

import java.nio.file.Path;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.Backends;
import picocli.CommandLine.Option;

/// What computes: `--backend`, `--threads`, `--vector-bits`, `--dump-kernels`.
///
/// An option that the chosen backend cannot honour is an error, like a backend that cannot run here: nothing
/// is replaced silently.
final class EngineOptions {
    private static final String DUMP_PROPERTY = "larch.dumpKernels";
    private static final String REFERENCE = "reference";
    private static final String SIMD = "simd";

    @Option(names = "--backend", paramLabel = "NAME",
            description = "Force a backend: simd or reference (default: the best that can run here).")
    private String backend;

    @Option(names = "--threads", paramLabel = "N",
            description = "Threads that work on one kernel (default: all processors). Results do not depend on it.")
    private Integer threads;

    @Option(names = "--vector-bits", paramLabel = "BITS",
            description = "SIMD width: 128, 256 or 512 (default: the machine's preferred one).")
    private Integer vectorBits;

    @Option(names = "--dump-kernels", paramLabel = "DIR",
            description = "Write every kernel that is compiled at run time there, as a class file (simd).")
    private String dumpFolder;

    /// Makes the backend and says which one it is.
    /// @param console hears it
    /// @return the backend; close it after use
    Backend open(Console console) {
        String name = backend == null ? System.getProperty("larch.backend") : backend;
        BackendOptions options = options();
        Path dump = null;
        if (dumpFolder != null) {
            dump = OutputFile.path("--dump-kernels", dumpFolder);
            OutputFile.requireWritable("--dump-kernels", dump);
        }
        Backend chosen = dump == null ? Backends.select(name, options) : dumping(name, options, dump);
        refuseUnusedOptions(chosen);
        console.note("backend " + chosen.describe());
        return chosen;
    }

    private BackendOptions options() {
        BackendOptions defaults = UserError.guard("LARCH_JAVA_OPTS", BackendOptions::fromSystemProperties);
        BackendOptions wide = vectorBits == null ? defaults
                : UserError.guard("--vector-bits", () -> new BackendOptions(defaults.threads(), vectorBits));
        return threads == null ? wide : wide.withThreads(UserError.atLeast("--threads", threads, 1));
    }

    /// @return threads that work on one kernel
    int threads() {
        return options().threads();
    }

    // The engine takes the folder from a system property when it makes a backend.
    private static Backend dumping(String name, BackendOptions options, Path folder) {
        String before = System.setProperty(DUMP_PROPERTY, folder.toString());
        try {
            return Backends.select(name, options);
        } finally {
            if (before == null) {
                System.clearProperty(DUMP_PROPERTY);
            } else {
                System.setProperty(DUMP_PROPERTY, before);
            }
        }
    }

    private void refuseUnusedOptions(Backend chosen) {
        String unused = dumpFolder != null && !chosen.name().equals(SIMD) ? "--dump-kernels"
                : !chosen.name().equals(REFERENCE) ? null
                : vectorBits != null && vectorBits != 0 ? "--vector-bits"
                : threads != null && threads != 1 ? "--threads" : null;
        if (unused != null) {
            chosen.close();
            throw UserError.of(unused, "the backend " + chosen.name() + " compiles no kernels and runs in one thread;"
                    + " leave the option out, or choose --backend simd");
        }
    }
}
