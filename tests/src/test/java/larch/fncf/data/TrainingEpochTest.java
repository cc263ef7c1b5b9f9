package larch.fncf.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import larch.random.Draws;
import larch.random.Rng;
import org.junit.jupiter.api.Test;

class TrainingEpochTest {
    private static final Dataset DATA = EmbeddedData.generate().dataset(DataOptions.defaults());
    private static final Split SPLIT = LeaveOneOut.split(DATA, DataOptions.defaults(), 1);
    private static final NegativeOptions DEFAULTS = NegativeOptions.defaults();

    @Test
    void everyPairOnceWithFourNegativesOfTheSameUser() {
        TrainingEpoch epoch = new TrainingEpoch(SPLIT, DEFAULTS, 1).fill(0);
        assertEquals(5 * SPLIT.trainSize(), epoch.size());
        PairSet positives = new PairSet(SPLIT.numUsers(), SPLIT.numItems());
        int[] balance = new int[SPLIT.numUsers()];
        int heldOut = 0;
        for (int s = 0; s < epoch.size(); s++) {
            int user = epoch.users()[s];
            int item = epoch.items()[s];
            if (epoch.labels()[s] == 1) {
                assertTrue(SPLIT.seenInTrain(user, item) && positives.add(user, item), "positive " + user + "," + item);
                balance[user] += 4;
            } else {
                assertEquals(0, epoch.labels()[s]);
                assertFalse(SPLIT.seenInTrain(user, item), "negative " + user + "," + item);
                heldOut += SPLIT.seen(user, item) ? 1 : 0;
                balance[user]--;
            }
        }
        assertArrayEquals(new int[SPLIT.numUsers()], balance);
        assertTrue(heldOut > 0, "held-out items are drawn like any other: rejecting them would leak which they are");
    }

    @Test
    void anEpochDependsOnSeedAndNumberOnly() {
        TrainingEpoch one = new TrainingEpoch(SPLIT, DEFAULTS, 1);
        int[] itemsArray = one.items();
        one.fill(3).fill(0).fill(2);
        TrainingEpoch other = new TrainingEpoch(SPLIT, DEFAULTS, 1).fill(2);
        assertArrayEquals(other.users(), one.users());
        assertArrayEquals(other.items(), one.items());
        assertArrayEquals(other.labels(), one.labels());
        assertSame(itemsArray, one.items(), "the buffers are reused");
        int two = Arrays.hashCode(one.items());
        assertNotEquals(two, Arrays.hashCode(one.fill(1).items()));
        assertNotEquals(two, Arrays.hashCode(new TrainingEpoch(SPLIT, DEFAULTS, 2).fill(2).items()));
    }

    /// The plain algorithm, one draw after another: what is done ahead or at once must not show.
    @Test
    void anEpochIsTheTextbookSampleAndShuffle() {
        Rng stream = Rng.of(1).stream("epoch", 4);
        Draws negatives = stream.stream("negatives").draws();
        List<int[]> samples = new ArrayList<>();
        for (int pair = 0; pair < SPLIT.trainSize(); pair++) {
            int user = SPLIT.trainUsers()[pair];
            samples.add(new int[] {user, SPLIT.trainItems()[pair], 1});
            for (int k = 0; k < 4; k++) {
                int item = negatives.nextInt(SPLIT.numItems());
                while (SPLIT.seenInTrain(user, item)) {
                    item = negatives.nextInt(SPLIT.numItems());
                }
                samples.add(new int[] {user, item, 0});
            }
        }
        Draws order = stream.stream("order").draws();
        for (int n = samples.size(); n > 1; n--) {
            Collections.swap(samples, n - 1, order.nextInt(n));
        }
        TrainingEpoch epoch = new TrainingEpoch(SPLIT, DEFAULTS, 1).fill(4);
        assertArrayEquals(samples.stream().mapToInt(sample -> sample[0]).toArray(), epoch.users());
        assertArrayEquals(samples.stream().mapToInt(sample -> sample[1]).toArray(), epoch.items());
        for (int s = 0; s < epoch.size(); s++) {
            assertEquals(samples.get(s)[2], epoch.labels()[s]);
        }
    }

    @Test
    void theOrderIsRandomThroughout() {
        TrainingEpoch epoch = new TrainingEpoch(SPLIT, DEFAULTS, 1).fill(0);
        // In each tenth of the epoch 2,120 of 10,604 samples are positive, give or take 39.
        int tenth = epoch.size() / 10;
        for (int part = 0; part < 10; part++) {
            int positives = 0;
            double users = 0;
            for (int s = part * tenth; s < (part + 1) * tenth; s++) {
                positives += epoch.labels()[s] == 1 ? 1 : 0;
                users += epoch.users()[s];
            }
            assertEquals(tenth / 5.0, positives, 200, "part " + part);
            assertEquals(Arrays.stream(SPLIT.trainUsers()).average().orElseThrow(), users / tenth, 6, "part " + part);
        }
    }

