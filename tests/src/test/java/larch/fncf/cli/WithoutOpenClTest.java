package larch.fncf.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A device is asked for where no driver is registered: one line and exit code 2. In a JVM of its own, because a process
/// looks for drivers only once.
class WithoutOpenClTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"train --backend opencl --device 0 --kernel-times --out OUT", "tune --backend opencl",
        "bench gemm --quick --backend opencl"})
    void itIsOneLineThatSaysWhatToDo(String line) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(line.replace("OUT", folder.resolve("out").toString()).split(" ")));
        Path out = folder.resolve("stdout");
        Path err = folder.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("OCL_ICD_VENDORS", Files.createDirectory(folder.resolve("no-drivers")).toString());
        Process process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the forked JVM did not end within 60 s: " + Files.readString(err));
        }
        String said = Files.readString(err);
        assertEquals(2, process.exitValue(), said);
        assertEquals("", Files.readString(out));
        List<String> lines = said.lines().filter(l -> !l.startsWith("WARNING: ")).toList();
        assertEquals(1, lines.size(), said);
        assertTrue(lines.getFirst().startsWith("larch: ") && lines.getFirst().contains("opencl")
                && lines.getFirst().contains("; fix: "), said);
        assertFalse(Files.exists(folder.resolve("out/model.safetensors")));
    }
}
