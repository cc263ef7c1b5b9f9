package larch.fncf.eval;

import java.util.Arrays;
import java.util.function.IntConsumer;
import larch.backend.Backend;
import larch.fncf.data.EvalCandidates;
import larch.fncf.data.Split;
import larch.fncf.model.FoldedFncf;
import larch.fncf.model.Fncf;

/// Ranks each user's held-out item among candidates (leave-one-out, He et al. 2017).
public final class Evaluator {
    /// The length of the list in every metric of the paper.
    public static final int K = 10;

    private final Backend backend;

    /// @param backend the kernels
    public Evaluator(Backend backend) {
        this.backend = backend;
    }

    /// What an evaluation found.
    ///
    /// @param users users that have a held-out item
    /// @param ranks rank of each one's item, from 0; same order as `users`
    public record Result(int[] users, int[] ranks) {
        /// @return HR@10
        public double hitRatio() {
            return RankingMetrics.hitRatio(ranks, K);
        }

        /// @return NDCG@10
        public double ndcg() {
            return RankingMetrics.ndcg(ranks, K);
        }
    }

    /// Ranks among the fixed negatives of each user.
    /// @param model      a network; evaluated without noise
    /// @param candidates the held-out item and the negatives of each user
    /// @return one rank for each user that has a held-out item
    public Result amongCandidates(Fncf model, EvalCandidates candidates) {
        return amongCandidates(model, candidates, usersWithItem(candidates));
    }

    /// Ranks among the fixed negatives of some users.
    /// @param model      a network; evaluated without noise
    /// @param candidates the held-out item and the negatives of each user
    /// @param users      which users; each has a held-out item
    /// @return one rank for each of those users
    public Result amongCandidates(Fncf model, EvalCandidates candidates, int[] users) {
        Scorer scorer = new Scorer(backend, new FoldedFncf(model, backend));
        int pairs = Arrays.stream(users).map(u -> 1 + candidates.negatives(u).length).sum();
        int[] pairUsers = new int[pairs];
        int[] pairItems = new int[pairs];
        int at = 0;
        for (int user : users) {
            int[] negatives = candidates.negatives(user);
            Arrays.fill(pairUsers, at, at + 1 + negatives.length, user);
            pairItems[at] = candidates.positive(user);
            System.arraycopy(negatives, 0, pairItems, at + 1, negatives.length);
            at += 1 + negatives.length;
        }
        float[] scores = scorer.score(pairUsers, pairItems);
        int[] ranks = new int[users.length];
        at = 0;
        for (int i = 0; i < users.length; i++) {
            int end = at + 1 + candidates.negatives(users[i]).length;
            ranks[i] = RankingMetrics.rank(scores[at], Arrays.copyOfRange(scores, at + 1, end));
            at = end;
        }
        return new Result(users, ranks);
    }

    /// Ranks among all items that the user has not met.
    /// @param model      a network; evaluated without noise
    /// @param candidates the held-out item of each user
    /// @param split      which items each user has met
    /// @return one rank for each user that has a held-out item
    public Result amongAllItems(Fncf model, EvalCandidates candidates, Split split) {
        return amongAllItems(model, candidates, split, usersWithItem(candidates), _ -> {
        });
    }

    /// Ranks among all items that some users have not met.
    /// @param model      a network; evaluated without noise
    /// @param candidates the held-out item of each user
    /// @param split      which items each user has met
    /// @param users      which users; each has a held-out item
    /// @param ranked     is told, after each user, how many are done
    /// @return one rank for each of those users
    public Result amongAllItems(Fncf model, EvalCandidates candidates, Split split, int[] users, IntConsumer ranked) {
        Scorer scorer = new Scorer(backend, new FoldedFncf(model, backend));
        int[] ranks = new int[users.length];
        for (int i = 0; i < users.length; i++) {
            float[] scores = scorer.scoreAllItems(users[i]);
            float positive = scores[candidates.positive(users[i])];
            for (int item = 0; item < scores.length; item++) {
                if (split.seen(users[i], item)) {
                    scores[item] = Float.NEGATIVE_INFINITY;
                }
            }
            ranks[i] = RankingMetrics.rank(positive, scores);
            ranked.accept(i + 1);
        }
        return new Result(users, ranks);
    }

    /// @param candidates the held-out item of each user
    /// @return the users that have one, rising
    public static int[] usersWithItem(EvalCandidates candidates) {
        int[] users = new int[candidates.numUsers()];
        int count = 0;
        for (int user = 0; user < users.length; user++) {
            if (candidates.positive(user) >= 0) {
                users[count++] = user;
            }
        }
        return Arrays.copyOf(users, count);
    }
}
