package larch.bench.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/// Shared libraries out of a jar, in a folder of the user's cache that is named after the jar.
final class NativeFolder {
    private static final String PLATFORM = "linux-x86_64/";

    private NativeFolder() {
    }

    /// @param library where Bytedeco's jar has it, such as `org/bytedeco/mkl/`
    /// @return the folder with all shared libraries of that place, unpacked at first use
    static Path of(String library) {
        String place = library + PLATFORM;
        URL folder = NativeFolder.class.getClassLoader().getResource(place);
        if (folder == null) {
            throw new IllegalStateException("no jar has " + place + "; it exists for Linux on x86-64 only");
        }
        try {
            JarFile jar = ((JarURLConnection) folder.openConnection()).getJarFile();
            Path target = cache().resolve(Path.of(jar.getName()).getFileName());
            Files.createDirectories(target);
            for (JarEntry entry : jar.stream().filter(e -> e.getName().startsWith(place)).toList()) {
                String file = entry.getName().substring(place.length());
                if (file.contains(".so") && !file.contains("/")) {
                    unpack(jar, entry, target.resolve(file));
                }
            }
            return target;
        } catch (IOException failure) {
            throw new UncheckedIOException("unpacking " + place + ": " + failure.getMessage(), failure);
        }
    }

    private static Path cache() {
        String folder = System.getenv("XDG_CACHE_HOME");
        return (folder == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(folder)).resolve("larch/peers");
    }

    /// In one move, so that no other process loads half a library.
    private static void unpack(JarFile jar, JarEntry entry, Path file) throws IOException {
        if (Files.exists(file) && Files.size(file) == entry.getSize()) {
            return;
        }
        Path part = Files.createTempFile(file.getParent(), "part", null);
        try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
