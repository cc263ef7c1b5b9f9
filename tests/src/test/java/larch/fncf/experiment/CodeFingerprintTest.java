package larch.fncf.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import javax.tools.ToolProvider;
import larch.backend.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeFingerprintTest {
    private static final String SOURCE = """
            package %s;
            public class Probe {
                static double step(double x) {
                    double rate = %s;
                    return x > 0 ? x * rate : -x;
                }
            }
            """;

    @TempDir
    private Path folder;

    private CodeFingerprint of(String where, String source) throws IOException {
        Path root = Files.createTempDirectory(folder, "classes");
        Path file = root.resolve("Probe.java");
        Files.writeString(file, source);
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-g", "-d", root.toString(), file.toString()),
                where);
        return new CodeFingerprint(Set.of(root));
    }

    private CodeFingerprint of(String where, double rate) throws IOException {
        return of(where, SOURCE.formatted(where, rate));
    }

    @Test
    void whatIsComputedChangesIt() throws IOException {
        CodeFingerprint attack = of("larch.fncf.attack", 0.05);
        CodeFingerprint other = of("larch.fncf.attack", 1e-6);
        assertNotEquals(attack.ofAttack(), other.ofAttack());
        assertEquals(attack.ofTraining(), other.ofTraining(), "no training depends on the attack");
        CodeFingerprint engine = of("larch.op", 0.05);
        CodeFingerprint otherEngine = of("larch.op", 1e-6);
        assertNotEquals(engine.ofTraining(), otherEngine.ofTraining());
        assertNotEquals(engine.ofAttack(), otherEngine.ofAttack());
        assertNotEquals(of("larch.op", 0.05).ofAttack(), of("larch.fncf.train", 0.05).ofAttack(), "its place counts");
    }

    @Test
    void commentsNamesAndLinesDoNot() throws IOException {
        String source = SOURCE.formatted("larch.fncf.attack", "0.05");
        String other = source.replace("double rate", "// The first step.\n\n        double width").replace("x * rate", "x * width");
        assertNotEquals(source, other);
        assertEquals(of("larch.fncf.attack", source).ofAttack(), of("larch.fncf.attack", other).ofAttack());
    }

    @Test
    void whatComputesNothingDoesNot() throws IOException {
        assertEquals(of("larch.fncf.cli", 0.05).ofAttack(), of("larch.fncf.cli", 1e-6).ofAttack());
    }

    @Test
    void theRunningProgramHasOne() {
        try (ReferenceBackend backend = new ReferenceBackend()) {
            CodeFingerprint running = new CodeFingerprint(backend);
            assertEquals(16, running.ofAttack().length());
            assertNotEquals(running.ofTraining(), running.ofAttack());
            assertNotEquals(new CodeFingerprint(Set.of(folder)).ofTraining(), running.ofTraining(), "something was read");
            assertEquals(running.ofAttack(), new CodeFingerprint(backend).ofAttack());
        }
    }
}
