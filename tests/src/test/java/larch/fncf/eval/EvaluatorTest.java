package larch.fncf.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import larch.autodiff.Tape;
import larch.backend.Backend;
import larch.backend.KernelCall;
import larch.backend.reference.ReferenceBackend;
import larch.fncf.Fixtures;
import larch.fncf.model.FoldedFncf;
import larch.fncf.model.Fncf;
import larch.fncf.model.Layer;
import larch.fncf.model.Noise;
import larch.random.Rng;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// Ranks against those of the plain network, one pair at a time by the definition.
class EvaluatorTest {
    private static final int[] USERS = Evaluator.usersWithItem(Fixtures.TEST);
    /// The folded network sums in another order: logits of this size differ by less.
    private static final float ROUNDING = 1e-5f;

    /// Large weights, so that scores differ by more than rounding.
    private static Fncf network(long seed) {
        Fncf network = new Fncf(Fixtures.sizes(8), Fixtures.FEATURES, Rng.of(seed));
        change(network, 1);
        return network;
    }

    private static void change(Fncf network, int by) {
        network.parameters().forEach(parameter -> {
            Tensor weights = parameter.value();
            for (int i = 0; i < weights.size(); i++) {
                weights.data()[i] += (i * 7 % 11 - 5) * 0.06f * by;
            }
        });
    }

    private static float[] plainScores(Fncf model, int user, int... items) {
        int[] users = new int[items.length];
        Arrays.fill(users, user);
        return model.forward(Tape.inference(new ReferenceBackend()), users, items, Noise.NONE, Layer.LOGIT).value().toArray();
    }

    /// The ranks that are right when scores nearer than rounding may change places.
    private static void assertRank(int rank, float positive, float[] others) {
        int surelyAbove = 0;
        int perhapsAbove = 0;
        for (float other : others) {
            surelyAbove += other > positive + ROUNDING ? 1 : 0;
            perhapsAbove += other >= positive - ROUNDING ? 1 : 0;
        }
        assertTrue(surelyAbove <= rank && rank <= perhapsAbove, rank + " is not in " + surelyAbove + " to " + perhapsAbove);
        assertTrue(perhapsAbove - surelyAbove < 5, "the example is too close to call");
    }

    /// A backend that wants many rows gets pairs of several users at once, in batches that end in the middle of a user.
    @Test
    void ranksOfUsersTogetherAreThoseOfEachAlone() {
        Fncf model = network(5);
        int[] together = {0};
        Backend many = new Backend() {
            private final Backend reference = new ReferenceBackend();

            @Override
            public String name() {
                return "many";
            }

            @Override
            public String describe() {
                return "many: " + reference.describe();
            }

            @Override
            public String numerics() {
                return reference.numerics();
            }

            @Override
            public int rowsToFill() {
                return 331;
            }

            @Override
            public Runnable prepare(KernelCall call) {
                if (call instanceof KernelCall.Rows rows) {
                    together[0] = Math.max(together[0], rows.count());
                }
                return reference.prepare(call);
            }
        };
        Evaluator alone = new Evaluator(new ReferenceBackend());
        Evaluator pairs = new Evaluator(many);
        for (int round = 0; round < 2; round++) {
            assertArrayEquals(alone.amongCandidates(model, Fixtures.TEST).ranks(),
                    pairs.amongCandidates(model, Fixtures.TEST).ranks());
            assertArrayEquals(alone.amongAllItems(model, Fixtures.TEST, Fixtures.SPLIT).ranks(),
                    pairs.amongAllItems(model, Fixtures.TEST, Fixtures.SPLIT).ranks());
            change(model, 3);
        }
        assertEquals(331, together[0]);
    }

    @Test
    void ranksAmongCandidatesAreThoseOfThePlainNetwork() {
        Fncf model = network(1);
        try (Backend backend = Fixtures.simd(2)) {
            int[] ranks = new Evaluator(backend).amongCandidates(model, Fixtures.TEST).ranks();
            assertEquals(USERS.length, ranks.length);
            for (int i = 0; i < USERS.length; i++) {
                assertRank(ranks[i], plainScores(model, USERS[i], Fixtures.TEST.positive(USERS[i]))[0],
                        plainScores(model, USERS[i], Fixtures.TEST.negatives(USERS[i])));
            }
            assertTrue(Arrays.stream(ranks).distinct().count() > 20, "ranks must differ for this test to mean something");
        }
    }

