package larch.fncf.experiment;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Which program computed a result.
public final class Provenance {
    private Provenance() {
    }

    /// @return the version in the jar's manifest; `development` for loose classes
    public static String version() {
        String version = Provenance.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /// @return name and version of the Java machine
    public static String jvm() {
        return System.getProperty("java.vm.name") + " " + Runtime.version();
    }

    /// @return the revision of the checkout that the program lies in, with `+` if files changed since; `unknown` outside one
    public static String git() {
        try {
            Path place = Path.of(Provenance.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            Path folder = Files.isDirectory(place) ? place : place.getParent();
            String revision = git(folder, "rev-parse", "--short=12", "HEAD");
            if (revision.isEmpty()) {
                return "unknown";
            }
            return revision + (git(folder, "status", "--porcelain", "--untracked-files=no").isEmpty() ? "" : "+");
        } catch (IOException | URISyntaxException _) {
            return "unknown";
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }

    private static String git(Path folder, String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 3];
        command[0] = "git";
        command[1] = "-C";
        command[2] = folder.toString();
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0 ? text : "";
    }
}
