package larch.fncf;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// Finds MovieLens for the tests that need it, which are tagged `data`; without it they end as skipped, and
/// say why.
///
/// Looked for in the folder that the environment variable `LARCH_DATA` names, else in `../shared/data` beside
/// the repository: there in `ml-100k` and `ml-1m`.
public final class RealData {
    private RealData() { }

    /// @return the folder with `u.data`, or an aborted test
    public static Path ml100k() {
        return find("ml-100k", "u.data");
    }

    /// @return the folder with `ratings.dat`, or an aborted test
    public static Path ml1m() {
        return find("ml-1m", "ratings.dat");
    }

    private static Path find(String name, String file) {
        String named = System.getenv("LARCH_DATA");
        Path folder = (named == null || named.isEmpty() ? repository().resolve("../shared/data").normalize()
                : Path.of(named)).resolve(name);
        boolean found = Files.isRegularFile(folder.resolve(file));
        String reason = "skipped: no " + file + " in " + folder + "; set LARCH_DATA to the folder that has " + name;
        if (!found) {
            System.out.println(reason);
        }
        Assumptions.assumeTrue(found, reason);
        return folder;
    }

    /// The nearest folder above the working directory that has the Maven settings of the root.
    private static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve(".mvn"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("expected the tests to run inside the repository, got "
                        + Path.of("").toAbsolutePath());
            }
        }
        return folder;
    }
}
