package larch.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import larch.fncf.boot.Boot;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `java -jar` with the real boot classes and, in place of the laboratory, a program that tells how it was started.
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class BootTest {
    private static final String PROGRAM = """
            package larch.fncf.cli;
            public class Main {
                public static void main(String[] args) throws Exception {
                    System.out.println("java " + System.getProperty("java.specification.version"));
                    System.out.println(Class.forName("jdk.incubator.vector.Vector").getSimpleName());
                    System.out.println(System.getProperty("larch.test") + " " + System.getProperty("larch.more"));
                    for (String arg : args) System.out.println(arg);
                    if (args.length > 0 && args[0].equals("throw")) throw new IllegalStateException("on purpose");
                    System.exit(args.length);
                }
            }
            """;
    private static final List<String> BOOT_CLASSES =
            List.of("larch/fncf/boot/Boot.class", "larch/fncf/boot/Child.class", "larch/fncf/boot/Jdk.class");

    @TempDir Path folder;
    private Path jar;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void jar() throws IOException {
        Path source = folder.resolve("Main.java");
        Files.writeString(source, PROGRAM);
        assertEquals(0, ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", folder.toString(), source.toString()));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Boot.class.getName());
        jar = folder.resolve("an app.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (String name : BOOT_CLASSES) {
                add(out, name, bootClass(name));
            }
            String main = "larch/fncf/cli/Main.class";
            add(out, main, Files.readAllBytes(folder.resolve(main)));
        }
        environment.put("PATH", System.getenv("PATH"));
        environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        environment.put("LARCH_JDK_SEARCH", System.getProperty("java.home"));
    }

    private static byte[] bootClass(String name) throws IOException {
        try (InputStream in = Boot.class.getResourceAsStream("/" + name)) {
            assertNotNull(in, name);
            return in.readAllBytes();
        }
    }

    private static void add(JarOutputStream jar, String name, byte[] bytes) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(bytes);
    }

    private Program.Result run(Path java, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(java + "/bin/java", "-Duser.home=" + folder));
        command.addAll(List.of(options));
        return Program.start(folder, environment, command).finish();
    }

    private static Path thisJava() {
        return Path.of(System.getProperty("java.home"));
    }

    /// Some Java other than 25 of this machine.
    private static Path otherJava() throws IOException {
        List<Path> found = new ArrayList<>();
        String home = System.getProperty("user.home");
        for (String place : List.of("/usr/lib/jvm", "/opt/java", "/usr/java", home + "/.jdks",
                home + "/.sdkman/candidates/java")) {
            if (Files.isDirectory(Path.of(place))) {
                try (Stream<Path> homes = Files.list(Path.of(place))) {
                    homes.filter(BootTest::isOther).forEach(found::add);
                }
            }
        }
        assumeTrue(!found.isEmpty(), "there is no Java other than 25 on this machine");
        return found.getFirst();
    }

    private static boolean isOther(Path home) {
        try {
            return Files.isExecutable(home.resolve("bin/java")) && Files.readAllLines(home.resolve("release")).stream()
                    .anyMatch(line -> line.startsWith("JAVA_VERSION=") && !line.startsWith("JAVA_VERSION=\"25"));
        } catch (IOException e) {
            return false; // no release file
        }
    }

    private void assertRunsOn25(Path java) throws Exception {
        environment.put("LARCH_JAVA_OPTS", " -Dlarch.more=b ");
        Program.Result result = run(java, "-Dlarch.test=a", "-jar", jar.toString(), "two words", "", "*");
        assertEquals(List.of(), result.err());
        assertEquals(List.of("java 25", "Vector", "a b", "two words", "", "*"), result.out());
        assertEquals(3, result.code());
    }

    @Test
    void anotherJavaStartsItOn25() throws Exception {
        assertRunsOn25(otherJava());
    }

    @Test
    void java25WithoutTheModuleStartsItWithTheModule() throws Exception {
        assertRunsOn25(thisJava());
    }

    /// Nothing is searched then: the search would fail here.
    @Test
    void theRightJavaRunsItItself() throws Exception {
        environment.put("LARCH_JDK_SEARCH", folder.toString());
        Program.Result result = run(thisJava(), "--add-modules", "jdk.incubator.vector", "-jar", jar.toString(), "x");
        assertEquals(List.of("java 25", "Vector", "null null", "x"), result.out());
        assertEquals(1, result.code());
    }

    @Test
    void anExceptionOfTheProgramComesThroughUnwrapped() throws Exception {
        Program.Result result =
                run(thisJava(), "--add-modules", "jdk.incubator.vector", "-jar", jar.toString(), "throw");
        assertEquals(1, result.code());
        assertEquals("Exception in thread \"main\" java.lang.IllegalStateException: on purpose",
                result.err().getFirst());
    }

    @Test
    void findsTheJdkThatTheScriptFetched() throws Exception {
        environment.put("LARCH_JDK_SEARCH", "");
        Path jdks = Files.createDirectories(folder.resolve("cache/larch/jdk"));
        FakeJdk.create(jdks.resolve("temurin-25"), "25.0.1");
        Program.Result result = run(thisJava(), "-jar", jar.toString(), "x");
        assertEquals(List.of("x"), FakeJdk.programArguments(result));
    }

    @Test
    void withoutJdk25ItSaysSoInOneLine() throws Exception {
        environment.put("LARCH_JDK_SEARCH", folder.toString());
        Program.Result result = run(thisJava(), "-jar", jar.toString());
        assertEquals(3, result.code());
        assertTrue(result.line().startsWith("larch: no JDK 25 found"), result::line);
        assertEquals(List.of(), result.out());
    }

    @Test
    void aWrongLarchJavaHomeIsOneLine() throws Exception {
        environment.put("LARCH_JAVA_HOME", folder.toString());
        Program.Result result = run(thisJava(), "-jar", jar.toString());
        assertEquals(3, result.code());
        assertTrue(result.line().startsWith("larch: LARCH_JAVA_HOME=" + folder + " is not a JDK 25"), result::line);
    }

    @Test
    void aRuntimeImageWithoutTheVectorModuleIsNotTaken() throws Exception {
        Path image = FakeJdk.create(folder.resolve("images/image"), "25.0.1");
        Files.writeString(image.resolve("release"), "JAVA_VERSION=\"25.0.1\"\nMODULES=\"java.base\"\n");
        environment.put("LARCH_JDK_SEARCH", folder.resolve("images").toString());
        assertEquals(3, run(thisJava(), "-jar", jar.toString()).code());
    }

    /// Whoever terminates the Java that was started means the program.
    @Test
    void theProgramDoesNotOutliveTheProcessThatStartedIt() throws Exception {
        Path jdk = FakeJdk.create(folder.resolve("jdks/jdk"), "25.0.1");
        Sandbox.executable(jdk.resolve("bin/java"), "#!/bin/sh\necho started >&2\nexec sleep 60\n");
        environment.put("LARCH_JAVA_HOME", jdk.toString());
        Program program = Program.start(folder, environment,
                List.of(thisJava() + "/bin/java", "-jar", jar.toString()));
        program.awaitErr("started");
        ProcessHandle child = program.process().children().findFirst().orElseThrow();
        program.process().destroy();
        assertEquals(143, program.finish().code());
        assertTrue(!child.isAlive(), "the program lives on");
    }

    @Test
    void isByteCodeOfJava8() throws IOException {
        for (String name : BOOT_CLASSES) {
            assertEquals(52, bootClass(name)[7], name);
        }
    }
}
