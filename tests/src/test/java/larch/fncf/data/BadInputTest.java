package larch.fncf.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every kind of bad file ends in one line that names file, line, expectation, finding and fix.
class BadInputTest {
    private static final DataOptions DEFAULTS = DataOptions.defaults();

    /// Replaces the first occurrence of `good` in `file` by `bad`; the message must start and go on as given.
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', value = {
        "users.dat; 2::M::1::10::00000; 2::M::1::10; mem/users.dat:2: expected 5 fields; got 4 fields",
        "users.dat; 2::M::1::10::00000; 2::M::1::10::0::0; mem/users.dat:2: expected 5 fields; got 6 fields",
        "users.dat; 2::M; two::M; mem/users.dat:2: expected user id to be a whole number; got \"two\"",
        "users.dat; 2::M; 1::M; mem/users.dat:2: expected each user id once; got user 1 a second time",
        "users.dat; 2::M; 2::X; mem/users.dat:2: expected gender M or F; got \"X\"",
        "users.dat; M::1::10; M::24::10; mem/users.dat:2: expected one of the age codes 1, 18, 25; got \"24\"",
        "users.dat; M::1::10; M::1::21; mem/users.dat:2: expected occupation code to be; got \"21\"",
        "movies.dat; 5::Nobody; 3::Nobody; mem/movies.dat:2: expected each film id once; got film 3 a second time",
        "movies.dat; One (2000); One; mem/movies.dat:2: expected a title that ends with the year; got \"Nobody Saw This One\"",
        "movies.dat; (2000)::War; (2000)::Battle; mem/movies.dat:2: expected genres out of Action,; got \"Battle\"",
        "movies.dat; (2000)::War; (2000)::; mem/movies.dat:2: expected genres out of Action,; got \"\"",
        "ratings.dat; 1::8::5::300; 1::8::5; mem/ratings.dat:2: expected 4 fields; got 3 fields",
        "ratings.dat; 1::8::5; 1::8::five; mem/ratings.dat:2: expected rating to be a whole number from 1 to 5; got \"five\"",
        "ratings.dat; 1::8::5; 1::8::6; mem/ratings.dat:2: expected rating to be a whole number from 1 to 5; got \"6\"",
        "ratings.dat; ::300; ::-300; mem/ratings.dat:2: expected timestamp to be a whole number from 0 up; got \"-300\"",
        "ratings.dat; 1::8::5; 3::8::5; mem/ratings.dat:2: expected the id of a user in users.dat; got \"3\"",
        "ratings.dat; 1::8::5; 1::7::5; mem/ratings.dat:2: expected the id of a film in movies.dat; got \"7\"",
        "ratings.dat; 1::9::3; 1::3::3; mem/ratings.dat:4: expected one rating of each film by each user; got user 1 and film 3",
    })
    void ml1mRows(String file, String good, String bad, String start, String got) {
        Map<String, String> files = replaced(Fixtures.ml1m(), file, good, bad);
        assertMessage(start, got, () -> MovieLens1M.read("ml-1m", Fixtures.source(files), DEFAULTS));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', value = {
        "u.user; 2|60|F|none|A1B2C; 2|60|F|none; mem/u.user:2: expected 5 fields; got 4 fields",
        "u.user; 2|60; 2|old; mem/u.user:2: expected age to be a whole number; got \"old\"",
        "u.user; F|none; F|astronaut; mem/u.user:2: expected an occupation out of administrator,; got \"astronaut\"",
        "u.item; 3|Amber; 1|Amber; mem/u.item:3: expected each film id once; got film 1 a second time",
        "u.item; 4-Feb-1990; 4-Fib-1990; mem/u.item:3: expected a release date such as 01-Jan-1995, or none; got \"4-Fib-1990\"",
        "u.item; |||0|1|; |||0|2|; mem/u.item:3: expected the flag of genre Action to be; got \"2\"",
        "u.item; |||0|1|; |||1|; mem/u.item:3: expected 24 fields; got 23 fields",
        "u.data; 2\t3\t5; 9\t3\t5; mem/u.data:2: expected the id of a user in u.user; got \"9\"",
        "u.data; 2\t3\t5; 2 3 5; mem/u.data:2: expected 4 fields; got 2 fields",
    })
    void ml100kRows(String file, String good, String bad, String start, String got) {
        Map<String, String> files = replaced(Fixtures.ml100k(), file, good, bad);
        assertMessage(start, got, () -> MovieLens100K.read(Fixtures.source(files), DEFAULTS));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', value = {
        "tiny.train.rating; 0\t2\t5\t20; 0\t2; mem/tiny.train.rating:2: expected at least 3 fields; got 2 fields",
        "tiny.train.rating; 0\t2\t5; -1\t2\t5; mem/tiny.train.rating:2: expected user id to be; got \"-1\"",
        "tiny.train.rating; 0\t2\t5; 0\t2\tNaN; mem/tiny.train.rating:2: expected rating to be a number; got \"NaN\"",
        "tiny.train.rating; 0\t2\t5; 2000000000\t2\t5; mem/tiny.train.rating: expected ids that start at 0; got user ids up to 2000000000",
        "tiny.test.rating; 1\t2\t5; 0\t2\t5; mem/tiny.test.rating:2: expected one held-out item per user; got user 0 a second time",
        "tiny.test.rating; 1\t2\t5; 1\t3\t5; mem/tiny.test.rating:2: expected a held-out item that is not in the training file; got user 1 and item 3",
        "tiny.test.negative; (1,2); 1,2; mem/tiny.test.negative:2: expected the pair (user,item) first; got \"1,2\"",
        "tiny.test.negative; (1,2); (1,4); mem/tiny.test.negative:2: expected (1,2), as in row 2 of tiny.test.rating; got (1,4)",
        "tiny.test.negative; NEWLINE(1,2)\t0\t1; ~~; mem/tiny.test.negative:1: expected a row for each of the 2 rows; got 1 rows",
        "tiny.test.negative; \t0\t1; \t0\tx; mem/tiny.test.negative:2: expected negative item id to be; got \"x\"",
    })
    void ncfRows(String file, String good, String bad, String start, String got) {
        Map<String, String> files = replaced(Fixtures.ncf(), file, good.replace("NEWLINE", "\n"), bad);
        assertMessage(start, got, () -> NcfFormat.read(Fixtures.source(files), "mem"));
    }

    @Test
    void emptyFilesAndFilesOfBlankLines() {
        for (String empty : new String[] {"", "\n\r\n\n"}) {
            Map<String, String> files = Fixtures.ml1m();
            files.put("ratings.dat", empty);
            assertMessage("mem/ratings.dat:1: expected at least one row UserID::MovieID::Rating::Timestamp",
                    "got an empty file", () -> MovieLens1M.read("x", Fixtures.source(files), DEFAULTS));
        }
    }

    @Test
    void controlCharactersAreNotText() {
        Map<String, String> nul = replaced(Fixtures.ml1m(), "users.dat", "2::M", "2\0::M");
        assertMessage("mem/users.dat:2: expected text", "got the control character 0x00",
                () -> MovieLens1M.read("x", Fixtures.source(nul), DEFAULTS));
        Map<String, String> c1 = replaced(Fixtures.ml1m(), "movies.dat", "Nobody", "No\u0085body");
        assertMessage("mem/movies.dat:2: expected ISO-8859-1 text", "got the byte 0x85",
                () -> MovieLens1M.read("x", Fixtures.source(c1), DEFAULTS));
    }

    @Test
    void utf8WouldGarbleTitles() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        Fixtures.ml1m().forEach((name, text) -> files.put(name, text.getBytes(StandardCharsets.UTF_8)));
        assertMessage("mem/movies.dat: expected ISO-8859-1 text", "got UTF-8 text",
                () -> MovieLens1M.read("x", new FileSource.InMemory("mem", files), DEFAULTS));
    }

    @Test
    void aMissingFileNamesWhatIsThere(@TempDir Path temp) throws IOException {
        Map<String, String> files = Fixtures.ml1m();
        files.remove("movies.dat");
        assertMessage("mem/movies.dat: expected this file", "got ratings.dat, users.dat beside it",
                () -> MovieLens1M.read("x", Fixtures.source(files), DEFAULTS));
        Path folder = Fixtures.folder(temp.resolve("f"), files);
        assertMessage(folder + "/movies.dat: expected this file", "got ratings.dat, users.dat beside it",
                () -> MovieLens1M.read(folder, DEFAULTS));
        Path zip = Fixtures.zip(temp.resolve("f.zip"), "", files);
        assertMessage(zip + "/movies.dat: expected this file", "got ratings.dat, users.dat beside it",
                () -> MovieLens1M.read(zip, DEFAULTS));
        assertMessage(temp.resolve("none") + ": expected a folder or a zip file", "got no such file",
                () -> MovieLens1M.read(temp.resolve("none"), DEFAULTS));
    }

    @Test
    void aTruncatedZipAsksForAnotherDownload(@TempDir Path temp) throws IOException {
        Path zip = Fixtures.zip(temp.resolve("t.zip"), "ml-1m/", Fixtures.ml1m());
        byte[] bytes = Files.readAllBytes(zip);
        for (int keep : new int[] {0, 10, bytes.length / 2, bytes.length - 1}) {
            Files.write(zip, Arrays.copyOf(bytes, keep));
            DataException e = assertMessage(zip + ": expected a complete zip file", "",
                    () -> MovieLens1M.read(zip, DEFAULTS));
            assertTrue(e.getMessage().endsWith("; download it again"), e.getMessage());
        }
    }

    /// The changed digit leaves a valid row, so only the checksum can tell.
    @Test
    void aChangedDigitInAZipIsNoticed(@TempDir Path temp) throws IOException {
        Path zip = temp.resolve("t.zip");
        byte[] content = Fixtures.latin1("1::3::4::100\n");
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry("ratings.dat");
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(entry);
            out.write(content);
        }
        assertArrayEquals(content, FileSource.open(zip).read("ratings.dat"));
        byte[] bytes = Files.readAllBytes(zip);
        int rating = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("4::100");
        bytes[rating] = '5';
        Files.write(zip, bytes);
        assertMessage(zip + "/ratings.dat: expected CRC-32 " + Long.toHexString(crc.getValue()), "the zip is damaged",
                () -> FileSource.open(zip).read("ratings.dat"));
    }

    @Test
    void aZipBombStopsAtTheLimit(@TempDir Path temp) throws IOException {
        Path zip = Fixtures.zip(temp.resolve("bomb.zip"), "", Map.of("users.dat", "0".repeat(10_001)));
        assertEquals(10_001, new ZipSource(zip, 10_001).read("users.dat").length);
        assertMessage(zip + "/users.dat: expected at most 10000 bytes when unpacked", "got more",
                () -> new ZipSource(zip, 10_000).read("users.dat"));
    }

    @Test
    void twoFilesOfOneNameInAZipAreAmbiguous(@TempDir Path temp) throws IOException {
        Map<String, String> files = new LinkedHashMap<>(Map.of("a/users.dat", "1", "b/users.dat", "2"));
        Path zip = Fixtures.zip(temp.resolve("two.zip"), "", files);
        assertMessage(zip + ": expected one file of each name", "users.dat and ", () -> FileSource.open(zip).names());
    }

    private static Map<String, String> replaced(Map<String, String> files, String file, String good, String bad) {
        String text = files.get(file);
        int at = text.indexOf(good);
        assertTrue(at >= 0, "the fixture has no " + good);
        files.put(file, text.substring(0, at) + bad + text.substring(at + good.length()));
        return files;
    }

    private static DataException assertMessage(String start, String inside, Runnable action) {
        DataException e = assertThrows(DataException.class, action::run);
        String message = e.getMessage();
        assertTrue(message.startsWith(start), () -> "should start with " + start + ": " + message);
        assertTrue(message.contains(inside), () -> "should contain " + inside + ": " + message);
        assertTrue(message.contains(", got ") && message.contains("; ") && message.lines().count() == 1, message);
        return e;
    }
}
