package larch.fncf.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeaveOneOutTest {
    private static final DataOptions DEFAULTS = DataOptions.defaults();
    /// User 0 has items 3, 1, 2 in this file order at its latest time 9, and item 0 before. Popularity of the
    /// items: 0 → 1, 1 → 3, 2 → 1, 3 → 2.
    private static final Dataset TIED = Fixtures.dataset(3, 4, new int[][] {
        {0, 3, 9}, {1, 1, 5}, {0, 0, 4}, {0, 1, 9}, {2, 1, 1}, {0, 2, 9}, {1, 3, 2}});

    @ParameterizedTest
    @CsvSource({"last, 2, 1", "first, 3, 1", "item-asc, 3, 2", "item-desc, 1, 2", "popular, 1, 3", "unpopular, 2, 3"})
    void theTieRuleOrdersEqualTimestamps(String tie, int test, int validation) {
        Split split = LeaveOneOut.split(TIED, DEFAULTS.with("data.tie", tie), 7);
        assertEquals(test, split.testItem(0));
        assertEquals(validation, split.validationItem(0));
        assertEquals(1, split.testItem(1), "the later of two, no tie");
    }

    @Test
    void randomTiesFollowTheSeedAndReachEveryTiedItem() {
        DataOptions random = DEFAULTS.with("data.tie", "random");
        Set<Integer> seen = new HashSet<>();
        for (int seed = 0; seed < 60; seed++) {
            Split split = LeaveOneOut.split(TIED, random, seed);
            assertEquals(split.testItem(0), LeaveOneOut.split(TIED, random, seed).testItem(0));
            assertEquals(1, split.testItem(1));
            seen.add(split.testItem(0));
        }
        assertEquals(Set.of(1, 2, 3), seen);
    }

    @Test
    void equalTieKeysLeaveTheLaterInTheFile() {
        Dataset data = Fixtures.dataset(1, 3, new int[][] {{0, 2, 1}, {0, 0, 1}, {0, 1, 1}});
        assertEquals(1, LeaveOneOut.split(data, DEFAULTS.with("data.tie", "popular"), 1).testItem(0));
    }

    @Test
    void trainingKeepsFileOrderAndItsCounts() {
        Split split = LeaveOneOut.split(TIED, DEFAULTS, 7);
        assertArrayEquals(new int[] {0, 0, 2, 1}, split.trainUsers());
        assertArrayEquals(new int[] {3, 0, 1, 3}, split.trainItems());
        assertArrayEquals(new int[] {0, 2, 4, 6}, split.trainRows());
        assertArrayEquals(new int[] {1, 1, 0, 2}, split.trainPopularity());
        assertTrue(split.seenInTrain(0, 3));
        assertFalse(split.seenInTrain(0, 2), "held out for testing");
        assertFalse(split.seenInTrain(0, 1), "held out for validation");
        assertTrue(split.seen(0, 2) && split.seen(0, 1));
        assertFalse(split.seen(1, 0));
        assertEquals(4, split.seenCount(0));
    }

    @Test
    void usersWithFewRatingsKeepOneForTraining() {
        Dataset data = Fixtures.dataset(4, 3, new int[][] {{0, 0, 1}, {1, 1, 1}, {1, 0, 2}, {2, 0, 1}, {2, 1, 2},
                {2, 2, 3}});
        for (String rule : new String[] {"second-last", "random", "none"}) {
            Split split = LeaveOneOut.split(data, DEFAULTS.with("data.val", rule), 3);
            assertEquals(-1, split.testItem(0), "one rating");
            assertEquals(-1, split.validationItem(0));
            assertTrue(split.seenInTrain(0, 0));
            assertEquals(0, split.testItem(1), "two ratings");
            assertEquals(-1, split.validationItem(1));
            assertEquals(2, split.testItem(2), "three ratings");
            assertEquals(rule.equals("none"), split.validationItem(2) == -1);
            assertEquals(-1, split.testItem(3), "no rating");
        }
    }

    @Test
    void randomValidationIsAnyRatingButTheTestOne() {
        Dataset data = Fixtures.dataset(1, 4, new int[][] {{0, 0, 1}, {0, 1, 9}, {0, 2, 3}, {0, 3, 4}});
        DataOptions random = DEFAULTS.with("data.val", "random");
        int[] counts = new int[4];
        for (int seed = 0; seed < 300; seed++) {
            Split split = LeaveOneOut.split(data, random, seed);
            assertEquals(1, split.testItem(0));
            assertEquals(2, split.trainSize());
            counts[split.validationItem(0)]++;
        }
        assertEquals(0, counts[1]);
        for (int item : new int[] {0, 2, 3}) {
            // Binomial(300, 1/3): mean 100, standard deviation 8.2.
            assertTrue(counts[item] > 60 && counts[item] < 140, "item " + item + ": " + counts[item]);
        }
    }

    @Test
    void withoutARandomRuleTheSeedDoesNotMatter() {
        Dataset data = EmbeddedData.generate().dataset(DEFAULTS);
        assertArrayEquals(LeaveOneOut.split(data, DEFAULTS, 1).trainRows(),
                LeaveOneOut.split(data, DEFAULTS, 2).trainRows());
        DataOptions random = DEFAULTS.with("data.val", "random");
        assertNotEquals(Arrays.hashCode(LeaveOneOut.split(data, random, 1).trainRows()),
                Arrays.hashCode(LeaveOneOut.split(data, random, 2).trainRows()));
    }
}
