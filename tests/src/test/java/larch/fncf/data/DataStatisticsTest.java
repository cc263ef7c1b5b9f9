package larch.fncf.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

class DataStatisticsTest {
    @Test
    void countsAHandMadeTable() {
        Dataset data = Fixtures.dataset(4, 5, new int[][] {{0, 0, 1}, {0, 1, 5}, {0, 2, 5}, {0, 3, 5}, {1, 0, 2},
                {1, 4, 2},
            {2, 0, 7}, {2, 1, 8}});
        Split split = LeaveOneOut.split(data, DataOptions.defaults().with("data.val", "none"), 1);
        DataStatistics s = DataStatistics.of(data, split, EvalCandidates.draw(split, EvalCandidates.Part.TEST, 1, 99));
        assertEquals(4, s.users());
        assertEquals(5, s.items());
        assertEquals(8, s.interactions());
        assertEquals(0.4, s.density(), 1e-12);
        assertEquals(0, s.perUserMin());
        assertEquals(2, s.perUserMedian());
        assertEquals(4, s.perUserMax());
        assertEquals(2, s.tiedUsers());
        assertEquals(2.5, s.tieMean());
        assertEquals(3, s.tieMax());
        assertEquals(5, s.trainPairs());
        assertEquals(3, s.evaluated());
        assertEquals(List.of(), s.checks(), "no published facts about a hand-made table");
    }

    /// Training: item 0 three times, items 1 and 2 once. User 0 (held out 3) ranks against 4; user 1 (held
    /// out 4) against 1, 2, 3; user 2 (held out 1) against 2, 3, 4. Equal counts rank above the held-out
    /// item.
    @Test
    void thePopularityBaselineIsPessimisticAboutTies() {
        Dataset data = Fixtures.dataset(3, 5, new int[][] {{0, 0, 1}, {0, 1, 2}, {0, 2, 3}, {0, 3, 5}, {1, 0, 2},
                {1, 4, 3},
            {2, 0, 7}, {2, 1, 8}});
        Split split = LeaveOneOut.split(data, DataOptions.defaults().with("data.val", "none"), 1);
        DataStatistics s = DataStatistics.of(data, split, EvalCandidates.draw(split, EvalCandidates.Part.TEST, 1, 99));
        assertEquals(1, s.popularityHr10());
        double ndcg = (Math.log(2) / Math.log(3) + Math.log(2) / Math.log(5) + Math.log(2) / Math.log(3)) / 3;
        assertEquals(ndcg, s.popularityNdcg10(), 1e-12);
    }

    @Test
    void checksFailOnDataThatIsNotWhatItsNameSays() {
        Dataset data = MovieLens100K.read(Fixtures.source(Fixtures.ml100k()), DataOptions.defaults());
        Split split = LeaveOneOut.split(data, DataOptions.defaults(), 1);
        DataStatistics s = DataStatistics.of(data, split, EvalCandidates.draw(split, EvalCandidates.Part.TEST, 1, 99));
        assertEquals(5, s.checks().size());
        s.checks().forEach(check -> assertFalse(check.passed(), check.what()));
    }
}
