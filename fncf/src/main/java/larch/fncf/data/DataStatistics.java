package larch.fncf.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// What a data set looks like, and whether it is the one that it says it is.
///
/// @param name             of the data set
/// @param users            number of users
/// @param items            number of items
/// @param interactions     number of ratings
/// @param density          interactions / (users · items)
/// @param perUserMin       fewest ratings of a user
/// @param perUserMedian    median number of ratings of a user
/// @param perUserMax       most ratings of a user
/// @param tiedUsers        users with more than one rating at their latest timestamp; for them `data.tie`
///                         decides
/// @param tieMean          ratings at the latest timestamp, mean over the tied users; 0 when there are none
/// @param tieMax           the most ratings at the latest timestamp of a user
/// @param trainPairs       size of the training part
/// @param evaluated        users with a held-out test item
/// @param userFields       fields of the user features
/// @param itemFields       fields of the item features
/// @param popularityHr10   HR@10 of ranking by training popularity, equal counts against the held-out item
/// @param popularityNdcg10 NDCG@10 of the same
public record DataStatistics(String name, int users, int items, int interactions, double density, int perUserMin,
        double perUserMedian, int perUserMax, int tiedUsers, double tieMean, int tieMax, int trainPairs, int evaluated,
        List<Field> userFields, List<Field> itemFields, double popularityHr10, double popularityNdcg10) {
    private static final int TOP = 10;
    /// users, items with `data.items=rated`, interactions, most ratings of a user; every user has at least 20
    private static final Map<String, int[]> KNOWN = Map.of(
            "ml-100k", new int[] {943, 1682, 100_000, 737}, "ml-1m", new int[] {6040, 3706, 1_000_209, 2314});
    private static final int KNOWN_MIN = 20;

    /// One fact about a well-known data set.
    /// @param what     such as `users`
    /// @param expected the published number
    /// @param got      the number found
    public record Check(String what, long expected, long got) {
        /// @return whether the numbers agree
        public boolean passed() {
            return expected == got;
        }
    }

    /// @param dataset    the data
    /// @param split      its split
    /// @param candidates the test candidates of that split
    /// @return its statistics
    public static DataStatistics of(Dataset dataset, Split split, EvalCandidates candidates) {
        Interactions all = dataset.interactions();
        int[] counts = all.countPerUser();
        int[] ties = latestTies(all);
        int[] tied = Arrays.stream(ties).filter(n -> n > 1).toArray();
        int[] sorted = counts.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        double median = n == 0 ? 0 : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2.0;
        double[] baseline = popularityBaseline(split, candidates);
        return new DataStatistics(dataset.name(), n, all.numItems(), all.size(),
                all.size() / Math.max(1.0, (double) n * all.numItems()), n == 0 ? 0 : sorted[0], median,
                n == 0 ? 0 : sorted[n - 1], tied.length, Arrays.stream(tied).average().orElse(0),
                Arrays.stream(ties).max().orElse(0), split.trainSize(), (int) baseline[2],
                dataset.userFeatures().fields(), dataset.itemFeatures().fields(), baseline[0], baseline[1]);
    }

    /// @return per user the number of ratings at the latest timestamp
    private static int[] latestTies(Interactions all) {
        long[] latest = new long[all.numUsers()];
        int[] ties = new int[all.numUsers()];
        for (int row = 0; row < all.size(); row++) {
            int user = all.users()[row];
            long time = all.timestamps()[row];
            if (ties[user] == 0 || time > latest[user]) {
                latest[user] = time;
                ties[user] = 1;
            } else if (time == latest[user]) {
                ties[user]++;
            }
        }
        return ties;
    }

    /// @return HR@10, NDCG@10 = ln 2 / ln(rank + 2) with one relevant item, and the number of users they
    ///         average over
    private static double[] popularityBaseline(Split split, EvalCandidates candidates) {
        int[] popularity = split.trainPopularity();
        double hits = 0;
        double gain = 0;
        int evaluated = 0;
        for (int user = 0; user < candidates.numUsers(); user++) {
            int positive = candidates.positive(user);
            if (positive < 0) {
                continue;
            }
            evaluated++;
            int rank = 0;
            for (int item : candidates.negatives(user)) {
                rank += popularity[item] >= popularity[positive] ? 1 : 0;
            }
            if (rank < TOP) {
                hits++;
                gain += Math.log(2) / Math.log(rank + 2.0);
            }
        }
        return new double[] {hits / Math.max(1, evaluated), gain / Math.max(1, evaluated), evaluated};
    }

    /// The published facts of MovieLens 100K and 1M, read with `data.items=rated`, beside what was found.
    /// @return one check per fact; empty for other data sets
    public List<Check> checks() {
        List<Check> checks = new ArrayList<>();
        int[] known = KNOWN.get(name);
        if (known != null) {
            checks.add(new Check("users", known[0], users));
            checks.add(new Check("items", known[1], items));
            checks.add(new Check("interactions", known[2], interactions));
            checks.add(new Check("fewest ratings of a user", KNOWN_MIN, perUserMin));
            checks.add(new Check("most ratings of a user", known[3], perUserMax));
        }
        return checks;
    }
}
