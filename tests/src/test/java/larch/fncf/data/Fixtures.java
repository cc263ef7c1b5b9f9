package larch.fncf.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Small invented data in every format, as file name → text; nothing of MovieLens.
final class Fixtures {
    private Fixtures() { }

    static Map<String, String> ml1m() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("users.dat", """
                1::F::25::20::00000
                2::M::1::10::00000
                4::M::56::0::00000
                """);
        files.put("movies.dat", """
                3::The Tin Café (1950)::Drama
                5::Nobody Saw This One (2000)::War
                8::"Quoted" Harbour, The (1975)::Comedy|Romance
                9::Amber Bridge: Part (2) (1990)::Action
                """);
        files.put("ratings.dat", """
                1::3::4::100
                1::8::5::300
                2::9::1::50
                1::9::3::200
                2::3::2::50
                4::8::5::10
                """);
        return files;
    }

    static Map<String, String> ml100k() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("u.user", """
                1|24|M|writer|00000
                2|60|F|none|A1B2C
                3|7|F|student|00000
                """);
        files.put("u.item", """
                1|The Tin Café (1950)|01-Jan-1950||http://example.org/1|0|0|0|0|0|0|0|0|1|0|0|0|0|0|0|0|0|0|0
                2|unknown||||1|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0
                3|Amber Bridge (1990)|4-Feb-1990|||0|1|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|1
                4|Unseen (1970)|31-Dec-1970|||0|0|0|0|0|1|0|0|0|0|0|0|0|0|0|0|0|0|0
                """);
        files.put("u.data", "1\t1\t4\t100\n2\t3\t5\t70\n1\t3\t2\t90\n3\t2\t1\t5\n1\t2\t3\t100\n");
        return files;
    }

    static Map<String, String> ncf() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("tiny.train.rating", "0\t1\t4\t10\n0\t2\t5\t20\n1\t3\t1\t15\n0\t4\t2\t20\n");
        files.put("tiny.test.rating", "0\t0\t5\t30\n1\t2\t5\t30\n");
        files.put("tiny.test.negative", "(0,0)\t3\t5\n(1,2)\t0\t1\n");
        return files;
    }

    static FileSource source(Map<String, String> files) {
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        files.forEach((name, text) -> bytes.put(name, latin1(text)));
        return new FileSource.InMemory("mem", bytes);
    }

    static Path folder(Path folder, Map<String, String> files) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.write(folder.resolve(file.getKey()), latin1(file.getValue()));
        }
        return folder;
    }

    /// @param prefix such as `ml-1m/` for the layout with a top-level folder, or empty
    static Path zip(Path zip, String prefix, Map<String, String> files) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            if (!prefix.isEmpty()) {
                out.putNextEntry(new ZipEntry(prefix));
            }
            for (Map.Entry<String, String> file : files.entrySet()) {
                out.putNextEntry(new ZipEntry(prefix + file.getKey()));
                out.write(latin1(file.getValue()));
            }
        }
        return zip;
    }

    static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// A data set without features; each row is user, item, timestamp.
    static Dataset dataset(int numUsers, int numItems, int[]... rows) {
        InteractionsBuilder all = new InteractionsBuilder();
        for (int[] row : rows) {
            all.add(row[0], row[1], row[2], 1);
        }
        return new Dataset("hand-made", "", "", all.build(numUsers, numItems), FeatureTable.none(numUsers),
                FeatureTable.none(numItems), List.of(), ids(numUsers), ids(numItems), Optional.empty());
    }

    static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }
}
