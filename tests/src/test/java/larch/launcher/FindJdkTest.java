package larch.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which JDK the script takes, and how it starts the program with it.
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class FindJdkTest {
    @TempDir Path folder;
    private Sandbox sandbox;

    @BeforeEach
    void sandbox() throws IOException {
        sandbox = new Sandbox(folder);
        sandbox.environment.put("LARCH_OFFLINE", "1");
        Files.createDirectories(sandbox.home.resolve(".m2/wrapper/dists"));
    }

    /// The JDK that the build ran on, which is the one that the script took.
    private String takenBy(Program.Result result) throws IOException {
        assertEquals(0, result.code(), () -> result.err().toString());
        return sandbox.mavenCalls().getLast().split(":")[0];
    }

    @ParameterizedTest
    @CsvSource({
        "25, true", "25.0.3, true", "25-ea, true", "25+36, true",
        "24.0.2, false", "26, false", "250, false", "2.5, false", "1.8.0_25, false",
    })
    void theVersionIsReadInTheReleaseFile(String version, boolean right) throws Exception {
        Path jdk = FakeJdk.create(folder.resolve("jdks/some jdk"), version);
        sandbox.environment.put("LARCH_JDK_SEARCH", folder.resolve("jdks").toString());
        Program.Result result = sandbox.larch();
        if (right) {
            assertEquals(jdk.toString(), takenBy(result));
        } else {
            assertEquals(3, result.code());
            assertTrue(result.line().startsWith("larch: no JDK 25 found"), result::line);
        }
    }

    @Test
    void searchesSeveralFoldersOfJdksOrJdksThemselves() throws Exception {
        Path none = Files.createDirectory(folder.resolve("none"));
        FakeJdk.create(folder.resolve("old/jdk-17"), "17.0.1");
        Path jdk = FakeJdk.create(folder.resolve("jdk-25"), "25");
        FakeJdk.create(folder.resolve("later/jdk"), "25.0.9");
        sandbox.environment.put("LARCH_JDK_SEARCH",
                none + ":" + folder.resolve("old") + ":" + jdk + ":" + folder.resolve("later"));
        assertEquals(jdk.toString(), takenBy(sandbox.larch()));
    }

    @Test
    void aRuntimeWithoutCompilerIsNoJdk() throws Exception {
        Path jdk = sandbox.jdk();
        Files.delete(jdk.resolve("bin/javac"));
        assertEquals(3, sandbox.larch().code());
    }

    @Test
    void findsTheBundlesOfAMac() throws Exception {
        Path jdk = FakeJdk.create(folder.resolve("jdks/temurin-25.jdk/Contents/Home"), "25.0.1");
        sandbox.environment.put("LARCH_JDK_SEARCH", folder.resolve("jdks").toString());
        assertEquals(jdk.toString(), takenBy(sandbox.larch()));
    }

    @Test
    void larchJavaHomeComesFirst() throws Exception {
        sandbox.jdk();
        Path wanted = FakeJdk.create(folder.resolve("wanted"), "25.0.7");
        sandbox.environment.put("LARCH_JAVA_HOME", wanted.toString());
        assertEquals(wanted.toString(), takenBy(sandbox.larch()));
    }

    @Test
    void aWrongLarchJavaHomeIsOneLineAndNothingElseIsTaken() throws Exception {
        sandbox.jdk();
        for (Path wrong : List.of(folder.resolve("nowhere"), FakeJdk.create(folder.resolve("jdk-17"), "17"))) {
            sandbox.environment.put("LARCH_JAVA_HOME", wrong.toString());
            Program.Result result = sandbox.larch();
            assertEquals(3, result.code());
            assertTrue(result.line().startsWith("larch: LARCH_JAVA_HOME=" + wrong + " is not a JDK 25"), result::line);
        }
    }

    /// Without LARCH_JDK_SEARCH the variables come first; this test hides nothing of the machine, so it names both.
    @Test
    void java25HomeComesBeforeJavaHome() throws Exception {
        sandbox.environment.remove("LARCH_JDK_SEARCH");
        Path javaHome = FakeJdk.create(folder.resolve("java-home"), "25.0.1");
        sandbox.environment.put("JAVA_HOME", javaHome.toString());
        assertEquals(javaHome.toString(), takenBy(sandbox.larch()));

        sandbox.write("engine/src/main/java/engine.java", "class Changed {}");
        Path java25Home = FakeJdk.create(folder.resolve("java-25-home"), "25.0.2");
        sandbox.environment.put("JAVA25_HOME", java25Home.toString());
        assertEquals(java25Home.toString(), takenBy(sandbox.larch()));
    }

    /// `/usr/bin/javac` is a link to a link on a Debian system; relative links occur too.
    @Test
    void findsTheJdkBehindTheLinksOnThePath() throws Exception {
        sandbox.environment.remove("LARCH_JDK_SEARCH");
        Path jdk = FakeJdk.create(folder.resolve("a jdk"), "25.0.1");
        Path links = Files.createDirectories(folder.resolve("links"));
        Files.createSymbolicLink(links.resolve("alternative"), jdk.resolve("bin/javac"));
        Files.createSymbolicLink(links.resolve("javac"), Path.of("alternative"));
        sandbox.environment.put("PATH", links + ":" + sandbox.environment.get("PATH"));
        assertEquals(jdk.toString(), takenBy(sandbox.larch()));
    }

    @Test
    void startsTheProgramWithItsOptionsAndArguments() throws Exception {
        sandbox.jdk();
        Files.createFile(sandbox.home.resolve("-Dstar=file")); // which the shell would put for the star
        sandbox.environment.put("LARCH_JAVA_OPTS", "-Xmx1g  -Dstar=*");
        sandbox.environment.put("FAKE_EXIT", "7");
        Program.Result result = sandbox.larch("attack", "--note", "two  words", "", "*");
        assertEquals(7, result.code(), "the program's exit code");
        String jar = sandbox.root.resolve("target/larch/larch.jar").toString();
        assertEquals(List.of("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Xmx1g",
                "-Dstar=*", "-cp", jar, "larch.fncf.cli.Main", "attack", "--note", "two  words", "", "*"),
                result.out());
    }

    @Test
    void worksFromAnyFolderAndThroughALink() throws Exception {
        Path jdk = sandbox.jdk();
        Files.createSymbolicLink(folder.resolve("link"), sandbox.root.resolve("larch"));
        Program.Result result =
                Program.start(folder, sandbox.environment, List.of("/bin/sh", "link", "x")).finish();
        assertEquals(jdk.toString(), takenBy(result));
        assertEquals(List.of("x"), FakeJdk.programArguments(result));
    }
}
