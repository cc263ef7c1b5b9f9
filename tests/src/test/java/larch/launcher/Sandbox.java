package larch.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A small project around a copy of the script `larch`: sources, a Maven wrapper that only writes down how it was
/// called and makes the jar, a home folder and a cache of its own. The script finds its project beside itself, so
/// all of it but Maven and the JDK is the real thing. The paths have blanks in them on purpose.
final class Sandbox {
    static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    static final String FAT_JAR = "fncf/target/fncf-0.1.0-SNAPSHOT-all.jar";

    final Path root;
    final Path home;
    final Path cache;
    final Map<String, String> environment = new HashMap<>();

    Sandbox(Path folder) throws IOException {
        root = Files.createDirectory(folder.resolve("the project"));
        home = Files.createDirectory(folder.resolve("the home"));
        cache = folder.resolve("the cache");
        Files.copy(REPOSITORY.resolve("larch"), root.resolve("larch"));
        write("pom.xml", "<project/>");
        for (String module : List.of("engine", "opencl-kernels", "fncf")) {
            write(module + "/pom.xml", "<project/>");
            write(module + "/src/main/java/" + module + ".java", "class A {}");
        }
        write(".mvn/jvm.config", "-Xmx1g");
        write("mvnw", """
                #!/bin/sh
                echo "$JAVA_HOME:$PWD:${LARCH_SKIP_BUILD:-}: $*" >>"${0%/*}/mvnw.log"
                if [ -f "${0%/*}/fail" ]; then echo "[ERROR] A.java: cannot find symbol"; exit 9; fi
                sleep "${FAKE_BUILD_SECONDS:-0}"
                mkdir -p fncf/target
                find . -name '*.java' | sort >FAT_JAR
                """.replace("FAT_JAR", FAT_JAR));
        environment.put("PATH", System.getenv("PATH"));
        environment.put("HOME", home.toString());
        environment.put("XDG_CACHE_HOME", cache.toString());
        environment.put("LARCH_JDK_SEARCH", "");
        environment.put("no_proxy", "127.0.0.1");
    }

    /// Puts a JDK that prints what it is asked to run where the script finds it.
    Path jdk() throws IOException, InterruptedException {
        Path jdk = FakeJdk.create(home.resolve("jdks/jdk-25.0.1"), "25.0.1");
        environment.put("LARCH_JDK_SEARCH", home.resolve("jdks").toString());
        return jdk;
    }

    /// From now on the script sees these programs only (and the shell's own commands).
    void onlyTools(String... names) throws IOException {
        Path folder = Files.createDirectories(home.resolve("bin"));
        for (String name : names) {
            Path tool = Stream.of(System.getenv("PATH").split(":")).map(p -> Path.of(p, name))
                    .filter(Files::isExecutable).findFirst().orElseThrow(() -> new IOException("no " + name));
            executable(folder.resolve(name), "#!/bin/sh\nexec '" + tool + "' \"$@\"\n");
        }
        environment.put("PATH", folder.toString());
    }

    /// Puts a program before all others on the PATH.
    void tool(String name, String script) throws IOException {
        Path folder = Files.createDirectories(home.resolve("first"));
        executable(folder.resolve(name), script);
        if (!environment.get("PATH").startsWith(folder.toString())) {
            environment.put("PATH", folder + ":" + environment.get("PATH"));
        }
    }

    Path write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    /// How the Maven wrapper was called, one line a call.
    List<String> mavenCalls() throws IOException {
        Path log = root.resolve("mvnw.log");
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    /// The files of a folder, as paths below it.
    static List<String> files(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(p -> !Files.isDirectory(p)).map(p -> folder.relativize(p).toString()).sorted().toList();
        }
    }

    Program.Result larch(String... arguments) throws IOException, InterruptedException {
        return start(arguments).finish();
    }

    Program start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", root.resolve("larch").toString()));
        command.addAll(List.of(arguments));
        return Program.start(home, environment, command);
    }

    static void executable(Path file, String script) throws IOException {
        Files.writeString(file, script);
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot make it executable: " + file);
        }
    }
}
