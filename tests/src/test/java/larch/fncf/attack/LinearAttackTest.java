package larch.fncf.attack;

import static larch.fncf.attack.AttackModels.columns;
import static larch.fncf.attack.AttackModels.uniform;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.stream.IntStream;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.simd.SimdBackend;
import larch.fncf.attack.AttackModels.Linear;
import larch.op.Elementwise;
import larch.op.MatMul;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Linear models, where the smallest perturbation has a closed form: `z₀/‖w_S‖` over the attacked columns S.
class LinearAttackTest {
    private static final float[] WEIGHTS = {1.5f, -0.7f, 0.4f, 2.2f, -1.1f, 0.9f, -0.3f, 0.05f};
    /// Small enough that Adam's momentum does not carry a row across a boundary which c cannot hold.
    private static final float SLOW = 1e-3f;
    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = new SimdBackend(new BackendOptions(1, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    @Test
    void theSmallestPerturbationIsTheLogitOverTheNormOfTheAttackedWeights() {
        Linear model = new Linear(WEIGHTS, 1);
        for (BitSet attacked : new BitSet[] {columns(0, 8), columns(0, 4), columns(4, 8)}) {
            AttackProblem problem = AttackProblem.of(model, uniform(20, 8, 3), Box.unit(8), attacked);
            AttackResult result = CarliniWagnerL2.attack(backend, problem, unboxed().build());
            for (int i = 0; i < 20; i++) {
                double z = model.logit(problem.features().rows(i, i + 1).toArray());
                double expected = Math.max(0, z) / model.norm(attacked);
                assertTrue(result.success()[i]);
                assertEquals(expected, result.distortion()[i], 1e-3 * expected + 1e-6, "row " + i + " of " + attacked);
            }
        }
    }

    @Test
    void byHandWithTwoClasses() {
        // z₀ = x₀ + 4x₁ − 4, z₁ = 1 − 2x₀: z = z₁ − z₀ = 5 − 3x₀ − 4x₁.
        // From x = 0, δ = 5·(3, 4)/25 = (0.6, 0.8), of length 1.
        Tensor head = Tensor.matrix(new float[] {1, -2}, new float[] {4, 0});
        Tensor toMargin = Tensor.matrix(new float[] {-1}, new float[] {1});
        AttackedModel model = new AttackModels.Function(2, (tape, x) -> x.apply(MatMul.MATMUL, tape.constant(head))
                .apply(Elementwise.ADD, tape.constant(Tensor.vector(-4, 1)))
                .apply(MatMul.MATMUL, tape.constant(toMargin)));
        AttackProblem problem = AttackProblem.of(model, Tensor.zeros(1, 2), Box.unit(2), columns(0, 2));
        AttackResult result = CarliniWagnerL2.attack(backend, problem, unboxed().build());
        assertEquals(5, result.cleanLogits()[0]);
        assertEquals(1, result.distortion()[0], 1e-3);
        assertArrayEquals(new float[] {0.6f, 0.8f}, result.adversarial().toArray(), 2e-2f);
        assertEquals(0, result.adversarialLogits()[0], 1e-3);
    }

    @Test
    void aFixedConstantSucceedsFromTwiceTheLogitOverTheSquaredNormOn() {
        BitSet attacked = columns(0, 8);
        for (float scale : new float[] {1, 5}) {
            Linear model = new Linear(WEIGHTS, 1, scale);
            AttackProblem problem = AttackProblem.of(model, uniform(6, 8, 4), Box.unit(8), attacked);
            for (int i = 0; i < 6; i++) {
                double z = model.logit(problem.features().rows(i, i + 1).toArray());
                double norm = model.norm(attacked);
                double threshold = 2 * z / (norm * norm);
                assertFalse(fixed(problem.select(i), 0.97 * threshold).success()[0], "below the threshold, row " + i);
                AttackResult above = fixed(problem.select(i), 1.03 * threshold);
                assertTrue(above.success()[0], "above the threshold, row " + i);
                assertEquals(z / norm, above.distortion()[0], 0.02 * z / norm);
            }
        }
    }

    private static AttackResult fixed(AttackProblem problem, double c) {
        return CarliniWagnerL2.attack(backend, problem, slow().initialConst((float) c).build());
    }

    @Test
    void scalingTheLogitsLeavesTheSmallestPerturbationAsItIs() {
        AttackProblem one = AttackProblem.of(new Linear(WEIGHTS, 1), uniform(8, 8, 5), Box.unit(8), columns(0, 8));
        AttackProblem ten = AttackProblem.of(new Linear(WEIGHTS, 1, 10), uniform(8, 8, 5), Box.unit(8), columns(0, 8));
        AttackResult small = CarliniWagnerL2.attack(backend, one, unboxed().build());
        AttackResult large = CarliniWagnerL2.attack(backend, ten, unboxed().build());
        assertArrayEquals(small.distortion(), large.distortion(), 1e-3f);
    }

    @Test
    void aSearchFindsTheConstantThatOneStepLacks() {
        // The threshold is 2·3/1 = 6, four orders of magnitude above the first constant.
        AttackProblem problem = AttackProblem.of(new Linear(new float[] {0.6f, 0.8f}, 3), Tensor.zeros(1, 2), Box.unit(2),
                columns(0, 2));
        AttackConfig.Builder config = unboxed().restarts(0).learningRate(0.02f).finalLearningRate(0.5f).initialConst(1e-3f);
        assertFalse(CarliniWagnerL2.attack(backend, problem, config.binarySearchSteps(1).build()).success()[0]);
        assertFalse(CarliniWagnerL2.attack(backend, problem, config.binarySearchSteps(4).build()).success()[0]);
        AttackResult five = CarliniWagnerL2.attack(backend, problem, config.binarySearchSteps(5).build());
        assertTrue(five.success()[0]);
        assertEquals(10, five.constants()[0], 1e-4);
        // From then on it bisects [1, 10]: 5.5, which is too small, then 7.75.
        AttackResult seven = CarliniWagnerL2.attack(backend, problem, config.binarySearchSteps(7).build());
        assertTrue(seven.distortion()[0] <= five.distortion()[0]);
        assertEquals(3, seven.distortion()[0], 3e-3);
    }

    @Test
    void theNextConstantIsTenfoldOrHalfway() {
        float none = Float.POSITIVE_INFINITY;
        assertEquals(0.01f, ConstantSearch.next(0.001f, none), 1e-9f);
        assertEquals(5.5f, ConstantSearch.next(1, 10));
        assertEquals(0.0005f, ConstantSearch.next(0, 0.001f));
        assertEquals(1e10f, ConstantSearch.next(5e9f, none));
        assertEquals(1e10f, ConstantSearch.next(1e10f, none));
    }

    @Test
    void aDecayingLearningRateEndsNearer() {
        Linear model = new Linear(WEIGHTS, 1);
        AttackProblem problem = AttackProblem.of(model, uniform(20, 8, 3), Box.unit(8), columns(0, 8));
        AttackConfig.Builder config = unboxed().boundaryTolerance(0).abortEarly(false).restarts(0).learningRate(0.1f);
        AttackResult decaying = CarliniWagnerL2.attack(backend, problem, config.finalLearningRate(0.01f).build());
        AttackResult steady = CarliniWagnerL2.attack(backend, problem, config.finalLearningRate(1).build());
        double excess = decaying.summary().meanL2() - exact(model, problem);
        assertTrue(excess >= 0 && 2 * excess < steady.summary().meanL2() - exact(model, problem), excess + ", steady: "
                + (steady.summary().meanL2() - exact(model, problem)));
    }

    private static double exact(Linear model, AttackProblem problem) {
        return IntStream.range(0, problem.size())
                .mapToDouble(i -> model.logit(problem.features().rows(i, i + 1).toArray())).filter(z -> z > 0)
                .map(z -> z / model.norm(problem.attacked())).average().orElseThrow();
    }

    @Test
    void theBoundarySearchShortensWhatTheDescentFound() {
        Linear model = new Linear(WEIGHTS, 1);
        AttackProblem problem = AttackProblem.of(model, uniform(20, 8, 3), Box.unit(8), columns(0, 8));
        AttackConfig.Builder config = unboxed().maxIterations(50).restarts(0).boundaryMargin(0);
        AttackResult found = CarliniWagnerL2.attack(backend, problem, config.boundaryTolerance(0).build());
        AttackResult coarse = CarliniWagnerL2.attack(backend, problem, config.boundaryTolerance(0.3f).build());
        AttackResult fine = CarliniWagnerL2.attack(backend, problem, config.boundaryTolerance(1e-4f).build());
        for (int i = 0; i < 20; i++) {
            if (!found.isTrivial(i)) {
                assertTrue(fine.distortion()[i] <= coarse.distortion()[i] && coarse.distortion()[i] <= found.distortion()[i]);
                double slope = found.cleanLogits()[i] / (found.cleanLogits()[i] - found.adversarialLogits()[i]);
                assertEquals(slope * found.distortion()[i], fine.distortion()[i], 2e-4 * found.distortion()[i]);
            }
        }
        assertTrue(fine.summary().meanL2() < found.summary().meanL2());
    }

    @Test
    void withoutTheSquareTheConstantIsAllOrNothing() {
        // min ‖δ‖ + c·max(z, 0): success if and only if c·‖w‖ > 1, wherever the pair starts.
        Linear model = new Linear(WEIGHTS, 1);
        AttackProblem problem = AttackProblem.of(model, uniform(10, 8, 6), Box.unit(8), columns(0, 8));
        double one = 1 / model.norm(columns(0, 8));
        AttackConfig.Builder config = slow().distance(Distance.L2);
        AttackResult below = CarliniWagnerL2.attack(backend, problem, config.initialConst((float) (0.9 * one)).build());
        AttackResult above = CarliniWagnerL2.attack(backend, problem, config.initialConst((float) (1.1 * one)).build());
        assertEquals(0, below.summary().conditionalSuccess());
        assertEquals(1, above.summary().conditionalSuccess());
    }

    @Test
    void theLogitLossGoesOnAfterSuccess() {
        // min ‖δ‖² + c·z has its minimum at δ = −c·w/2, beyond the boundary or before it.
        float[] w = {0.6f, 0.8f};
        AttackProblem problem = AttackProblem.of(new Linear(w, 1), Tensor.zeros(1, 2), Box.unit(2), columns(0, 2));
        AttackConfig.Builder config = slow().loss(AttackLoss.LOGIT);
        assertFalse(CarliniWagnerL2.attack(backend, problem, config.initialConst(1.9f).build()).success()[0]);
        assertTrue(CarliniWagnerL2.attack(backend, problem, config.initialConst(2.1f).build()).success()[0]);
    }

    @Test
    void theProbabilityLossDiesWhereTheModelIsSure() {
        // The slope of σ at z = 30 is 1e-13: c = 100 pulls with less than 1e-11, the hinge with 100.
        AttackProblem problem = AttackProblem.of(new Linear(new float[] {3, 4}, 30), Tensor.zeros(1, 2), Box.unit(2),
                columns(0, 2));
        AttackConfig.Builder config = unboxed().binarySearchSteps(1).restarts(0).initialConst(100);
        assertFalse(CarliniWagnerL2.attack(backend, problem, config.loss(AttackLoss.PROBABILITY).build()).success()[0]);
        assertTrue(CarliniWagnerL2.attack(backend, problem, config.loss(AttackLoss.HINGE).build()).success()[0]);
        AttackProblem unsure = AttackProblem.of(new Linear(new float[] {3, 4}, 1), Tensor.zeros(1, 2), Box.unit(2),
                columns(0, 2));
        assertTrue(CarliniWagnerL2.attack(backend, unsure, config.loss(AttackLoss.PROBABILITY).build()).success()[0]);
    }

    private static AttackConfig.Builder slow() {
        return unboxed().learningRate(SLOW).finalLearningRate(1).maxIterations(2_000).binarySearchSteps(1).restarts(0)
                .abortEarly(false);
    }

    private static AttackConfig.Builder unboxed() {
        return AttackConfig.strong().toBuilder().box(BoxMethod.NONE).maxIterations(500).restarts(1);
    }
}
