package larch.fncf.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A set of named files that a reader reads whole: a folder, a zip, or files that are made in memory.
sealed interface FileSource permits FolderSource, ZipSource, FileSource.InMemory {
    /// The most that one file may hold, so that a zip bomb or a wrong path cannot fill the memory. ML-1M's
    /// largest file has 24 MiB.
    long MAX_FILE_BYTES = 256L << 20;

    /// @return the file names without folders, sorted
    List<String> names();

    /// @param name one file
    /// @return how messages call it
    String where(String name);

    /// @param name one file
    /// @return its bytes
    byte[] read(String name);

    /// @param path a folder or a zip
    /// @return its files
    static FileSource open(Path path) {
        if (Files.isDirectory(path)) {
            return new FolderSource(path);
        }
        if (Files.isRegularFile(path)) {
            return new ZipSource(path, MAX_FILE_BYTES);
        }
        throw DataException.of(path.toString(), "a folder or a zip file", "no such file",
                "correct the path, or download the data with `larch data fetch`");
    }

    /// The error of a file that is not there.
    static DataException missing(FileSource source, String name) {
        List<String> names = source.names();
        String present = names.isEmpty() ? "no files" : names.size() <= 12 ? String.join(", ", names)
                : String.join(", ", names.subList(0, 12)) + " and " + (names.size() - 12) + " more";
        return DataException.of(source.where(name), "this file to be there", present + " beside it",
                "unpack the archive again, or give the folder that has it");
    }

    /// Files that exist only in memory.
    /// @param location how messages call the place
    /// @param files    the bytes of each file
    record InMemory(String location, Map<String, byte[]> files) implements FileSource {
        @Override
        public List<String> names() {
            return files.keySet().stream().sorted().toList();
        }

        @Override
        public String where(String name) {
            return location + "/" + name;
        }

        @Override
        public byte[] read(String name) {
            if (!files.containsKey(name)) {
                throw missing(this, name);
            }
            return files.get(name);
        }
    }
}
