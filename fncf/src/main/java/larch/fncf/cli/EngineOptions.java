package larch.fncf.cli;

import java.nio.file.Path;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.Backends;
import larch.tuning.TuningChoice;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What computes: `--backend`, `--threads`, `--vector-bits`, `--dump-kernels`, `--tuning`.
///
/// An option that the chosen backend cannot honour is an error, like a backend that cannot run here: nothing
/// is replaced silently.
final class EngineOptions {
    private static final String TUNING = "--tuning";
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

    @Mixin
    private DumpOption dump;

    @Option(names = TUNING, paramLabel = "CHOICE",
            description = "Sizes of tiles and blocks: auto (what tune found on this machine or device, else what ships),"
                    + " shipped, or a file that tune wrote (default: auto). Results do not depend on it (simd, opencl).")
    private String tuning;

    /// Makes the backend and says which one it is.
    /// @param console hears it
    /// @return the backend; close it after use
    Backend open(Console console) {
        String name = backend == null ? System.getProperty("larch.backend") : backend;
        BackendOptions options = options();
        Path folder = dump.folder();
        if (folder != null) {
            options = options.withDumpKernels(folder);
        }
        if (tuning != null) {
            options = options.withTuning(chosenTuning());
        }
        Backend chosen = Backends.select(name, options);
        refuseUnusedOptions(chosen);
        console.note("backend " + chosen.describe());
        return chosen;
    }

    private BackendOptions options() {
        BackendOptions defaults = UserError.guard("LARCH_JAVA_OPTS", BackendOptions::fromSystemProperties);
        BackendOptions wide = vectorBits == null ? defaults
                : UserError.guard("--vector-bits", () -> defaults.withVectorBits(vectorBits));
        return threads == null ? wide : wide.withThreads(UserError.atLeast("--threads", threads, 1));
    }

    /// @return threads that work on one kernel
    int threads() {
        return options().threads();
    }

    private TuningChoice chosenTuning() {
        OutputFile.path(TUNING, tuning);
        return TuningChoice.of(tuning);
    }

    private void refuseUnusedOptions(Backend chosen) {
        String unused = dump.isGiven() && !chosen.name().equals(SIMD) ? DumpOption.NAME
                : tuning != null && chosen.name().equals(REFERENCE) ? TUNING
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
