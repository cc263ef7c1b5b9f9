package larch.fncf.attack;

import java.util.Arrays;
import java.util.stream.IntStream;
import larch.fncf.data.EvalCandidates;
import larch.fncf.eval.Evaluator;
import larch.random.Rng;

/// The (user, item) pairs that are attacked.
///
/// The paper attacks hits: test items that a model ranks among the first ten of its candidates. All models of
/// a comparison are attacked on the hits of one of them, FNCF, or their numbers could not be compared
/// (`docs/decisions.md`).
///
/// @param users user of each pair
/// @param items item of each pair
public record HitPairs(int[] users, int[] items) {
    /// Checks the lengths.
    public HitPairs {
        if (users.length != items.length) {
            throw new IllegalArgumentException("pairs: expected as many users as items, got " + users.length + " and "
                    + items.length);
        }
    }

    /// The hits of a model, or a sample of them: all subsets of the wanted size are equally likely, and a
    /// sample depends on the seed and the hits alone. Stream: `attack/pairs`.
    /// @param result     ranks of a model among the candidates
    /// @param candidates those candidates
    /// @param atMost     how many pairs at most, at least 1
    /// @param seed       of the sample
    /// @return the pairs, in the order of the result
    public static HitPairs of(Evaluator.Result result, EvalCandidates candidates, int atMost, long seed) {
        if (atMost < 1) {
            throw new IllegalArgumentException("pairs: expected at least 1, got " + atMost);
        }
        int[] hits = IntStream.range(0, result.users().length).filter(i -> result.ranks()[i] < Evaluator.K).toArray();
        if (hits.length > atMost) {
            Rng.of(seed).stream("attack/pairs").draws().shuffle(hits, 0, hits.length);
            hits = Arrays.copyOf(hits, atMost);
            Arrays.sort(hits);
        }
        int[] users = Arrays.stream(hits).map(i -> result.users()[i]).toArray();
        return new HitPairs(users, Arrays.stream(users).map(candidates::positive).toArray());
    }

    /// @return how many pairs there are
    public int size() {
        return users.length;
    }
}
