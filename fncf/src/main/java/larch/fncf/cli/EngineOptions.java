package larch.fncf.cli;

import java.io.IOException;
import java.nio.file.Path;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.Backends;
import larch.tuning.TuningChoice;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What computes: `--backend`, `--device`, `--threads`, `--vector-bits`, `--dump-kernels`, `--tuning`, `--kernel-times`.
///
/// An option that the chosen backend cannot honour is an error, like a backend that cannot run here: nothing
/// is replaced silently.
final class EngineOptions {
    private static final String TUNING = "--tuning";
    private static final String THREADS = "--threads";
    private static final String VECTOR_BITS = "--vector-bits";
    private static final String REFERENCE = "reference";
    private static final String SIMD = "simd";

    @Option(names = "--backend", paramLabel = "NAME", description = "Force a backend: simd, reference, or opencl for a device"
            + " (default: the best of simd and reference that can run here).")
    private String backend;

    @Mixin
    private DeviceOption device;

    @Option(names = THREADS, paramLabel = "N", description = "Threads that work on one kernel (default: all processors)."
            + " Results do not depend on it (simd).")
    private Integer threads;

    @Option(names = VECTOR_BITS, paramLabel = "BITS",
            description = "SIMD width: 128, 256 or 512 (default: the machine's preferred one).")
    private Integer vectorBits;

    @Mixin
    private DumpOption dump;

    @Option(names = TUNING, paramLabel = "CHOICE",
            description = "Sizes of tiles and blocks: auto (what tune found on this machine or device, else what ships),"
                    + " shipped, or a file that tune wrote (default: auto). Results do not depend on it (simd, opencl).")
    private String tuning;

    @Mixin
    private KernelTimesOption kernelTimes;

    /// What a command does with a backend.
    @FunctionalInterface
    interface Work {
        /// @param backend the kernels, open until this returns
        /// @throws IOException if a result cannot be written
        void with(Backend backend) throws IOException;
    }

    /// Makes the backend, says which one it is, lends it, and shows the times of its kernels if they were asked for.
    /// @param console hears it
    /// @param work    what the command does
    /// @throws IOException what the work throws
    void compute(Console console, Work work) throws IOException {
        try (Backend opened = open()) {
            console.note("backend " + opened.describe());
            work.with(opened);
            console.details(opened.kernelTimes());
        }
    }

    private Backend open() {
        String name = backend == null ? System.getProperty("larch.backend") : backend;
        Backend chosen = Backends.select(name, options());
        UserError refusal = switch (chosen.name()) {
            case DeviceOption.OPENCL -> refusalByDevice();
            default -> refusalByProcessor(chosen.name());
        };
        if (refusal != null) {
            chosen.close();
            throw refusal;
        }
        return chosen;
    }

    private BackendOptions options() {
        BackendOptions options = UserError.guard("LARCH_JAVA_OPTS", BackendOptions::fromSystemProperties);
        if (vectorBits != null) {
            BackendOptions narrow = options;
            options = UserError.guard(VECTOR_BITS, () -> narrow.withVectorBits(vectorBits));
        }
        if (threads != null) {
            options = options.withThreads(UserError.atLeast(THREADS, threads, 1));
        }
        Path folder = dump.folder();
        if (folder != null) {
            options = options.withDumpKernels(folder);
        }
        if (tuning != null) {
            options = options.withTuning(chosenTuning());
        }
        if (device.isGiven()) {
            options = options.withDevice(device.selector());
        }
        return kernelTimes.isGiven() ? options.withKernelTimes(true) : options;
    }

    private TuningChoice chosenTuning() {
        OutputFile.path(TUNING, tuning);
        return TuningChoice.of(tuning);
    }

    private UserError refusalByDevice() {
        String unused = dump.isGiven() ? DumpOption.NAME : vectorBits != null ? VECTOR_BITS : threads != null ? THREADS : null;
        return unused == null ? null : UserError.of(unused, "is about the processor's kernels, and the backend "
                + DeviceOption.OPENCL + " runs on a device; leave the option out, or choose --backend " + SIMD);
    }

    private UserError refusalByProcessor(String name) {
        if (device.isGiven() || kernelTimes.isGiven()) {
            return DeviceOption.refusal(device.isGiven() ? DeviceOption.NAME : KernelTimesOption.NAME);
        }
        String unused = dump.isGiven() && !name.equals(SIMD) ? DumpOption.NAME
                : !name.equals(REFERENCE) ? null
                : tuning != null ? TUNING
                : vectorBits != null && vectorBits != 0 ? VECTOR_BITS
                : threads != null && threads != 1 ? THREADS : null;
        return unused == null ? null : UserError.of(unused, "the backend " + name + " compiles no kernels and runs in one thread;"
                + " leave the option out, or choose --backend " + SIMD);
    }
}
