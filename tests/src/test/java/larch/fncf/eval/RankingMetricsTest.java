package larch.fncf.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RankingMetricsTest {
    @Test
    void countsTheCandidatesAboveAndThoseThatTie() {
        float[] candidates = {0.9f, 0.5f, 0.5f, 0.1f};
        assertEquals(0, RankingMetrics.rank(1f, candidates, 0, 4));
        assertEquals(3, RankingMetrics.rank(0.5f, candidates, 0, 4), "ties count against the relevant item");
        assertEquals(4, RankingMetrics.rank(0f, candidates, 0, 4));
        assertEquals(2, RankingMetrics.rank(0f, candidates, 1, 3));
        assertEquals(0, RankingMetrics.rank(0f, candidates, 2, 2));
    }

    @Test
    void ranksNotANumberLast() {
        assertEquals(3, RankingMetrics.rank(Float.NaN, new float[] {-1, 0, Float.NEGATIVE_INFINITY}, 0, 3));
    }

    @Property
    void gainOfOneUserIsTheClosedForm(@ForAll @IntRange(max = 99) int rank) {
        double expected = rank < 10 ? 1 / (Math.log(rank + 2) / Math.log(2)) : 0;
        assertEquals(expected, RankingMetrics.ndcg(new int[] {rank}, 10), 1e-12);
        assertEquals(rank < 10 ? 1 : 0, RankingMetrics.hitRatio(new int[] {rank}, 10), 0);
    }

    @Test
    void averagesOverUsers() {
        int[] ranks = {0, 9, 10, 99};
        assertEquals(0.5, RankingMetrics.hitRatio(ranks, 10), 0);
        assertEquals((1 + Math.log(2) / Math.log(11)) / 4, RankingMetrics.ndcg(ranks, 10), 1e-12);
        assertTrue(Double.isNaN(RankingMetrics.hitRatio(new int[0], 10)));
    }
}