    /// Users 0 and 1 have items 0 and 1 in training; items 2…9 are free. χ² with 7 degrees of freedom exceeds
    /// 24.3 with probability 0.001.
    @Test
    void uniformNegativesAreUniformOverTheItemsNotInTraining() {
        long[] counts = negativeCounts(DEFAULTS);
        assertEquals(0, counts[0] + counts[1]);
        assertTrue(chiSquare(counts, new double[] {0, 0, 1, 1, 1, 1, 1, 1, 1, 1}) < 24.3, Arrays.toString(counts));
    }

    @Test
    void withoutRejectionTrainingItemsComeBack() {
        long[] counts = negativeCounts(DEFAULTS.with("neg.reject", "none"));
        double[] uniform = new double[10];
        Arrays.fill(uniform, 1);
        assertTrue(chiSquare(counts, uniform) < 27.9, Arrays.toString(counts));
    }

    @Test
    void popularityDistributionFollowsItsExponent() {
        // Training popularity: items 0 and 1 twice, items 2…5 by user 2 once, the rest never.
        long[] linear = negativeCounts(DEFAULTS.with("neg.reject", "none").with("neg.dist", "pop^1"));
        assertTrue(chiSquare(linear, new double[] {2, 2, 1, 1, 1, 1, 0, 0, 0, 0}) < 20.5, Arrays.toString(linear));
        long[] square = negativeCounts(DEFAULTS.with("neg.reject", "none").with("neg.dist", "pop^2"));
        assertTrue(chiSquare(square, new double[] {4, 4, 1, 1, 1, 1, 0, 0, 0, 0}) < 20.5, Arrays.toString(square));
        assertTrue(chiSquare(linear, new double[] {4, 4, 1, 1, 1, 1, 0, 0, 0, 0}) > 100,
                "the test can tell them apart");
    }

    /// How often each of ten items is a negative of users 0 and 1.
    private static long[] negativeCounts(NegativeOptions options) {
        Dataset data = Fixtures.dataset(3, 10, new int[][] {{0, 0, 1}, {0, 1, 2}, {0, 9, 3}, {1, 1, 1}, {1, 0, 2},
            {1, 8, 3}, {2, 2, 1}, {2, 3, 2}, {2, 4, 3}, {2, 5, 4}, {2, 6, 5}});
        Split split = LeaveOneOut.split(data, DataOptions.defaults().with("data.val", "none"), 1);
        TrainingEpoch epoch = new TrainingEpoch(split, options, 11);
        long[] counts = new long[10];
        for (int number = 0; number < 500; number++) {
            epoch.fill(number);
            for (int s = 0; s < epoch.size(); s++) {
                if (epoch.users()[s] < 2 && epoch.labels()[s] == 0) {
                    counts[epoch.items()[s]]++;
                }
            }
        }
        assertEquals(500 * 4 * 4, Arrays.stream(counts).sum());
        return counts;
    }

    private static double chiSquare(long[] counts, double[] weights) {
        double perWeight = Arrays.stream(counts).sum() / Arrays.stream(weights).sum();
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            double expected = weights[i] * perWeight;
            if (expected == 0) {
                assertEquals(0, counts[i], "item " + i + " cannot be drawn");
            } else {
                sum += (counts[i] - expected) * (counts[i] - expected) / expected;
            }
        }
        return sum;
    }

    @Test
    void zeroNegativesLeaveThePositives() {
        TrainingEpoch epoch = new TrainingEpoch(SPLIT, DEFAULTS.with("neg.count", "0"), 1).fill(0);
        assertEquals(SPLIT.trainSize(), epoch.size());
        for (float label : epoch.labels()) {
            assertEquals(1, label);
        }
    }

    @Test
    void aUserWithNothingLeftToDrawIsAnErrorNotAnEndlessLoop() {
        Dataset data = Fixtures.dataset(2, 2, new int[][] {{0, 0, 1}, {1, 0, 1}, {1, 1, 2}});
        Split split = LeaveOneOut.split(data, DataOptions.defaults().with("data.val", "none"), 1);
        new TrainingEpoch(split, DEFAULTS, 1).fill(0);
        NegativeOptions popular = DEFAULTS.with("neg.dist", "pop^1");
        String message = assertThrows(IllegalArgumentException.class,
                () -> new TrainingEpoch(split, popular, 1)).getMessage();
        assertTrue(message.endsWith("set neg.reject=none or neg.dist=uniform"), message);
        new TrainingEpoch(split, popular.with("neg.reject", "none"), 1).fill(0);
    }
}
