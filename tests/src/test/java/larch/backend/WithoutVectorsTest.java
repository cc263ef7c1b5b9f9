package larch.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a user sees who forgot `--add-modules jdk.incubator.vector`. Only another JVM can be without it.
class WithoutVectorsTest {
    private static final String FLAG = "--add-modules=jdk.incubator.vector";
    private static final String WHY = "simd cannot run here: the JVM was started without the Vector API; add --add-modules "
            + "jdk.incubator.vector";

    @TempDir
    private Path folder;

    @Test
    void theSlowBackendIsTakenWithOneWarning() throws Exception {
        Said said = run(List.of(), "auto", "auto");
        assertEquals(List.of("auto gives reference", "auto gives reference"), said.out);
        List<String> warnings = said.err.stream().filter(line -> line.contains("backend: ")).toList();
        assertEquals(1, warnings.size(), said::toString);
        assertTrue(warnings.getFirst().contains("backend: " + WHY + "; taking the slower reference instead"), said::toString);
        assertTrue(warnings.getFirst().startsWith("WARNING: "), said::toString);
    }

    @Test
    void aForcedOneIsAnErrorAndTheSlowOneMayBeForced() throws Exception {
        Said said = run(List.of(), "simd", "reference");
        assertEquals(List.of("simd refused: backend " + WHY, "reference gives reference"), said.out);
        assertEquals(List.of(), said.err, "who asks for it need not be warned");
    }

    @Test
    void withTheFlagNobodyIsWarned() throws Exception {
        Said said = run(List.of(FLAG), "auto", "reference");
        assertEquals(List.of("auto gives simd", "reference gives reference"), said.out);
        assertTrue(said.err.stream().noneMatch(line -> line.contains("backend")), said::toString);
    }

    private record Said(List<String> out, List<String> err) {
    }

    private Said run(List<String> options, String... names) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path")));
        command.addAll(options);
        command.add(BackendReport.class.getName());
        command.addAll(List.of(names));
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the forked JVM did not end within 120 s: " + Files.readString(err));
        }
        Said said = new Said(Files.readAllLines(out), Files.readAllLines(err));
        assertEquals(0, process.exitValue(), said::toString);
        return said;
    }
}
