package larch.backend;

import java.nio.file.Path;
import larch.tuning.TuningChoice;

/// What a user may fix about a backend.
///
/// @param threads     threads that work on one kernel, the caller included; at least 1
/// @param vectorBits  SIMD width 128, 256 or 512; 0 takes the machine's preferred one
/// @param dumpKernels the folder in which every kernel that is compiled at run time leaves a class file and a listing; null
///                    for none
/// @param tuning      whose sizes of blocks and tiles; they change no bit of a result
/// @param device      which device of a backend that has several: an index or a part of a name; null for its first
/// @param timesKernels whether a device times every kernel, which may slow it down
public record BackendOptions(int threads, int vectorBits, Path dumpKernels, TuningChoice tuning, String device,
                             boolean timesKernels) {
    /// Checks the numbers.
    public BackendOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: expected at least 1, got " + threads);
        }
        if (vectorBits != 0 && vectorBits != 128 && vectorBits != 256 && vectorBits != 512) {
            throw new IllegalArgumentException("vectorBits: expected 0 (preferred), 128, 256 or 512, got " + vectorBits);
        }
    }

    /// Writes no kernels, and takes the tuning that ships: the same on all machines.
    /// @param threads    threads that work on one kernel, the caller included; at least 1
    /// @param vectorBits SIMD width 128, 256 or 512; 0 takes the machine's preferred one
    public BackendOptions(int threads, int vectorBits) {
        this(threads, vectorBits, null, new TuningChoice.Shipped(), null, false);
    }

    /// @return `-Dlarch.threads` (default: all processors), `-Dlarch.vectorBits` (default: preferred),
    ///         `-Dlarch.dumpKernels` (default: nowhere), `-Dlarch.tuning` (default: auto), `-Dlarch.device` (default: the
    ///         first) and `-Dlarch.kernelTimes` (default: false)
    public static BackendOptions fromSystemProperties() {
        String dump = System.getProperty("larch.dumpKernels");
        return new BackendOptions(integer("larch.threads", Runtime.getRuntime().availableProcessors()),
                integer("larch.vectorBits", 0), dump == null ? null : Path.of(dump),
                TuningChoice.of(System.getProperty("larch.tuning", "auto")), System.getProperty("larch.device"),
                Boolean.getBoolean("larch.kernelTimes"));
    }

    private static int integer(String property, int otherwise) {
        String text = System.getProperty(property);
        if (text == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException("-D" + property + ": expected an integer, got '" + text + "'");
        }
    }

    /// @param count threads that work on one kernel
    /// @return these options with that many threads
    public BackendOptions withThreads(int count) {
        return new BackendOptions(count, vectorBits, dumpKernels, tuning, device, timesKernels);
    }

    /// @param bits SIMD width 128, 256 or 512; 0 takes the machine's preferred one
    /// @return these options with that width
    public BackendOptions withVectorBits(int bits) {
        return new BackendOptions(threads, bits, dumpKernels, tuning, device, timesKernels);
    }

    /// @param folder where kernels leave class files and listings
    /// @return these options with that folder
    public BackendOptions withDumpKernels(Path folder) {
        return new BackendOptions(threads, vectorBits, folder, tuning, device, timesKernels);
    }

    /// @param choice whose sizes of blocks and tiles
    /// @return these options with that tuning
    public BackendOptions withTuning(TuningChoice choice) {
        return new BackendOptions(threads, vectorBits, dumpKernels, choice, device, timesKernels);
    }

    /// @param selector an index or a part of a device's name; null for the first
    /// @return these options with that device
    public BackendOptions withDevice(String selector) {
        return new BackendOptions(threads, vectorBits, dumpKernels, tuning, selector, timesKernels);
    }

    /// @param times whether a device times every kernel
    /// @return these options with or without that
    public BackendOptions withKernelTimes(boolean times) {
        return new BackendOptions(threads, vectorBits, dumpKernels, tuning, device, times);
    }
}
