package larch.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/// A checkpoint file cannot be read or written; the message is one line that begins with the file's name.
///
/// It is an [IOException] because a damaged file, like a full disk, is a fault of the world and not of the
/// program: the compiler should make the caller decide what the user is told. A misused method (a reserved
/// name, say) throws `IllegalArgumentException` instead.
public final class SafeTensorsException extends IOException {
    private static final long serialVersionUID = 1L;

    /// @param file    the file
    /// @param problem what was expected, what was found and, where one is known, the fix
    public SafeTensorsException(Path file, String problem) {
        super(file + ": " + problem);
    }

    /// @param file    the file
    /// @param problem what could not be done
    /// @param cause   why
    public SafeTensorsException(Path file, String problem, IOException cause) {
        super(file + ": " + problem, cause);
    }
}
