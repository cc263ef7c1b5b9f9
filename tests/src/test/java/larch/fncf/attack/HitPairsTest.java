package larch.fncf.attack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import larch.fncf.data.DataOptions;
import larch.fncf.data.Dataset;
import larch.fncf.data.Datasets;
import larch.fncf.data.EvalCandidates;
import larch.fncf.data.LeaveOneOut;
import larch.fncf.eval.Evaluator;
import org.junit.jupiter.api.Test;

class HitPairsTest {
    private static final Dataset DATA = Datasets.open("embedded", DataOptions.defaults());
    private static final EvalCandidates TEST = EvalCandidates.of(DATA, LeaveOneOut.split(DATA, DataOptions.defaults(), 1),
            EvalCandidates.Part.TEST, 1);

    private static HitPairs pairs(int[] users, int[] ranks, int atMost, long seed) {
        return HitPairs.of(new Evaluator.Result(users, ranks), TEST, atMost, seed);
    }

    @Test
    void hitsHaveOneOfTheFirstTenRanks() {
        HitPairs pairs = pairs(new int[] {4, 5, 6, 7, 9}, new int[] {9, 10, 0, 99, 3}, 100, 1);
        assertArrayEquals(new int[] {4, 6, 9}, pairs.users());
        assertArrayEquals(new int[] {TEST.positive(4), TEST.positive(6), TEST.positive(9)}, pairs.items());
    }

    @Test
    void aSampleIsDistinctHitsInOrderAndAFunctionOfTheSeed() {
        int[] users = IntStream.range(0, 60).toArray();
        int[] ranks = Arrays.stream(users).map(u -> u % 2 == 0 ? 1 : 20).toArray();
        int[] seen = new int[60];
        for (long seed = 0; seed < 200; seed++) {
            HitPairs sample = pairs(users, ranks, 10, seed);
            assertEquals(10, sample.size());
            assertArrayEquals(Arrays.stream(sample.users()).sorted().distinct().toArray(), sample.users());
            assertArrayEquals(sample.users(), pairs(users, ranks, 10, seed).users());
            for (int user : sample.users()) {
                assertEquals(0, user % 2, "only hits");
                seen[user]++;
            }
        }
        for (int user = 0; user < 60; user += 2) {
            // Binomial(200, 1/3) has mean 67 and deviation 6.7; five deviations either way.
            assertTrue(seen[user] > 33 && seen[user] < 100, "user " + user + " in " + seen[user] + " of 200 samples");
        }
        assertFalse(Arrays.equals(pairs(users, ranks, 10, 1).users(), pairs(users, ranks, 10, 2).users()));
    }

    @Test
    void noHitsAreNoPairs() {
        assertEquals(0, pairs(new int[] {1}, new int[] {10}, 5, 1).size());
    }

    @Test
    void aSampleOfNothingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> pairs(new int[] {1}, new int[] {1}, 0, 1));
    }
}
