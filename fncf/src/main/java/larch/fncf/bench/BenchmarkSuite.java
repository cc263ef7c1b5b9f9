package larch.fncf.bench;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/// What `larch bench` runs, found by `ServiceLoader`: the laboratory knows the command, the module `bench` the work, so that
/// the laboratory's jar is free of JMH.
public interface BenchmarkSuite {
    /// What is measured.
    enum Subject {
        /// Matrix products.
        GEMM,
        /// Element-wise chains, softmax, row gathers, random numbers, Adam.
        KERNELS,
        /// Training steps and epochs.
        STEP,
        /// Ranking of held-out items.
        EVALUATION,
        /// The Carlini and Wagner attack.
        ATTACK,
        /// All of these.
        ALL;

        /// @return the word on the command line
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What computes.
    ///
    /// @param backend     `simd` or `opencl`
    /// @param device      which device of `opencl`: an index or a part of a name; null for the first
    /// @param kernelTimes whether the report ends with the time of each of the device's kernels
    record Target(String backend, String device, boolean kernelTimes) {
        /// The processor's vectors.
        public static final String SIMD = "simd";
        /// An OpenCL device.
        public static final String OPENCL = "opencl";

        /// @return the processor
        public static Target processor() {
            return new Target(SIMD, null, false);
        }

        /// @return whether it is a device, whose rows have other figures than the processor's
        public boolean isDevice() {
            return backend.equals(OPENCL);
        }
    }

    /// What was asked for.
    ///
    /// @param subject what is measured
    /// @param isQuick whether only the headline rows, in less than a minute
    /// @param peers   the program that measures other libraries; null for none
    /// @param dump    where compiled kernels leave class files and listings; null for nowhere
    /// @param target  what computes
    record Request(Subject subject, boolean isQuick, Path peers, Path dump, Target target) {
    }

    /// Hears how it goes.
    interface Listener {
        /// @param done  rows measured
        /// @param total rows in all
        void measured(int done, int total);
    }

    /// What was found.
    interface Report {
        /// @return the tables, lines with line breaks
        String text();

        /// @return the same for programs: maps, lists, strings, numbers and nulls
        Map<String, Object> json();

        /// @return pictures: SVG documents by file name
        Map<String, String> plots();
    }

    /// A benchmark failed or found its own result wrong; the message is one line.
    final class BenchmarkException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /// @param message which one and why
        /// @param cause   what was thrown, or null
        public BenchmarkException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// Measures.
    /// @param request  what
    /// @param listener hears how it goes
    /// @return what was found
    /// @throws BenchmarkException if a benchmark fails
    Report run(Request request, Listener listener);
}
