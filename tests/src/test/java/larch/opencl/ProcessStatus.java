package larch.opencl;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What Linux tells this process about itself, native code included.
public final class ProcessStatus {
    private static final Path STATUS = Path.of("/proc/self/status");

    private ProcessStatus() {}

    /// Skips the test where there is nothing of the kind.
    public static void require() {
        assumeTrue(Files.exists(STATUS), "skipped: this system does not tell a process its memory");
    }

    /// @return resident memory in KiB without Java's heap, after a garbage collection
    public static long nativeKib() throws IOException {
        System.gc();
        return value("VmRSS:") - Runtime.getRuntime().totalMemory() / 1024;
    }

    /// @return threads, those of the driver too
    public static long threads() throws IOException {
        return value("Threads:");
    }

    private static long value(String key) throws IOException {
        return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow();
    }
}
