package larch.fncf.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NcfFormatTest {
    private static final DataOptions NO_VALIDATION = DataOptions.defaults().with("data.val", "none");

    @Test
    void readsTrainTestAndNegatives() {
        Dataset data = NcfFormat.read(Fixtures.source(Fixtures.ncf()), "mem");
        assertEquals("tiny", data.name());
        assertEquals("", data.note());
        assertEquals(2, data.numUsers());
        assertEquals(6, data.numItems(), "item 5 occurs among the negatives only");
        assertArrayEquals(new int[] {0, 0, 1, 0, 0, 1}, data.interactions().users());
        assertArrayEquals(new int[] {1, 2, 3, 4, 0, 2}, data.interactions().items());
        assertEquals(0, data.userFeatures().width());
        assertEquals(0, data.itemFeatures().width());
        assertEquals("item 4", data.title(4));
        assertArrayEquals(new int[] {0, 2}, data.fixedTest().orElseThrow().testItem());
    }

    @Test
    void theSplitAndTheCandidatesAreThoseOfTheFiles() {
        Dataset data = NcfFormat.read(Fixtures.source(Fixtures.ncf()), "mem");
        Split split = LeaveOneOut.split(data, NO_VALIDATION, 1);
        assertArrayEquals(new int[] {1, 2, 3, 4}, split.trainItems());
        EvalCandidates test = EvalCandidates.of(data, split, EvalCandidates.Part.TEST, 1);
        assertEquals(0, test.positive(0));
        assertArrayEquals(new int[] {3, 5}, test.negatives(0));
        assertEquals(2, test.positive(1));
        assertArrayEquals(new int[] {0, 1}, test.negatives(1));
        Split withValidation = LeaveOneOut.split(data, DataOptions.defaults(), 1);
        assertEquals(4, withValidation.validationItem(0), "the later in the file of two at time 20");
        assertEquals(-1, withValidation.validationItem(1), "its only training rating stays");
        assertEquals(0, withValidation.testItem(0));
    }

    @Test
    void rowsWithoutTimestampAndRepeatedRowsAreNoted() {
        Map<String, String> files = Fixtures.ncf();
        files.put("tiny.train.rating", "0\t1\t1\n0\t2\t1\n0\t1\t1\n1\t3\t1\n");
        Dataset data = NcfFormat.read(Fixtures.source(files), "mem");
        assertEquals("there are rows without a timestamp: the row number stands for the time; "
                + "1 repeated rows of the training file are counted once", data.note());
        assertArrayEquals(new int[] {1, 2, 3, 0, 2}, data.interactions().items());
        assertEquals(2, LeaveOneOut.split(data, DataOptions.defaults(), 1).validationItem(0));
    }

    @Test
    void writingAndReadingGivesTheSameSplit(@TempDir Path temp) throws IOException {
        DataOptions options = NO_VALIDATION;
        Dataset data = EmbeddedData.generate().dataset(options);
        Split split = LeaveOneOut.split(data, options, 5);
        EvalCandidates candidates = EvalCandidates.of(data, split, EvalCandidates.Part.TEST, 5);
        NcfFormat.write(temp, "round", split, candidates);

        Dataset back = NcfFormat.read(temp);
        Split splitBack = LeaveOneOut.split(back, options, 99);
        EvalCandidates candidatesBack = EvalCandidates.of(back, splitBack, EvalCandidates.Part.TEST, 99);
        assertArrayEquals(split.trainUsers(), splitBack.trainUsers());
        assertArrayEquals(split.trainItems(), splitBack.trainItems());
        assertEquals(candidates.sha256(), candidatesBack.sha256());
        for (int n = 0; n < split.trainSize(); n++) {
            int row = split.trainRows()[n];
            assertEquals(data.interactions().timestamps()[row], back.interactions().timestamps()[n]);
            assertEquals(data.interactions().ratings()[row], back.interactions().ratings()[n]);
        }
        assertEquals(List.of("round.test.negative", "round.test.rating", "round.train.rating"),
                FileSource.open(temp).names(), "no temporary file is left");
        String line = Files.readAllLines(temp.resolve("round.test.negative")).getFirst();
        assertTrue(line.matches("\\(0,\\d+\\)(\t\\d+){99}"), line);
    }

    @Test
    void writingWantsTheCandidatesOfTheTestPart(@TempDir Path temp) {
        Dataset data = EmbeddedData.generate().dataset(DataOptions.defaults());
        Split split = LeaveOneOut.split(data, DataOptions.defaults(), 5);
        EvalCandidates validation = EvalCandidates.of(data, split, EvalCandidates.Part.VALIDATION, 5);
        assertThrows(IllegalArgumentException.class, () -> NcfFormat.write(temp, "x", split, validation));
    }

    @Test
    void aFolderWithTwoSetsWantsTheFile(@TempDir Path temp) throws IOException {
        Fixtures.folder(temp, Fixtures.ncf());
        for (String part : List.of(".train.rating", ".test.rating", ".test.negative")) {
            Files.copy(temp.resolve("tiny" + part), temp.resolve("other" + part));
        }
        DataException e = assertThrows(DataException.class, () -> NcfFormat.read(temp));
        assertTrue(e.getMessage().contains("got those of other, tiny; give the path"), e.getMessage());
        assertEquals("other", NcfFormat.read(temp.resolve("other.train.rating")).name());
    }
}
