package larch.fncf.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import larch.machine.CacheFolder;

/// The door to all data: a name or a path in, a [Dataset] out.
///
/// | argument | data |
/// |---|---|
/// | `embedded` | the generated set that needs no download ([EmbeddedData]) |
/// | `ml-100k`, `ml-1m` | the download in the cache; write `./ml-1m` for a folder of that name |
/// | folder or zip with `u.data` | MovieLens 100K |
/// | folder or zip with `ratings.dat` | MovieLens 1M |
/// | folder or zip with `X.train.rating`, or that file | NCF files |
public final class Datasets {
    /// The name of the generated data set.
    public static final String EMBEDDED = "embedded";

    private Datasets() { }

    /// @param nameOrPath see the table
    /// @param options    how to encode the features, and which films are items
    /// @return the data set; throws [DataException] when there is none or it is bad
    public static Dataset open(String nameOrPath, DataOptions options) {
        return open(nameOrPath, options, CacheFolder.of("data"));
    }

    static Dataset open(String nameOrPath, DataOptions options, Path cache) {
        if (nameOrPath.equals(EMBEDDED)) {
            return EmbeddedData.generate().dataset(options);
        }
        if (DataFetcher.GROUPLENS_MD5.containsKey(nameOrPath)) {
            return openPath(cached(nameOrPath, cache), options);
        }
        Path path = Path.of(nameOrPath);
        if (!Files.exists(path)) {
            throw DataException.of(nameOrPath, "a folder, a zip, or one of the names " + EMBEDDED + ", "
                    + String.join(", ", DataFetcher.GROUPLENS_MD5.keySet()), "no such file",
                    "correct the path, or run `larch data fetch ml-100k` and use that name");
        }
        return openPath(path, options);
    }

    private static Path cached(String name, Path cache) {
        for (Path candidate : List.of(cache.resolve(name + ".zip"), cache.resolve(name))) {
            if (Files.exists(candidate)) {
                return candidate;
            }
        }
        throw DataException.of(name, "its download at " + cache.resolve(name + ".zip"), "no such file",
                "run `larch data fetch " + name + "`, or give the path of a folder or zip that you have");
    }

    private static Dataset openPath(Path path, DataOptions options) {
        if (path.toString().endsWith(NcfFormat.TRAIN)) {
            return NcfFormat.read(path);
        }
        FileSource source = FileSource.open(path);
        List<String> names = source.names();
        if (names.contains("u.data")) {
            return MovieLens100K.read(source, options);
        }
        if (names.contains("ratings.dat")) {
            return MovieLens1M.read("ml-1m", source, options);
        }
        if (!NcfFormat.prefixes(source).isEmpty()) {
            return NcfFormat.read(source, path.toString());
        }
        throw DataException.of(path.toString(),
                "u.data (MovieLens 100K), ratings.dat (MovieLens 1M) or X.train.rating (NCF) in it",
                names.isEmpty() ? "no files" : "other files such as " + names.getFirst(),
                "give the folder that holds the data files themselves");
    }
}
