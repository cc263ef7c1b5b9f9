package larch.fncf.boot;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Finds a JDK 25 on this machine, in the places and in the order of the script `larch`: `LARCH_JAVA_HOME`
/// alone if it is set; else the folders of `LARCH_JDK_SEARCH` if that is set, else the running Java,
/// `JAVA25_HOME`, `JAVA_HOME`, `PATH` and the usual folders; at last the JDK that the script has fetched.
/// What a folder holds is read in its file `release`.
final class Jdk {
    private static final String[] SYSTEM_FOLDERS = {
        "/usr/lib/jvm", "/opt/java", "/usr/java", "/Library/Java/JavaVirtualMachines",
        "C:\\Program Files\\Java", "C:\\Program Files\\Eclipse Adoptium",
    };
    private static final String[] USER_FOLDERS = {
        ".jdks", ".sdkman/candidates/java", "Library/Java/JavaVirtualMachines",
    };

    private final Map<String, String> environment;
    private final String userHome;
    private final String runningJava;

    Jdk(Map<String, String> environment, String userHome, String runningJava) {
        this.environment = environment;
        String home = environment.get("HOME"); // what the script goes by; Java asks the system instead
        this.userHome = home != null && !home.isEmpty() ? home : userHome;
        this.runningJava = runningJava;
    }

    /// The home folder of the first JDK 25.
    ///
    /// @throws IOException if there is none; the message is one line for the user
    String find() throws IOException {
        String wanted = environment.get("LARCH_JAVA_HOME");
        if (wanted != null && !wanted.isEmpty()) {
            if (!isRight(new File(wanted))) {
                throw new IOException("LARCH_JAVA_HOME=" + wanted + " is not a JDK " + Boot.FEATURE
                        + " (a folder with bin/java and a file \"release\" that says JAVA_VERSION=\""
                        + Boot.FEATURE + "...\"); correct it, or unset it to have one found");
            }
            return wanted;
        }
        for (File candidate : candidates()) {
            if (isRight(candidate)) {
                return candidate.getPath();
            }
        }
        throw new IOException("no JDK " + Boot.FEATURE + " found (this is Java "
                + System.getProperty("java.version") + "); install one, name one in LARCH_JAVA_HOME, or start"
                + " ./larch in the source folder, which fetches one");
    }

    private List<File> candidates() {
        List<File> found = new ArrayList<>();
        String search = environment.get("LARCH_JDK_SEARCH");
        if (search != null) {
            for (String folder : search.split(File.pathSeparator)) {
                if (!folder.isEmpty()) {
                    addTree(found, new File(folder));
                }
            }
        } else {
            add(found, runningJava);
            add(found, environment.get("JAVA25_HOME"));
            add(found, environment.get("JAVA_HOME"));
            addPath(found);
            for (String folder : SYSTEM_FOLDERS) {
                addTree(found, new File(folder));
            }
            for (String folder : USER_FOLDERS) {
                addTree(found, new File(userHome, folder));
            }
            for (String brew : new String[] {"/opt/homebrew/opt", "/usr/local/opt"}) {
                found.add(new File(brew, "openjdk@" + Boot.FEATURE + "/libexec/openjdk.jdk/Contents/Home"));
                found.add(new File(brew, "openjdk/libexec/openjdk.jdk/Contents/Home"));
            }
        }
        String cache = environment.get("XDG_CACHE_HOME");
        boolean named = cache != null && !cache.isEmpty();
        addTree(found, new File(named ? cache : userHome + "/.cache", "larch/jdk"));
        addTree(found, new File(userHome, "Library/Caches/larch/jdk"));
        return found;
    }

    private static void add(List<File> found, String home) {
        if (home != null && !home.isEmpty()) {
            found.add(new File(home));
        }
    }

    /// A folder that is a JDK or is full of JDKs; on a Mac each has its home in `Contents/Home`.
    private static void addTree(List<File> found, File folder) {
        found.add(folder);
        File[] inside = folder.listFiles();
        if (inside != null) {
            Arrays.sort(inside);
            found.addAll(Arrays.asList(inside));
            for (File bundle : inside) {
                found.add(new File(bundle, "Contents/Home"));
            }
        }
    }

    /// The JDK of each `java` on `PATH`, behind its symbolic links.
    private void addPath(List<File> found) {
        String path = environment.get("PATH");
        for (String folder : (path == null ? "" : path).split(File.pathSeparator)) {
            try {
                found.add(Paths.get(folder, "java").toRealPath().getParent().getParent().toFile());
            } catch (IOException | RuntimeException e) {
                continue; // no java in this folder, or an entry that is no path: not a place to look into
            }
        }
    }

    private static boolean isRight(File home) {
        if (!new File(home, "bin/java").canExecute() && !new File(home, "bin/java.exe").canExecute()) {
            return false;
        }
        try {
            boolean version = false;
            File release = new File(home, "release");
            for (String line : Files.readAllLines(release.toPath(), StandardCharsets.UTF_8)) {
                version |= line.matches("JAVA_VERSION=\"" + Boot.FEATURE + "[\".+-].*");
                if (line.startsWith("MODULES=") && !line.contains("jdk.incubator.vector")) {
                    return false; // a reduced runtime image
                }
            }
            return version;
        } catch (IOException e) {
            return false; // no release file: too old, or not a JDK
        }
    }
}
