package larch.machine;

import java.nio.file.Path;
import java.util.Map;

/// Where Larch keeps what it can make or fetch again.
///
/// `$LARCH_CACHE` when that variable is set; else, as `./larch` has it, `~/Library/Caches/larch` on a Mac,
/// `$XDG_CACHE_HOME/larch`, or `~/.cache/larch`.
public final class CacheFolder {
    private CacheFolder() {
    }

    /// @param part what is kept, such as `data`
    /// @return its folder in this process's environment; it need not exist
    public static Path of(String part) {
        return of(part, System.getenv(), Path.of(System.getProperty("user.home")), System.getProperty("os.name"));
    }

    static Path of(String part, Map<String, String> environment, Path home, String system) {
        String chosen = environment.getOrDefault("LARCH_CACHE", "");
        if (!chosen.isEmpty()) {
            return Path.of(chosen, part);
        }
        Path xdg = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
        // The XDG specification: a relative path is invalid and must be ignored.
        Path caches = system.startsWith("Mac") ? home.resolve("Library/Caches")
                : xdg.isAbsolute() ? xdg : home.resolve(".cache");
        return caches.resolve("larch").resolve(part);
    }
}
