package larch.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The processor's name, as its system tells it.
public final class Cpu {
    private static final Path LINUX_TABLE = Path.of("/proc/cpuinfo");
    private static final String[] MAC_QUESTION = {"/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"};

    private Cpu() {
    }

    /// @return such as `AMD EPYC 9R14`; the architecture, such as `aarch64`, where the system tells nothing
    public static String model() {
        return linux().or(Cpu::mac).or(() -> Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER")))
                .orElse(System.getProperty("os.arch"));
    }

    private static Optional<String> linux() {
        if (!Files.isReadable(LINUX_TABLE)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(LINUX_TABLE)) {
            // The first processor's rows; the others come after an empty line.
            return ofTable(lines.takeWhile(line -> !line.isBlank()).toList());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// @param rows one processor's rows of `/proc/cpuinfo`: x86 has names, Arm the numbers of maker and design
    static Optional<String> ofTable(List<String> rows) {
        return value(rows, "model name").or(() -> value(rows, "CPU part").map(part ->
                "Arm " + value(rows, "CPU implementer").orElse("?") + " part " + part));
    }

    private static Optional<String> value(List<String> rows, String name) {
        return rows.stream().filter(row -> row.startsWith(name)).findFirst()
                .map(row -> row.substring(row.indexOf(':') + 1).strip());
    }

    private static Optional<String> mac() {
        if (!System.getProperty("os.name").startsWith("Mac")) {
            return Optional.empty();
        }
        try {
            Process process = new ProcessBuilder(MAC_QUESTION).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String name = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return name.isEmpty() ? Optional.empty() : Optional.of(name);
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
