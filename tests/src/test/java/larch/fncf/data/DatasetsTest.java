package larch.fncf.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsTest {
    private static final DataOptions DEFAULTS = DataOptions.defaults();

    @Test
    void recognisesEveryKind(@TempDir Path temp) throws IOException {
        Fixtures.folder(temp.resolve("one"), Fixtures.ml1m());
        Fixtures.folder(temp.resolve("hundred"), Fixtures.ml100k());
        Fixtures.folder(temp.resolve("ncf"), Fixtures.ncf());
        Fixtures.zip(temp.resolve("one.zip"), "x/", Fixtures.ml1m());
        Fixtures.zip(temp.resolve("hundred.zip"), "", Fixtures.ml100k());
        Fixtures.zip(temp.resolve("ncf.zip"), "Data/", Fixtures.ncf());
        Map<String, String> names = Map.of("one", "ml-1m", "one.zip", "ml-1m", "hundred", "ml-100k", "hundred.zip",
                "ml-100k", "ncf", "tiny", "ncf.zip", "tiny", "ncf/tiny.train.rating", "tiny");
        names.forEach((path, name) ->
                assertEquals(name, Datasets.open(temp.resolve(path).toString(), DEFAULTS, temp).name(), path));
        assertEquals("embedded", Datasets.open("embedded", DEFAULTS, temp).name());
    }

    @Test
    void namesMeanTheCache(@TempDir Path cache) throws IOException {
        DataException e = assertThrows(DataException.class, () -> Datasets.open("ml-100k", DEFAULTS, cache));
        assertEquals("ml-100k: expected its download at " + cache.resolve("ml-100k.zip") + ", got no such file; run "
                + "`larch data fetch ml-100k`, or give the path of a folder or zip that you have", e.getMessage());
        Fixtures.zip(cache.resolve("ml-100k.zip"), "ml-100k/", Fixtures.ml100k());
        assertEquals(3, Datasets.open("ml-100k", DEFAULTS, cache).numUsers());
        Fixtures.folder(cache.resolve("ml-1m"), Fixtures.ml1m());
        assertEquals("ml-1m", Datasets.open("ml-1m", DEFAULTS, cache).name());
    }

    @Test
    void saysWhatItLookedFor(@TempDir Path temp) throws IOException {
        DataException none = assertThrows(DataException.class, () -> Datasets.open("ml-10m", DEFAULTS, temp));
        assertTrue(none.getMessage().startsWith("ml-10m: expected a folder, a zip, or one of the names embedded, ml-100k,"
                + " ml-1m, got no such file"), none.getMessage());
        Path other = Fixtures.folder(temp.resolve("other"), Map.of("notes.txt", "hello"));
        DataException foreign = assertThrows(DataException.class,
                () -> Datasets.open(other.toString(), DEFAULTS, temp));
        assertTrue(foreign.getMessage().contains("got other files such as notes.txt"), foreign.getMessage());
    }
}
