package larch.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A folder that looks like a JDK; its `java` prints its arguments instead of running them.
final class FakeJdk {
    private FakeJdk() {}

    static Path create(Path jdk, String version) throws IOException {
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), """
                IMPLEMENTOR="Eclipse Adoptium"
                JAVA_VERSION="%s"
                OS_NAME="Linux"
                """.formatted(version));
        Sandbox.executable(jdk.resolve("bin/javac"), "#!/bin/sh\n");
        Sandbox.executable(jdk.resolve("bin/java"), """
                #!/bin/sh
                [ "$1" != -version ] || exit 0
                for argument; do echo "$argument"; done
                exit "${FAKE_EXIT:-0}"
                """);
        return jdk;
    }

    /// The arguments after the class path are the program's; this is what `java` was asked to run.
    static List<String> programArguments(Program.Result result) {
        int main = result.out().indexOf("larch.fncf.cli.Main");
        return result.out().subList(main + 1, result.out().size());
    }

    /// A tar.gz of a JDK, in a folder like Adoptium's.
    static byte[] archive(Path folder, String version) throws IOException, InterruptedException {
        create(folder.resolve("jdk-25.0.1+8"), version);
        Path archive = folder.resolve("jdk.tar.gz");
        Process tar = new ProcessBuilder("tar", "-czf", archive.toString(), "-C", folder.toString(), "jdk-25.0.1+8")
                .inheritIO().start();
        if (tar.waitFor() != 0) {
            throw new IOException("tar failed");
        }
        return Files.readAllBytes(archive);
    }
}
