package larch.backend;

/// What a user may fix about a backend.
///
/// @param threads    threads that work on one kernel, the caller included; at least 1
/// @param vectorBits SIMD width 128, 256 or 512; 0 takes the machine's preferred one
public record BackendOptions(int threads, int vectorBits) {
    /// Checks the numbers.
    public BackendOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: expected at least 1, got " + threads);
        }
        if (vectorBits != 0 && vectorBits != 128 && vectorBits != 256 && vectorBits != 512) {
            throw new IllegalArgumentException("vectorBits: expected 0 (preferred), 128, 256 or 512, got " + vectorBits);
        }
    }

    /// @return `-Dlarch.threads` (default: all processors) and `-Dlarch.vectorBits` (default: preferred)
    public static BackendOptions fromSystemProperties() {
        return new BackendOptions(integer("larch.threads", Runtime.getRuntime().availableProcessors()),
                integer("larch.vectorBits", 0));
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
        return new BackendOptions(count, vectorBits);
    }
}
