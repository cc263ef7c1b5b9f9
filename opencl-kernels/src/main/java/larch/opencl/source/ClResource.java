package larch.opencl.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The files below `/cl` that this module brings along.
public final class ClResource {
    private ClResource() {
    }

    /// @param file its name below `/cl`, as in `rows.cl`
    /// @return the file as text
    /// @throws IllegalArgumentException if there is none
    public static String text(String file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String file) {
        try (InputStream in = ClResource.class.getResourceAsStream("/cl/" + file)) {
            if (in == null) {
                throw new IllegalArgumentException("opencl: no resource /cl/" + file + " on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("opencl: read /cl/" + file, e);
        }
    }
}
