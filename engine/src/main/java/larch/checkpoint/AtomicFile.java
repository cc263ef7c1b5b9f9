package larch.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/// Replaces a file as a whole: whoever reads it, whatever happens meanwhile, sees the old content or the new.
public final class AtomicFile {
    /// Writes the new content.
    public interface Content {
        /// @param channel where to
        /// @throws IOException if it cannot be written
        void write(FileChannel channel) throws IOException;
    }

    private AtomicFile() {
    }

    /// Writes a hidden file in the same folder, forces it to the disk and moves it over `file`. If any of
    /// this fails, `file` stays as it was and the hidden file is removed.
    /// @param file    in a folder that exists
    /// @param content its new content
    /// @throws IOException if it cannot be written
    public static void replace(Path file, Content content) throws IOException {
        // not Files.createTempFile: it hides the file from everyone but its owner, and the move would keep that
        Path temporary = file.toAbsolutePath().resolveSibling(".larch-" + UUID.randomUUID() + ".tmp");
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE)) {
            content.write(channel);
            channel.force(true);
        } catch (Throwable failure) {
            remove(temporary, failure);
            throw failure;
        }
        try {
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (Throwable failure) {
            remove(temporary, failure);
            throw failure;
        }
    }

    private static void remove(Path temporary, Throwable failure) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
