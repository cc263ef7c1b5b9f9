package larch.fncf.attack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.fncf.Fixtures;
import larch.fncf.model.Features;
import larch.fncf.model.FoldedFncf;
import larch.fncf.model.Fncf;
import larch.fncf.model.Layer;
import larch.fncf.model.Noise;
import larch.random.Rng;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Attacks on the folded network of real sizes: against the plain network, and the same bits however the work is cut.
class FoldedAttackTest {
    private static final int PAIRS = 20;
    /// Folding sums in another order; the largest difference seen between logits of size 1 is a tenth of this.
    private static final double ROUNDING = 2e-5;
    private static final AttackTarget USER =
            AttackTarget.parse("user", Fixtures.DATASET.userFeatures(), Fixtures.DATASET.itemFeatures());

    /// Networks of one seed have equal weights, whatever their features.
    private static Fncf network(Features features) {
        Fncf network = new Fncf(Fixtures.sizes(16), features, Rng.of(2));
        network.parameters().forEach(parameter -> {
            Tensor weights = parameter.value();
            for (int i = 0; i < weights.size(); i++) {
                weights.data()[i] += (i * 7 % 11 - 5) * 0.04f;
            }
        });
        return network;
    }

    /// Each user once, with an item that it likes: another profile of the user then changes one pair.
    private static HitPairs pairs(Fncf model) {
        int[] users = IntStream.range(0, PAIRS).toArray();
        int[] items = Arrays.stream(users).map(user -> {
            int[] all = IntStream.range(0, 30).toArray();
            float[] z = logits(model, IntStream.range(0, all.length).map(_ -> user).toArray(), all);
            return IntStream.of(all).reduce((a, b) -> z[a] >= z[b] ? a : b).getAsInt();
        }).toArray();
        return new HitPairs(users, items);
    }

    private static float[] logits(Fncf model, int[] users, int[] items) {
        Tape tape = Tape.inference(new ReferenceBackend());
        Var z = model.forward(tape, users, items, Noise.NONE, Layer.LOGIT);
        return z.value().toArray();
    }

    private static AttackProblem problem(Backend backend, Fncf model, HitPairs pairs) {
        return new FoldedAttackModel(new FoldedFncf(model, backend), pairs, backend).problem(Fixtures.FEATURES, USER);
    }

    private static AttackConfig config(BoxMethod box) {
        return AttackConfig.strong().toBuilder().box(box).distance(box == BoxMethod.NONE ? Distance.L2 : Distance.L2_SQUARED)
                .initialConst(1).binarySearchSteps(2).maxIterations(60).restarts(1).learningRate(0.2f).build();
    }

    @ParameterizedTest
    @EnumSource(BoxMethod.class)
    void whatIsFoundHoldsForThePlainNetwork(BoxMethod box) {
        Fncf plain = network(Fixtures.FEATURES);
        HitPairs pairs = pairs(plain);
        try (Backend backend = Fixtures.simd(2)) {
            AttackProblem problem = problem(backend, plain, pairs);
            AttackResult result = CarliniWagnerL2.attack(backend, problem, config(box));
            assertTrue(result.summary().trivial() < 0.2 && result.summary().conditionalSuccess() > 0.2, "too little to compare: "
                    + result.summary());
            float[] clean = logits(plain, pairs.users(), pairs.items());
            Tensor users = Fixtures.FEATURES.users().copy();
            for (int i = 0; i < PAIRS; i++) {
                for (int j = 0; j < users.dim(1); j++) {
                    users.set(result.adversarial().get(i, j), pairs.users()[i], j);
                }
            }
            float[] attacked = logits(network(new Features(users, Fixtures.FEATURES.items())), pairs.users(), pairs.items());
            for (int i = 0; i < PAIRS; i++) {
                assertEquals(clean[i], result.cleanLogits()[i], ROUNDING * Math.max(1, Math.abs(clean[i])));
                assertEquals(attacked[i], result.adversarialLogits()[i], ROUNDING * Math.max(1, Math.abs(attacked[i])));
                assertEquals(attacked[i] <= 0, result.success()[i], "pair " + i + ", " + attacked[i]);
            }
        }
    }

    /// Long descents end close to the boundary, where the folded network and the plain one disagree.
    @ParameterizedTest
    @EnumSource(value = BoxMethod.class, names = {"NONE", "PROJECT"})
    void nothingThatWasFoundIsLost(BoxMethod box) {
        Fncf plain = network(Fixtures.FEATURES);
        try (Backend backend = Fixtures.simd(2)) {
            AttackProblem problem = problem(backend, plain, pairs(plain));
            AttackResult result = CarliniWagnerL2.attack(backend, problem, AttackConfig.strong().toBuilder().box(box)
                    .maxIterations(300).restarts(2).build());
            for (int i = 0; i < PAIRS; i++) {
                boolean isFound = !Arrays.equals(problem.features().rows(i, i + 1).toArray(),
                        result.adversarial().rows(i, i + 1).toArray());
                assertEquals(isFound, result.success()[i] && !result.isTrivial(i), "pair " + i + ", "
                        + result.adversarialLogits()[i]);
                assertTrue(!isFound || result.adversarialLogits()[i] <= -AttackConfig.strong().boundaryMargin(), "pair " + i);
            }
        }
    }

    @Test
    void threadsAndBlocksChangeNoBit() {
        Fncf plain = network(Fixtures.FEATURES);
        HitPairs pairs = pairs(plain);
        for (BoxMethod box : BoxMethod.values()) {
            AttackResult first = null;
            for (int threads : new int[] {1, 2}) {
                try (Backend backend = Fixtures.simd(threads)) {
                    for (int rows : new int[] {128, 14}) {
                        AttackConfig config = config(box).toBuilder().batchRows(rows).maxIterations(12).build();
                        AttackResult result = CarliniWagnerL2.attack(backend, problem(backend, plain, pairs), config);
                        first = first == null ? result : first;
                        String what = box + ", " + threads + " threads, " + rows + " rows";
                        assertArrayEquals(first.adversarial().toArray(), result.adversarial().toArray(), what);
                        assertArrayEquals(first.adversarialLogits(), result.adversarialLogits(), what);
                        assertArrayEquals(first.iterations(), result.iterations(), what);
                        assertArrayEquals(first.constants(), result.constants(), what);
                    }
                }
            }
        }
    }
}
