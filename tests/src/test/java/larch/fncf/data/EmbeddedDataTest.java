package larch.fncf.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;

class EmbeddedDataTest {
    private static final EmbeddedData EMBEDDED = EmbeddedData.generate();
    private static final DataOptions DEFAULTS = DataOptions.defaults();
    private static final Dataset DATA = EMBEDDED.dataset(DEFAULTS);

    @Test
    void isTheSameEverywhere() {
        assertEquals("b15ad998c688136dec3455c43581acab0a85fa41a42db446d2d2011efd73b515", DATA.sha256());
        assertEquals(DATA.sha256(), EmbeddedData.generate().dataset(DEFAULTS).sha256());
    }

    @Test
    void hasTheFieldsOfMovieLens1MAndTheStatedSize() {
        assertEquals("embedded", DATA.name());
        assertTrue(DATA.note().startsWith("generated data"), DATA.note());
        assertEquals(400, DATA.numUsers());
        assertEquals(500, DATA.numItems(), "every film is rated");
        assertEquals(DATA.itemLabels(), EMBEDDED.dataset(DEFAULTS.with("data.items", "catalog")).itemLabels());
        assertTrue(DATA.interactions().size() >= 20_000 && DATA.interactions().size() <= 25_000);
        assertEquals(30, DATA.userFeatures().width());
        assertEquals(19, DATA.itemFeatures().width());
        assertEquals(500, new HashSet<>(DATA.itemTitles()).size());
        assertTrue(Arrays.stream(DATA.interactions().countPerUser()).min().orElseThrow() >= 20);
        Set<Float> stars = new HashSet<>();
        for (float rating : DATA.interactions().ratings()) {
            stars.add(rating);
        }
        assertEquals(Set.of(1f, 2f, 3f, 4f, 5f), stars);
    }

    @Test
    void eachUsersRatingsAreInChronologicalOrder() {
        long[] latest = new long[DATA.numUsers()];
        for (int n = 0; n < DATA.interactions().size(); n++) {
            int user = DATA.interactions().users()[n];
            assertTrue(DATA.interactions().timestamps()[n] >= latest[user], "row " + n);
            latest[user] = DATA.interactions().timestamps()[n];
        }
    }

    @Test
    void tasteBeatsPopularityByFar() {
        Split split = LeaveOneOut.split(DATA, DEFAULTS, 1);
        for (int seed = 0; seed < 3; seed++) {
            EvalCandidates candidates = EvalCandidates.of(DATA, split, EvalCandidates.Part.TEST, seed);
            double oracle = hitRate(candidates, EMBEDDED::preference);
            double popularity = hitRate(candidates, (user, item) -> (double) split.trainPopularity()[item]);
            assertTrue(oracle >= 0.75, "oracle " + oracle);
            assertTrue(popularity <= 0.45, "popularity " + popularity);
            assertTrue(popularity >= 0.2, "popularity says something: " + popularity);
            assertEquals(popularity, DataStatistics.of(DATA, split, candidates).popularityHr10());
        }
    }

    @Test
    void popularityIsSkewed() {
        int[] counts = DATA.interactions().countPerItem();
        Arrays.sort(counts);
        long top = Arrays.stream(counts, 400, 500).sum();
        assertTrue(top > 0.35 * DATA.interactions().size(), "the top fifth of the films has " + top);
        assertTrue(counts[0] >= 1 && counts[499] >= 100, counts[0] + " … " + counts[499]);
    }

    private static double hitRate(EvalCandidates candidates, ToDoubleBiFunction<Integer, Integer> score) {
        double hits = 0;
        for (int user = 0; user < candidates.numUsers(); user++) {
            double positive = score.applyAsDouble(user, candidates.positive(user));
            int rank = 0;
            for (int item : candidates.negatives(user)) {
                rank += score.applyAsDouble(user, item) >= positive ? 1 : 0;
            }
            hits += rank < 10 ? 1 : 0;
        }
        return hits / candidates.numUsers();
    }
}
