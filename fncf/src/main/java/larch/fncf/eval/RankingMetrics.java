package larch.fncf.eval;

/// Hit ratio and normalised discounted cumulative gain with one relevant item for each user (Du et al., Eqs. (17), (18)).
///
/// A rank counts from 0. Ties are pessimistic: the relevant item stands below every candidate with the same score,
/// because ReLU networks do give exact ties and a list order that happens to favour the relevant item would count them
/// as hits. A score that is NaN ranks last.
public final class RankingMetrics {
    private RankingMetrics() {
    }

    /// @param positive score of the relevant item
    /// @param scores   holds the scores of the others
    /// @param from     the first of them
    /// @param to       one past the last
    /// @return how many of the others stand above the relevant item or tie with it
    public static int rank(float positive, float[] scores, int from, int to) {
        int rank = 0;
        for (int i = from; i < to; i++) {
            if (!(scores[i] < positive)) {
                rank++;
            }
        }
        return rank;
    }

    /// `HR@K`: the share of ranks below K.
    /// @param ranks one rank for each user, from 0
    /// @param k     length of the list
    /// @return the hit ratio; NaN for no users
    public static double hitRatio(int[] ranks, int k) {
        int hits = 0;
        for (int rank : ranks) {
            hits += rank < k ? 1 : 0;
        }
        return (double) hits / ranks.length;
    }

    /// `NDCG@K`: the mean of `ln 2 / ln(rank + 2)` over ranks below K, 0 for the others.
    /// @param ranks one rank for each user, from 0
    /// @param k     length of the list
    /// @return the gain; NaN for no users
    public static double ndcg(int[] ranks, int k) {
        double gain = 0;
        for (int rank : ranks) {
            gain += rank < k ? Math.log(2) / Math.log(rank + 2) : 0;
        }
        return gain / ranks.length;
    }
}
