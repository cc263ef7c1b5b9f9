package larch.fncf.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import larch.random.Draws;
import larch.random.Rng;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class EvalCandidatesProperties {
    /// Users 0…7 with a random history over `numItems` items, some long, some short, some empty.
    private static Dataset random(long seed, int numItems) {
        Draws draws = Rng.of(seed).draws();
        InteractionsBuilder all = new InteractionsBuilder();
        for (int user = 0; user < 8; user++) {
            int length = draws.nextInt(numItems + 1);
            int[] items = new int[numItems];
            for (int i = 0; i < numItems; i++) {
                items[i] = i;
            }
            draws.shuffle(items, 0, numItems);
            for (int n = 0; n < length; n++) {
                all.add(user, items[n], draws.nextInt(5), 1);
            }
        }
        Dataset empty = Fixtures.dataset(8, numItems);
        return new Dataset("random", "", "", all.build(8, numItems), empty.userFeatures(), empty.itemFeatures(),
                empty.itemTitles(), empty.userLabels(), empty.itemLabels(), empty.fixedTest());
    }

    @Property(tries = 200)
    void negativesAreDistinctAndUnseenAndAsManyAsThereAre(@ForAll long seed,
            @ForAll @IntRange(min = 1, max = 300) int numItems,
            @ForAll EvalCandidates.Part part) {
        Split split = LeaveOneOut.split(random(seed, numItems), DataOptions.defaults(), seed);
        EvalCandidates candidates = EvalCandidates.draw(split, part, seed, 99);
        for (int user = 0; user < 8; user++) {
            int held = part == EvalCandidates.Part.TEST ? split.testItem(user) : split.validationItem(user);
            assertEquals(held, candidates.positive(user));
            int unseen = numItems - split.seenCount(user);
            assertEquals(held < 0 ? 0 : Math.min(99, unseen), candidates.negatives(user).length);
            Set<Integer> distinct = new HashSet<>();
            for (int item : candidates.negatives(user)) {
                assertTrue(item >= 0 && item < numItems && distinct.add(item), "item " + item);
                assertFalse(split.seen(user, item), "user " + user + " has item " + item + " in the history");
            }
        }
    }

    @Example
    void seedAndPartDecideAndTheHashTells() {
        Dataset data = EmbeddedData.generate().dataset(DataOptions.defaults());
        Split split = LeaveOneOut.split(data, DataOptions.defaults(), 1);
        EvalCandidates first = EvalCandidates.of(data, split, EvalCandidates.Part.TEST, 1);
        EvalCandidates again = EvalCandidates.of(data, split, EvalCandidates.Part.TEST, 1);
        assertEquals(first.sha256(), again.sha256());
        assertArrayEquals(first.negatives(17), again.negatives(17));
        assertEquals(99, first.negatives(17).length);
        assertNotEquals(first.sha256(), EvalCandidates.of(data, split, EvalCandidates.Part.TEST, 2).sha256());
        assertNotEquals(Arrays.toString(first.negatives(17)), Arrays.toString(
                EvalCandidates.of(data, split, EvalCandidates.Part.VALIDATION, 1).negatives(17)));
    }

    /// The expected value was computed with another program from the documented layout.
    @Example
    void theHashIsOverPositiveCountAndNegatives() {
        Dataset data = Fixtures.dataset(2, 4, new int[][] {{0, 1, 1}, {0, 2, 2}, {1, 0, 1}});
        EvalCandidates all = EvalCandidates.draw(LeaveOneOut.split(data, DataOptions.defaults(), 1),
                EvalCandidates.Part.TEST, 1, 99);
        assertEquals(2, all.positive(0));
        assertArrayEquals(new int[] {0, 3}, all.negatives(0), "fewer than 99 unseen: all of them, rising");
        assertEquals(-1, all.positive(1));
        assertEquals("a48a849e586e7ff58277a2a76c4c3e0ac993564df39bf3cad53bc6ff52b8ad38", all.sha256());
    }

    /// 4,000 seeds draw 3 of 6 unseen items: each is drawn 2,000 times, standard deviation 32.
    @Example
    void negativesAreUniformOverTheUnseen() {
        Dataset data = Fixtures.dataset(1, 8, new int[][] {{0, 1, 1}, {0, 4, 2}});
        Split split = LeaveOneOut.split(data, DataOptions.defaults(), 1);
        int[] counts = new int[8];
        for (int seed = 0; seed < 4000; seed++) {
            for (int item : EvalCandidates.draw(split, EvalCandidates.Part.TEST, seed, 3).negatives(0)) {
                counts[item]++;
            }
        }
        for (int item = 0; item < 8; item++) {
            int expected = item == 1 || item == 4 ? 0 : 2000;
            assertTrue(Math.abs(counts[item] - expected) <= 5 * 32 * Math.min(1, expected), item + ": " + counts[item]);
        }
    }
}