    @Test
    void ranksAmongAllItemsLeaveOutWhatTheUserHasMet() {
        Fncf model = network(1);
        try (Backend backend = Fixtures.simd(2)) {
            int[] ranks = new Evaluator(backend).amongAllItems(model, Fixtures.TEST, Fixtures.SPLIT).ranks();
            for (int i = 0; i < USERS.length; i += 7) {
                int user = USERS[i];
                int[] unseen = IntStream.range(0, Fixtures.SPLIT.numItems())
                        .filter(item -> !Fixtures.SPLIT.seen(user, item)).toArray();
                assertRank(ranks[i], plainScores(model, user, Fixtures.TEST.positive(user))[0],
                        plainScores(model, user, unseen));
            }
        }
    }

    @Test
    void threadsChangeNothing() {
        Fncf model = network(2);
        int[][] expected = null;
        for (int threads : new int[] {1, 2, 3}) {
            try (Backend backend = Fixtures.simd(threads)) {
                Evaluator evaluator = new Evaluator(backend);
                int[][] ranks = {evaluator.amongCandidates(model, Fixtures.TEST).ranks(),
                    evaluator.amongAllItems(model, Fixtures.TEST, Fixtures.SPLIT).ranks()};
                expected = expected == null ? ranks : expected;
                assertArrayEquals(expected, ranks, threads + " threads");
            }
        }
    }

    /// The evaluator keeps its memory from one epoch to the next, not the weights.
    @Test
    void laterEvaluationsSeeTheWeightsOfThen() {
        Fncf model = network(3);
        Fncf other = network(4);
        try (Backend backend = Fixtures.simd(2)) {
            Evaluator evaluator = new Evaluator(backend);
            int[] before = evaluator.amongCandidates(model, Fixtures.TEST).ranks();
            change(model, -2);
            int[] after = evaluator.amongCandidates(model, Fixtures.TEST).ranks();
            assertFalse(Arrays.equals(before, after));
            assertArrayEquals(new Evaluator(backend).amongCandidates(model, Fixtures.TEST).ranks(), after);
            assertArrayEquals(new Evaluator(backend).amongCandidates(other, Fixtures.TEST).ranks(),
                    evaluator.amongCandidates(other, Fixtures.TEST).ranks());
        }
    }

    @Test
    void aFoldedNetworkKeepsItsSizes() {
        Backend backend = new ReferenceBackend();
        FoldedFncf folded = new FoldedFncf(network(1), backend);
        Fncf smaller = new Fncf(Fixtures.sizes(4), Fixtures.FEATURES, Rng.of(1));
        String message = assertThrows(IllegalArgumentException.class, () -> folded.update(smaller, backend)).getMessage();
        assertTrue(message.contains("numFactors=8") && message.contains("numFactors=4"), message);
    }

    @Test
    void progressCountsEveryUserOnce() {
        List<Integer> done = new ArrayList<>();
        try (Backend backend = Fixtures.simd(2)) {
            new Evaluator(backend).amongAllItems(network(1), Fixtures.TEST, Fixtures.SPLIT, USERS, done::add);
        }
        assertEquals(USERS.length, done.getLast());
        for (int i = 1; i < done.size(); i++) {
            assertTrue(done.get(i) > done.get(i - 1));
        }
    }

    /// Batches of a scorer have sizes of their own, and a smaller one must not see what a larger one left.
    @Test
    void aScorerTakesAnyNumberOfItems() {
        Fncf model = network(5);
        try (Backend backend = Fixtures.simd(1)) {
            Scorer scorer = new Scorer(backend, new FoldedFncf(model, backend));
            float[] all = scorer.scoreAllItems(4);
            float[] scores = new float[all.length];
            for (int count : new int[] {0, 1, all.length, 127, 3, 128, 129, 3}) {
                int most = Math.min(count, all.length);
                int[] items = IntStream.range(0, most).map(i -> all.length - 1 - i).toArray();
                scorer.score(4, items, most, scores);
                for (int i = 0; i < most; i++) {
                    assertEquals(all[items[i]], scores[i], count + " items, item " + i);
                }
            }
        }
    }
}
