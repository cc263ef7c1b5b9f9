package larch.fncf.eval;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import larch.backend.Backend;
import larch.fncf.data.EvalCandidates;
import larch.fncf.data.Split;
import larch.fncf.model.FoldedFncf;
import larch.fncf.model.Fncf;

/// Ranks each user's held-out item among candidates (leave-one-out, He et al. 2017).
///
/// Users are ranked side by side, each worker with memory of its own. That memory is kept for the next evaluation of the
/// same network, such as the one after another epoch. Not thread-safe.
public final class Evaluator {
    /// The length of the list in every metric of the paper.
    public static final int K = 10;
    /// Users that a worker takes at a time.
    private static final int SHARE = 8;

    private final Backend backend;
    private Fncf latest;
    private FoldedFncf folded;
    private Worker[] workers;

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
        return rank(model, users, (worker, user) -> worker.rankAmongCandidates(candidates, user), _ -> {
        });
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
    /// @param ranked     is told now and then how many are done; by one thread at a time
    /// @return one rank for each of those users
    public Result amongAllItems(Fncf model, EvalCandidates candidates, Split split, int[] users, IntConsumer ranked) {
        return rank(model, users, (worker, user) -> worker.rankAmongAllItems(candidates, split, user), ranked);
    }

    @FunctionalInterface
    private interface UserRank {
        int of(Worker worker, int user);
    }

    private Result rank(Fncf model, int[] users, UserRank rank, IntConsumer ranked) {
        prepare(model);
        int[] ranks = new int[users.length];
        AtomicInteger next = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        backend.parallel(workers.length, number -> {
            for (int from = next.getAndAdd(SHARE); from < users.length; from = next.getAndAdd(SHARE)) {
                int to = Math.min(users.length, from + SHARE);
                for (int i = from; i < to; i++) {
                    ranks[i] = rank.of(workers[number], users[i]);
                }
                synchronized (done) {
                    ranked.accept(done.addAndGet(to - from));
                }
            }
        });
        return new Result(users, ranks);
    }

    private void prepare(Fncf model) {
        if (model == latest) {
            folded.update(model, backend);
            return;
        }
        folded = new FoldedFncf(model, backend);
        workers = new Worker[backend.threads()];
        Arrays.setAll(workers, _ -> new Worker());
        latest = model;
    }

    /// What one thread ranks with.
    private final class Worker {
        private final Scorer scorer = new Scorer(backend, folded);
        private int[] items = new int[0];
        private float[] scores = new float[0];

        private void makeRoom(int count) {
            if (scores.length < count) {
                items = new int[count];
                scores = new float[count];
            }
        }

        int rankAmongCandidates(EvalCandidates candidates, int user) {
            int[] negatives = candidates.negatives(user);
            makeRoom(1 + negatives.length);
            items[0] = candidates.positive(user);
            System.arraycopy(negatives, 0, items, 1, negatives.length);
            scorer.score(user, items, 1 + negatives.length, scores);
            return RankingMetrics.rank(scores[0], scores, 1, 1 + negatives.length);
        }

        int rankAmongAllItems(EvalCandidates candidates, Split split, int user) {
            int count = folded.config().numItems();
            makeRoom(count);
            scorer.scoreAllItems(user, scores);
            float positive = scores[candidates.positive(user)];
            for (int item = 0; item < count; item++) {
                if (split.seen(user, item)) {
                    scores[item] = Float.NEGATIVE_INFINITY;
                }
            }
            return RankingMetrics.rank(positive, scores, 0, count);
        }
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
