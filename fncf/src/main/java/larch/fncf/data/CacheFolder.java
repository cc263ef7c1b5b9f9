package larch.fncf.data;

import java.nio.file.Path;
import java.util.Map;

/// Where downloaded data lives.
///
/// `$LARCH_CACHE/data` when that variable is set, else `$XDG_CACHE_HOME/larch/data`, else
/// `~/.cache/larch/data`.
public final class CacheFolder {
    private CacheFolder() { }

    /// @return the data folder of this process's environment; it need not exist
    public static Path data() {
        return data(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    static Path data(Map<String, String> environment, Path home) {
        String larch = environment.getOrDefault("LARCH_CACHE", "");
        if (!larch.isEmpty()) {
            return Path.of(larch, "data");
        }
        Path xdg = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
        // The XDG specification: a relative path is invalid and must be ignored.
        return (xdg.isAbsolute() ? xdg : home.resolve(".cache")).resolve("larch").resolve("data");
    }
}
