package larch.opencl.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// What NVIDIA's assembler says of the matrix kernels. It is checked where clang and ptxas are (`PTXAS` names the
/// latter); that the script says what is missing, everywhere.
@DisabledOnOs(OS.WINDOWS)
class AssembleTest {
    private static final int MISSING = 3;

    private record Result(int code, String text) {}

    private static Result report(Map<String, String> environment) throws IOException, InterruptedException {
        Path script = Path.of("..", "opencl-kernels", "tools", "assemble");
        ProcessBuilder builder = new ProcessBuilder("sh", script.toString(), "matrix").redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), text);
    }

    @Test
    void whatIsMissingIsNamed() throws Exception {
        Result result = report(Map.of("CLANG", "any", "PTXAS", "/nowhere/ptxas"));
        assertEquals(MISSING, result.code(), result.text());
        assertTrue(result.text().startsWith("assemble: missing: ptxas ("), result.text());
    }

    @Test
    void noKernelSpillsAndLocalMemoryIsAsCounted() throws Exception {
        Result result = report(Map.of());
        assumeTrue(result.code() != MISSING, result.text());
        assertEquals(0, result.code(), result.text());
        List<String[]> rows = result.text().lines().skip(1).map(line -> line.split(" +")).toList();
        List<GemmKernel> forGpus = Stream.of(GemmKernel.values()).filter(kernel -> kernel != GemmKernel.DIRECT_CPU).toList();
        assertEquals(forGpus.size() + List.of("add_chunks", "pad", "unpad_finish").size(), rows.size(), result.text());
        for (String[] row : rows) {
            assertEquals("0", row[4], () -> "spills of " + String.join(" ", row));
        }
        for (GemmKernel kernel : forGpus) {
            String name = kernel.name().toLowerCase(Locale.ROOT);
            String[] row = rows.stream().filter(r -> r[0].equals(name)).findFirst().orElseThrow();
            assertEquals(kernel.localBytes(kernel.defaults()), Long.parseLong(row[3]), kernel.toString());
        }
    }
}
