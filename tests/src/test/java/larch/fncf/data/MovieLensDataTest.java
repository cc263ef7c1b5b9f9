package larch.fncf.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import larch.fncf.RealData;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The published facts of MovieLens, on the real files.
@Tag("data")
class MovieLensDataTest {
    private static final DataOptions DEFAULTS = DataOptions.defaults();

    @Test
    void ml100k() {
        Dataset data = Datasets.open(RealData.ml100k().toString(), DEFAULTS);
        DataStatistics s = statistics(data, DEFAULTS);
        s.checks().forEach(check -> assertEquals(check.expected(), check.got(), check.what()));
        assertEquals("", data.note());
        assertEquals(415, s.tiedUsers());
        assertEquals(3.9, s.tieMean(), 0.05);
        assertEquals(10, s.tieMax());
        assertEquals(98_114, s.trainPairs());
        assertEquals(30, data.userFeatures().width());
        assertEquals(20, data.itemFeatures().width());
        assertEquals(1, data.itemTitles().stream().filter("unknown"::equals).count());
    }

    @Test
    void ml1m() {
        Dataset data = Datasets.open(RealData.ml1m().toString(), DEFAULTS);
        DataStatistics s = statistics(data, DEFAULTS);
        s.checks().forEach(check -> assertEquals(check.expected(), check.got(), check.what()));
        assertEquals(988_129, s.trainPairs());
        assertEquals(994_169, statistics(data, DEFAULTS.with("data.val", "none")).trainPairs());
        assertEquals(30, data.userFeatures().width());
        assertEquals(19, data.itemFeatures().width());
        boolean allFive = true;
        for (float rating : data.interactions().ratings()) {
            allFive &= rating == 5;
        }
        assertEquals(allFive ? MovieLens1M.RECONSTRUCTION : "", data.note());

        Dataset catalog = Datasets.open(RealData.ml1m().toString(), DEFAULTS.with("data.items", "catalog"));
        assertEquals(3883, catalog.numItems());
        assertEquals(177, Arrays.stream(catalog.interactions().countPerItem()).filter(n -> n == 0).count());
        assertEquals("3952", catalog.itemLabels().getLast());
    }

    @Test
    void anEpochOfMl1mHasFiveSamplesPerPair() {
        Dataset data = Datasets.open(RealData.ml1m().toString(), DEFAULTS);
        Split split = LeaveOneOut.split(data, DEFAULTS, 1);
        TrainingEpoch epoch = new TrainingEpoch(split, NegativeOptions.defaults(), 1).fill(0);
        assertEquals(4_940_645, epoch.size());
        int positives = 0;
        for (int s = 0; s < epoch.size(); s++) {
            boolean seen = split.seenInTrain(epoch.users()[s], epoch.items()[s]);
            assertEquals(seen, epoch.labels()[s] == 1);
            positives += seen ? 1 : 0;
        }
        assertEquals(988_129, positives);
    }

    private static DataStatistics statistics(Dataset data, DataOptions options) {
        Split split = LeaveOneOut.split(data, options, 1);
        EvalCandidates candidates = EvalCandidates.of(data, split, EvalCandidates.Part.TEST, 1);
        for (int user = 0; user < candidates.numUsers(); user++) {
            assertTrue(candidates.positive(user) >= 0);
            assertEquals(99, candidates.negatives(user).length);
        }
        DataStatistics s = DataStatistics.of(data, split, candidates);
        assertTrue(s.popularityHr10() > 0.3 && s.popularityHr10() < 0.5, "popularity HR@10 " + s.popularityHr10());
        return s;
    }
}
