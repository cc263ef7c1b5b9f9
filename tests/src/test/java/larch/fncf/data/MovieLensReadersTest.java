package larch.fncf.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MovieLensReadersTest {
    private static final DataOptions DEFAULTS = DataOptions.defaults();

    @Test
    void ml1mReadsRatingsInFileOrderWithRatedItemsOnly() {
        Dataset data = MovieLens1M.read("ml-1m", Fixtures.source(Fixtures.ml1m()), DEFAULTS);
        Interactions all = data.interactions();
        assertArrayEquals(new int[] {0, 0, 1, 0, 1, 2}, all.users());
        assertArrayEquals(new int[] {0, 1, 2, 2, 0, 1}, all.items());
        assertArrayEquals(new long[] {100, 300, 50, 200, 50, 10}, all.timestamps());
        assertArrayEquals(new float[] {4, 5, 1, 3, 2, 5}, all.ratings());
        assertEquals(List.of("1", "2", "4"), data.userLabels());
        assertEquals(List.of("3", "8", "9"), data.itemLabels());
        assertEquals("The Tin Café (1950)", data.title(0));
        assertEquals("\"Quoted\" Harbour, The (1975)", data.title(1));
        assertEquals("", data.note());
        assertTrue(data.fixedTest().isEmpty());
    }

    @Test
    void ml1mEncodesTheDefaultFeatures() {
        Dataset data = MovieLens1M.read("ml-1m", Fixtures.source(Fixtures.ml1m()), DEFAULTS);
        assertEquals(30, data.userFeatures().width());
        assertEquals(19, data.itemFeatures().width());
        assertEquals("F, 25-34, writer", data.userFeatures().describe(0));
        assertEquals("M, under 18, K-12 student", data.userFeatures().describe(1));
        assertEquals("M, 56+, other", data.userFeatures().describe(2));
        assertEquals("Comedy|Romance, 1975", data.itemFeatures().describe(1));
        float[] user = data.userFeatures().row(0);
        for (int c = 0; c < 30; c++) {
            assertEquals(c == 0 || c == 2 + 2 || c == 9 + 20 ? 1 : 0, user[c], "column " + c);
        }
        float[] item = data.itemFeatures().dense().rows(1, 2).toArray();
        for (int c = 0; c < 18; c++) {
            assertEquals(c == 4 || c == 13 ? 1 : 0, item[c], "column " + c);
        }
        assertEquals(0.5f, item[18], "1975 between 1950 and 2000, the range of the whole catalogue");
    }

    @Test
    void catalogKeepsTheItemsThatNobodyRated() {
        Dataset data = MovieLens1M.read("ml-1m", Fixtures.source(Fixtures.ml1m()),
                DEFAULTS.with("data.items", "catalog"));
        assertEquals(List.of("3", "5", "8", "9"), data.itemLabels());
        assertArrayEquals(new int[] {0, 2, 3, 3, 0, 2}, data.interactions().items());
        assertEquals("War, 2000", data.itemFeatures().describe(1));
    }

    @Test
    void optionsChangeTheEncoding() {
        DataOptions options = DEFAULTS.with("feat.gender", "binary").with("feat.age", "scalar").with("feat.year",
                "decade");
        Dataset data = MovieLens1M.read("ml-1m", Fixtures.source(Fixtures.ml1m()), options);
        assertEquals(1 + 1 + 21, data.userFeatures().width());
        assertEquals(18 + 6, data.itemFeatures().width());
        assertEquals(Field.Kind.BINARY, data.userFeatures().field("gender").kind());
        assertEquals("F, 25, writer", data.userFeatures().describe(0));
        assertEquals("M, 1, K-12 student", data.userFeatures().describe(1));
        assertEquals(24f / 55, data.userFeatures().row(0)[1]);
        assertEquals("Comedy|Romance, 1970s", data.itemFeatures().describe(1));
        assertEquals(List.of("1950s", "1960s", "1970s", "1980s", "1990s", "2000s"),
                data.itemFeatures().field("year").labels());
    }

    @Test
    void ml100kReadsAgesOccupationsAndGenreFlags() {
        Dataset data = MovieLens100K.read(Fixtures.source(Fixtures.ml100k()), DEFAULTS);
        assertEquals("ml-100k", data.name());
        assertEquals(30, data.userFeatures().width());
        assertEquals(20, data.itemFeatures().width());
        assertEquals("M, 18-24, writer", data.userFeatures().describe(0));
        assertEquals("F, 56+, none", data.userFeatures().describe(1));
        assertEquals("F, under 18, student", data.userFeatures().describe(2));
        assertEquals("Action|Western, 1990", data.itemFeatures().describe(2));
        assertEquals(List.of("1", "2", "3"), data.itemLabels());
        assertArrayEquals(new int[] {0, 2, 2, 1, 1}, data.interactions().items());
    }

    @Test
    void aMissingReleaseDateBecomesTheMeanYearOrNoDecade() {
        Dataset mean = MovieLens100K.read(Fixtures.source(Fixtures.ml100k()), DEFAULTS);
        assertEquals("unknown, 1970", mean.itemFeatures().describe(1), "mean of 1950, 1990 and 1970");
        Dataset decade = MovieLens100K.read(Fixtures.source(Fixtures.ml100k()), DEFAULTS.with("feat.year", "decade"));
        assertEquals("unknown, none", decade.itemFeatures().describe(1));
    }

    @Test
    void exactAgesScaleFromYoungestToOldest() {
        Dataset data = MovieLens100K.read(Fixtures.source(Fixtures.ml100k()), DEFAULTS.with("feat.age", "scalar"));
        Field age = data.userFeatures().field("age");
        assertEquals(List.of("7", "60"), age.labels());
        assertEquals(17f / 53, data.userFeatures().row(0)[age.from()]);
        assertEquals(1f, data.userFeatures().row(1)[age.from()]);
        assertEquals(0f, data.userFeatures().row(2)[age.from()]);
    }

    @Test
    void ageGroupsAreThoseOfMovieLens1M() {
        int[] ages = {1, 17, 18, 24, 25, 34, 35, 44, 45, 49, 50, 55, 56, 73};
        int[] groups = {0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6};
        for (int i = 0; i < ages.length; i++) {
            assertEquals(groups[i], FeatureEncoder.ageGroup(ages[i]), "age " + ages[i]);
        }
    }

    @Test
    void carriageReturnsAndBlankLinesDoNotMatter() {
        Map<String, String> files = Fixtures.ml1m();
        files.replaceAll((name, text) -> text.replace("\n", "\r\n") + "\r\n");
        Dataset data = MovieLens1M.read("ml-1m", Fixtures.source(files), DEFAULTS);
        assertArrayEquals(new int[] {0, 1, 2, 2, 0, 1}, data.interactions().items());
        assertEquals("Comedy|Romance, 1975", data.itemFeatures().describe(1));
    }

    @Test
    void placeholderRatingsAreRecognisedByBothSigns() {
        Map<String, String> files = Fixtures.ml1m();
        files.put("ratings.dat", "1::3::5::7\n1::8::5::8\n2::9::5::7\n2::3::5::8\n");
        assertEquals(MovieLens1M.RECONSTRUCTION, MovieLens1M.read("x", Fixtures.source(files), DEFAULTS).note());
        files.put("ratings.dat", "1::3::5::7\n1::8::4::8\n2::9::5::7\n2::3::5::8\n");
        assertEquals("", MovieLens1M.read("x", Fixtures.source(files), DEFAULTS).note(), "a rating of 4");
        files.put("ratings.dat", "1::3::5::7\n1::8::5::9\n2::9::5::7\n2::3::5::8\n");
        assertEquals("", MovieLens1M.read("x", Fixtures.source(files), DEFAULTS).note(), "a gap in time");
        files.put("ratings.dat", "1::3::5::7\n2::9::5::7\n");
        assertEquals("", MovieLens1M.read("x", Fixtures.source(files), DEFAULTS).note(), "no second rating to tell");
    }

    @Test
    void folderAndBothZipLayoutsAreTheSameData(@TempDir Path temp) throws IOException {
        Dataset folder = MovieLens1M.read(Fixtures.folder(temp.resolve("a"), Fixtures.ml1m()), DEFAULTS);
        Dataset flat = MovieLens1M.read(Fixtures.zip(temp.resolve("b.zip"), "", Fixtures.ml1m()), DEFAULTS);
        Dataset nested = MovieLens1M.read(Fixtures.zip(temp.resolve("c.zip"), "ml-1m/", Fixtures.ml1m()), DEFAULTS);
        for (Dataset zip : List.of(flat, nested)) {
            assertEquals(folder.sha256(), zip.sha256());
            assertEquals(folder.itemTitles(), zip.itemTitles());
            assertArrayEquals(folder.interactions().items(), zip.interactions().items());
        }
        Dataset small = MovieLens100K.read(Fixtures.zip(temp.resolve("d.zip"), "ml-100k/", Fixtures.ml100k()),
                DEFAULTS);
        assertEquals(MovieLens100K.read(Fixtures.source(Fixtures.ml100k()), DEFAULTS).sha256(), small.sha256());
    }

    /// The expected value was computed with another program: for each file its name, a line feed, its length,
    /// a line feed and its bytes.
    @Test
    void theHashIsThatOfTheFilesAndIgnoresOptions() {
        Map<String, String> files = Fixtures.ml1m();
        String hash = MovieLens1M.read("x", Fixtures.source(files), DEFAULTS).sha256();
        assertEquals("f00059f123611504860c87f6b92c4b90f120d3f4c677b1291c2cf1ab1ec4e3d9", hash);
        DataOptions others = DEFAULTS.with("data.items", "catalog");
        assertEquals(hash, MovieLens1M.read("y", Fixtures.source(files), others).sha256());
        files.put("ratings.dat", files.get("ratings.dat").replace("1::3::4::100", "1::3::4::101"));
        assertNotEquals(hash, MovieLens1M.read("x", Fixtures.source(files), DEFAULTS).sha256());
    }
}
