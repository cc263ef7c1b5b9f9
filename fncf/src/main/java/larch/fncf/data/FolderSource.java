package larch.fncf.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The files that lie directly in a folder.
record FolderSource(Path folder) implements FileSource {
    @Override
    public List<String> names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw DataException.of(folder.toString(), "a folder that can be read", reason(e),
                    "check its permissions").causedBy(e);
        }
    }

    @Override
    public String where(String name) {
        return folder.resolve(name).toString();
    }

    @Override
    public byte[] read(String name) {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw FileSource.missing(this, name);
        }
        try {
            long size = Files.size(file);
            if (size > MAX_FILE_BYTES) {
                throw DataException.of(where(name), "at most " + MAX_FILE_BYTES + " bytes", size + " bytes",
                        "check that this is the file you meant");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw DataException.of(where(name), "a file that can be read", reason(e), "check its permissions")
                    .causedBy(e);
        }
    }

    static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getClass().getSimpleName() + ": "
                + e.getMessage();
    }
}
