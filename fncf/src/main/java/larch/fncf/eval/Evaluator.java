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
/// Users are ranked side by side, each worker with memory of its own, or many at once where a backend needs that
/// ([Backend#rowsToFill]). That memory is kept for the next evaluation of the
/// same network, such as the one after another epoch. Not thread-safe.
public final class Evaluator {
    /// The length of the list in every metric of the paper.
    public static final int K = 10;
    /// Users that a worker takes at a time.
    private static final int SHARE = 8;

    private final Backend backend;
    private Fncf latest;
    private FoldedFncf folded;
    /// Who ranks on backends that one user's items keep busy; null on others.
    private Worker[] workers;
    /// Who scores on backends that need more; null on others.
    private PairScorer pairs;

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
        return rank(model, users, new Candidates(candidates), _ -> {
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
        return rank(model, users, new AllItems(candidates, split, model.config().numItems()), ranked);
    }

    /// The items that are ranked for each user.
    private interface Lists {
        int length(int user);

        /// @param items takes the user's items from `at` on
        void fill(int user, int[] items, int at);

        /// @param scores the items' logits from `at` on; may be modified
        /// @return the rank of the held-out item
        int rank(int user, float[] scores, int at);
    }

    /// The held-out item, then the negatives.
    private record Candidates(EvalCandidates candidates) implements Lists {
        @Override
        public int length(int user) {
            return 1 + candidates.negatives(user).length;
        }

        @Override
        public void fill(int user, int[] items, int at) {
            int[] negatives = candidates.negatives(user);
            items[at] = candidates.positive(user);
            System.arraycopy(negatives, 0, items, at + 1, negatives.length);
        }

        @Override
        public int rank(int user, float[] scores, int at) {
            return RankingMetrics.rank(scores[at], scores, at + 1, at + length(user));
        }
    }

    /// All items, of which those that the user has met do not count.
    private record AllItems(EvalCandidates candidates, Split split, int count) implements Lists {
        @Override
        public int length(int user) {
            return count;
        }

        @Override
        public void fill(int user, int[] items, int at) {
            for (int item = 0; item < count; item++) {
                items[at + item] = item;
            }
        }

        @Override
        public int rank(int user, float[] scores, int at) {
            float positive = scores[at + candidates.positive(user)];
            for (int item = 0; item < count; item++) {
                if (split.seen(user, item)) {
                    scores[at + item] = Float.NEGATIVE_INFINITY;
                }
            }
            return RankingMetrics.rank(positive, scores, at, at + count);
        }
    }

    private Result rank(Fncf model, int[] users, Lists lists, IntConsumer ranked) {
        prepare(model);
        return new Result(users, pairs == null ? rankSideBySide(users, lists, ranked) : rankTogether(users, lists, ranked));
    }

    /// Users one by one, on all threads.
    private int[] rankSideBySide(int[] users, Lists lists, IntConsumer ranked) {
        int[] ranks = new int[users.length];
        AtomicInteger next = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        backend.parallel(workers.length, number -> {
            for (int from = next.getAndAdd(SHARE); from < users.length; from = next.getAndAdd(SHARE)) {
                int to = Math.min(users.length, from + SHARE);
                for (int i = from; i < to; i++) {
                    ranks[i] = workers[number].rank(users[i], lists);
                }
                synchronized (done) {
                    ranked.accept(done.addAndGet(to - from));
                }
            }
        });
        return ranks;
    }

    /// As many users at a time as fill the backend.
    private int[] rankTogether(int[] users, Lists lists, IntConsumer ranked) {
        int[] ranks = new int[users.length];
        for (int from = 0, to; from < users.length; from = to) {
            int count = 0;
            for (to = from; to < users.length && (to == from || count < backend.rowsToFill()); to++) {
                count += lists.length(users[to]);
            }
            int[] ofUsers = new int[count];
            int[] items = new int[count];
            float[] scores = new float[count];
            for (int i = from, at = 0; i < to; at += lists.length(users[i]), i++) {
                Arrays.fill(ofUsers, at, at + lists.length(users[i]), users[i]);
                lists.fill(users[i], items, at);
            }
            pairs.score(ofUsers, items, count, scores);
            for (int i = from, at = 0; i < to; at += lists.length(users[i]), i++) {
                ranks[i] = lists.rank(users[i], scores, at);
            }
            ranked.accept(to);
        }
        return ranks;
    }

    private void prepare(Fncf model) {
        if (model == latest) {
            folded.update(model, backend);
            return;
        }
        folded = new FoldedFncf(model, backend);
        if (backend.rowsToFill() > Scorer.LARGEST) {
            pairs = new PairScorer(backend, folded, backend.rowsToFill());
        } else {
            workers = new Worker[backend.threads()];
            Arrays.setAll(workers, _ -> new Worker());
        }
        latest = model;
    }

    /// What one thread ranks with.
    private final class Worker {
        private final Scorer scorer = new Scorer(backend, folded);
        private int[] items = new int[0];
        private float[] scores = new float[0];

        int rank(int user, Lists lists) {
            int count = lists.length(user);
            if (scores.length < count) {
                items = new int[count];
                scores = new float[count];
            }
            lists.fill(user, items, 0);
            scorer.score(user, items, count, scores);
            return lists.rank(user, scores, 0);
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
