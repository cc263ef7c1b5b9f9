package larch.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// When the script builds, and what becomes of a build that fails.
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class BuildTest {
    private static final String SOURCE = "engine/src/main/java/engine.java";

    @TempDir Path folder;
    private Sandbox sandbox;
    private Path lock;

    @BeforeEach
    void sandbox() throws IOException, InterruptedException {
        sandbox = new Sandbox(folder);
        sandbox.jdk();
        lock = sandbox.root.resolve("target/larch/lock");
    }

    private Path jar() {
        return sandbox.root.resolve("target/larch/larch.jar");
    }

    private void assertStarts(int builds, Program.Result result) throws IOException {
        assertEquals(0, result.code(), () -> result.err().toString());
        assertEquals(builds, sandbox.mavenCalls().size(), "builds so far");
        assertFalse(Files.exists(lock), "the lock is still there");
    }

    @Test
    void buildsAtFirstUseAndThenNoMore() throws Exception {
        Program.Result first = sandbox.larch();
        assertStarts(1, first);
        assertEquals("larch: building (first use)...", first.line());
        assertEquals(sandbox.environment.get("LARCH_JDK_SEARCH") + "/jdk-25.0.1:" + sandbox.root
                + ":: -B -ntp -q -pl fncf -am -DskipTests package", sandbox.mavenCalls().getFirst());
        Program.Result second = sandbox.larch();
        assertStarts(1, second);
        assertEquals(List.of(), second.err());
    }

    /// A stricter case than an edit: neither the size nor the time of the file gives it away.
    @Test
    void noticesAChangedSource() throws Exception {
        assertStarts(1, sandbox.larch());
        Path source = sandbox.root.resolve(SOURCE);
        FileTime time = Files.getLastModifiedTime(source);
        Files.setLastModifiedTime(sandbox.write(SOURCE, "class B {}"), time);
        Program.Result result = sandbox.larch();
        assertStarts(2, result);
        assertEquals("larch: building (the sources have changed)...", result.line());
        assertStarts(2, sandbox.larch());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "opencl-kernels/src/main/resources/cl/new.cl", "fncf/src/main/java/deep/down/New.java",
        "engine/src/main/New.java", "pom.xml", "fncf/pom.xml", ".mvn/jvm.config",
    })
    void noticesANewOrChangedFile(String file) throws Exception {
        assertStarts(1, sandbox.larch());
        sandbox.write(file, "<new/>");
        assertStarts(2, sandbox.larch());
    }

    @Test
    void noticesADeletedSource() throws Exception {
        sandbox.write("engine/src/main/java/Second.java", "class Second {}");
        assertStarts(1, sandbox.larch());
        assertTrue(Files.readString(jar()).contains("Second"));
        Files.delete(sandbox.root.resolve("engine/src/main/java/Second.java"));
        assertStarts(2, sandbox.larch());
        assertFalse(Files.readString(jar()).contains("Second"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "tests/src/test/java/T.java", "engine/src/test/java/T.java", "README.md", "engine/target/a",
    })
    void whatIsNotInTheJarIsNoReasonToBuild(String file) throws Exception {
        assertStarts(1, sandbox.larch());
        sandbox.write(file, "new");
        Files.setLastModifiedTime(sandbox.root.resolve(SOURCE), FileTime.from(Instant.now()));
        assertStarts(1, sandbox.larch());
    }

    @Test
    void buildsAgainWhenItsJarIsGone() throws Exception {
        assertStarts(1, sandbox.larch());
        Files.delete(jar());
        assertStarts(2, sandbox.larch());
    }

    @Test
    void aFailedBuildShowsWhatMavenSaidAndStartsNothing() throws Exception {
        assertStarts(1, sandbox.larch());
        sandbox.write("fail", "");
        sandbox.write(SOURCE, "class {}");
        for (int i = 0; i < 2; i++) { // and it is not taken for done afterwards
            Program.Result result = sandbox.larch();
            assertEquals(1, result.code());
            assertEquals(List.of("larch: building (the sources have changed)...", "[ERROR] A.java: cannot find symbol",
                    "larch: the build failed; what Maven says is above"), result.err());
            assertEquals(List.of(), result.out());
            assertFalse(Files.exists(lock));
        }
        Files.delete(sandbox.root.resolve("fail"));
        assertStarts(4, sandbox.larch());
    }

    /// Maven writes over its jar in place; a program that runs must keep the file that it has opened.
    @Test
    void aNewBuildDoesNotTouchTheJarOfARunningProgram() throws Exception {
        assertStarts(1, sandbox.larch());
        Object before = Files.getAttribute(jar(), "unix:ino");
        try (var running = Files.newInputStream(jar())) {
            sandbox.write("engine/src/main/java/Second.java", "class Second {}");
            assertStarts(2, sandbox.larch());
            assertFalse(new String(running.readAllBytes()).contains("Second"));
        }
        assertTrue(Files.readString(jar()).contains("Second"));
        assertFalse(before.equals(Files.getAttribute(jar(), "unix:ino")));
    }

    @Test
    void skipBuildRunsTheJarThatMavenMadeLast() throws Exception {
        sandbox.environment.put("LARCH_SKIP_BUILD", "1");
        Program.Result none = sandbox.larch();
        assertEquals(1, none.code());
        Path fatJar = sandbox.root.resolve(Sandbox.FAT_JAR);
        assertTrue(none.line().startsWith("larch: there is no " + fatJar), none::line);

        sandbox.write(Sandbox.FAT_JAR, "made by Maven");
        Program.Result result = sandbox.larch("x");
        assertStarts(0, result);
        assertTrue(result.out().contains(fatJar.toString()));

        sandbox.environment.put("LARCH_SKIP_BUILD", "0");
        assertStarts(1, sandbox.larch());
    }

    @Test
    void offlineMavenGetsItsOptionAndMustBeThere() throws Exception {
        sandbox.environment.put("LARCH_OFFLINE", "1");
        Program.Result result = sandbox.larch();
        assertEquals(1, result.code());
        assertTrue(result.err().contains(
                "larch: LARCH_OFFLINE is set, but Maven has not been fetched yet; run once with a network"));
        Files.createDirectories(sandbox.home.resolve(".m2/wrapper/dists"));
        assertStarts(1, sandbox.larch());
        assertTrue(sandbox.mavenCalls().getFirst().endsWith(" -B -ntp -o -q -pl fncf -am -DskipTests package"));
    }
}
