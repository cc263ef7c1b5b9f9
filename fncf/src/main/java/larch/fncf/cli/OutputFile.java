package larch.fncf.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Files that a command writes: whether they can be written is found out before the work, not after it.
final class OutputFile {
    private OutputFile() {
    }

    /// Makes a folder if it is missing and tries whether it takes files.
    /// @param option the option that names it
    /// @param folder the folder
    static void requireWritable(String option, Path folder) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, ".larch", ".probe"));
        } catch (IOException e) {
            throw UserError.of(option, "cannot write to the folder " + folder + " (" + reason(e)
                    + "); choose another one");
        }
    }

    /// @param option the option that names it
    /// @param text   a path
    /// @return the path
    static Path path(String option, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw UserError.of(option, "'" + text + "' is not a path: " + e.getReason());
        }
    }

    /// Writes a file so that it is there whole or not at all.
    /// @param file where
    /// @param text its content
    static void write(Path file, String text) throws IOException {
        Path temporary = file.resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            Files.writeString(temporary, text);
            try {
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /// @param e what went wrong with a file
    /// @return why, without class names
    static String reason(IOException e) {
        if (e instanceof FileSystemException file) {
            String why = file.getReason();
            return why != null ? why : switch (file) {
                case NoSuchFileException _ -> "no such file";
                case AccessDeniedException _ -> "permission denied";
                case FileAlreadyExistsException _ -> file.getFile() + " is a file";
                default -> file.getClass().getSimpleName();
            };
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
