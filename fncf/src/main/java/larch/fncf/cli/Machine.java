package larch.fncf.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// The machine and the Java that the program runs on, for reports.
final class Machine {
    private Machine() {
    }

    /// @return such as `Linux 6.1.0 amd64`
    static String os() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch");
    }

    /// @return the processor's name where the system tells it, and how many processors Java may use
    static String cpu() {
        int processors = Runtime.getRuntime().availableProcessors();
        return cpuName().orElse(System.getProperty("os.arch")) + ", " + processors
                + (processors == 1 ? " processor" : " processors");
    }

    private static Optional<String> cpuName() {
        Path table = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(table)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(table)) {
            return lines.filter(line -> line.startsWith("model name")).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// @return the options that the JVM was started with
    static String jvmFlags() {
        return String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments());
    }

    /// @return the most memory that Java may take, in MiB
    static long maxMemoryMiB() {
        return Runtime.getRuntime().maxMemory() >> 20;
    }
}
