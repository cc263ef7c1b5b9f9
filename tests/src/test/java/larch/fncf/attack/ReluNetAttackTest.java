package larch.fncf.attack;

import static larch.fncf.attack.AttackModels.columns;
import static larch.fncf.attack.AttackModels.reluProblem;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import larch.autodiff.Tape;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.reference.ReferenceBackend;
import larch.backend.simd.SimdBackend;
import larch.fncf.attack.AttackModels.Function;
import larch.op.Elementwise;
import larch.op.MatMul;
import larch.random.Draws;
import larch.random.Rng;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Nets, where no closed form says what the smallest perturbation is, but much about any right answer is
/// known.
class ReluNetAttackTest {
    private static final int PAIRS = 40;
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
    void withoutABoxEveryPairWithAGradientGivesWay() {
        // Not a theorem: a net may have local minima above 0. Here random starts leave them all.
        AttackProblem problem = reluProblem(PAIRS, 12, 12, 9);
        AttackResult result = CarliniWagnerL2.attack(backend, problem, quick().box(BoxMethod.NONE).boundaryMargin(0).build());
        assertTrue(result.summary().trivial() < 0.9, "the example needs something to attack");
        assertEquals(1, result.summary().rawSuccess());
        for (int i = 0; i < PAIRS; i++) {
            if (!result.isTrivial(i)) {
                // On the boundary: 2·10⁻⁴ of the perturbation's length less is not enough.
                float[] shorter = new float[12];
                for (int j = 0; j < 12; j++) {
                    float x = problem.features().get(i, j);
                    shorter[j] = x + (1 - 2e-4f) * (result.adversarial().get(i, j) - x);
                }
                assertTrue(logit(problem, i, shorter) > 0, "row " + i);
            }
        }
    }

    private static float logit(AttackProblem problem, int row, float[] features) {
        Tape tape = Tape.inference(backend);
        return problem.model().logits(tape, tape.constant(Tensor.matrix(features)), new int[] {problem.pairs()[row]}).value()
                .item();
    }

    @Test
    void noRandomPointCloserThanTheReportedDistanceSucceeds() {
        // Samples the sphere of nine tenths of the reported distance around each pair.
        AttackProblem problem = reluProblem(PAIRS, 4, 4, 3);
        AttackResult result = CarliniWagnerL2.attack(backend, problem, quick().box(BoxMethod.NONE).restarts(3).build());
        Draws draws = Rng.of(9).stream("sphere").draws();
        for (int i = 0; i < PAIRS; i++) {
            for (int k = 0; k < 300 && !result.isTrivial(i); k++) {
                double[] direction = IntStream.range(0, 4).mapToDouble(_ -> draws.nextGaussian()).toArray();
                double norm = Math.sqrt(IntStream.range(0, 4).mapToDouble(j -> direction[j] * direction[j]).sum());
                float[] x = problem.features().rows(i, i + 1).toArray();
                for (int j = 0; j < 4; j++) {
                    x[j] += (float) (0.9 * result.distortion()[i] * direction[j] / norm);
                }
                assertTrue(logit(problem, i, x) > 0, "row " + i + " gives way closer than " + result.distortion()[i]);
            }
        }
    }

    @Test
    void strongIsAtLeastAsCloseAsPaper() {
        AttackProblem problem = reluProblem(PAIRS, 12, 8, 5);
        AttackResult strong = CarliniWagnerL2.attack(backend, problem, AttackConfig.strong().toBuilder().restarts(2).build());
        int both = 0;
        for (float c : new float[] {0.1f, 1, 10}) {
            AttackResult paper = CarliniWagnerL2.attack(backend, problem, AttackConfig.paper(c));
            for (int i = 0; i < PAIRS; i++) {
                if (paper.success()[i]) {
                    assertTrue(strong.success()[i], "row " + i);
                    assertTrue(strong.distortion()[i] <= 1.001 * paper.distortion()[i], "row " + i + ", c = " + c + ": strong "
                            + strong.distortion()[i] + ", paper " + paper.distortion()[i]);
                    both += paper.isTrivial(i) ? 0 : 1;
                }
            }
        }
        assertTrue(both > 10, "both must break some pairs, not " + both);
    }

    @Test
    void confidenceAsksForAMargin() {
        AttackProblem problem = reluProblem(PAIRS, 12, 12, 7);
        AttackConfig.Builder config = quick().box(BoxMethod.NONE).restarts(0);
        AttackResult plain = CarliniWagnerL2.attack(backend, problem, config.build());
        AttackResult sure = CarliniWagnerL2.attack(backend, problem, config.confidence(0.5f).build());
        for (int i = 0; i < PAIRS; i++) {
            if (!plain.isTrivial(i) && sure.success()[i]) {
                assertTrue(plain.adversarialLogits()[i] <= 0 && plain.adversarialLogits()[i] > -0.05);
                assertTrue(sure.adversarialLogits()[i] <= -0.5 && sure.adversarialLogits()[i] > -0.55);
                assertTrue(sure.distortion()[i] > plain.distortion()[i]);
            }
        }
        assertTrue(sure.summary().conditionalSuccess() > 0.9);
    }

    @Test
    void theSecurityCurveRisesToTheRawSuccess() {
        AttackResult result = CarliniWagnerL2.attack(backend, reluProblem(PAIRS, 12, 12, 9), quick().restarts(0).build());
        double before = result.successRateWithin(0);
        assertEquals(result.summary().trivial(), before);
        assertTrue(result.summary().rawSuccess() > before);
        for (double budget = 0; budget < 3; budget += 0.01) {
            double now = result.successRateWithin(budget);
            assertTrue(now >= before);
            before = now;
        }
        assertEquals(result.summary().rawSuccess(), result.successRateWithin(Double.MAX_VALUE));
    }

    @Test
    void restartsFindWhatTheCleanStartCannot() {
        // z = 1 − 4·relu(x − 0.6) is flat at x = 0.5 and falls from 0.6 on, to 0 at 0.85.
        AttackedModel hidden = new Function(1, (tape, x) -> x.apply(Elementwise.ADD, tape.constant(Tensor.scalar(-0.6f)))
                .apply(Elementwise.RELU).apply(MatMul.MATMUL, tape.constant(Tensor.full(-4, 1, 1)))
                .apply(Elementwise.ADD, tape.constant(Tensor.scalar(1))));
        AttackProblem problem = AttackProblem.of(hidden, Tensor.full(0.5f, 1, 1), Box.unit(1), columns(0, 1));
        assertFalse(CarliniWagnerL2.attack(backend, problem, AttackConfig.strong().toBuilder().restarts(0).build()).success()[0]);
        AttackResult found = CarliniWagnerL2.attack(backend, problem, AttackConfig.strong());
        assertEquals(0.35, found.distortion()[0], 1e-3);
        // Starts that stay within a hundredth of the clean features do not reach the slope.
        AttackConfig near = AttackConfig.strong().toBuilder().restartRadius(0.01f).build();
        assertFalse(CarliniWagnerL2.attack(backend, problem, near).success()[0]);
    }

    @Test
    void aPairFaresTheSameAloneInCompanyInAnotherOrderAndInSmallBatches() {
        try (Backend reference = new ReferenceBackend()) {
            for (Backend each : new Backend[] {backend, reference}) {
                int pairs = each == backend ? PAIRS : 8;
                AttackProblem problem = reluProblem(pairs, 9, 6, 11);
                AttackConfig config = AttackConfig.strong().toBuilder().maxIterations(each == backend ? 100 : 20)
                        .binarySearchSteps(4).restarts(2).learningRate(0.2f).build();
                AttackResult together = CarliniWagnerL2.attack(each, problem, config);
                assertTrue(together.summary().conditionalSuccess() > 0);
                int[] backwards = IntStream.range(0, pairs).map(i -> pairs - 1 - i).toArray();
                AttackResult turned = CarliniWagnerL2.attack(each, problem.select(backwards), config);
                AttackResult small = CarliniWagnerL2.attack(each, problem, config.toBuilder().batchRows(7).build());
                for (int i = 0; i < pairs; i++) {
                    AttackResult alone = CarliniWagnerL2.attack(each, problem.select(i), config);
                    assertSameRow(together, i, alone, 0);
                    assertSameRow(together, i, turned, pairs - 1 - i);
                    assertSameRow(together, i, small, i);
                }
            }
        }
    }

    @Test
    void threadsAndRepetitionChangeNothing() {
        AttackProblem problem = reluProblem(300, 30, 30, 13);
        AttackConfig config = AttackConfig.strong().toBuilder().maxIterations(20).binarySearchSteps(2).restarts(2).build();
        AttackResult first = CarliniWagnerL2.attack(backend, problem, config);
        for (int threads : new int[] {1, 2, 4}) {
            try (Backend other = new SimdBackend(new BackendOptions(threads, 0))) {
                AttackResult again = CarliniWagnerL2.attack(other, problem, config);
                for (int i = 0; i < 300; i++) {
                    assertSameRow(first, i, again, i);
                }
            }
        }
    }

    @Test
    void anotherSeedGivesOtherRandomStartsOnly() {
        AttackProblem problem = reluProblem(PAIRS, 12, 12, 9);
        AttackConfig.Builder config = quick().maxIterations(20).boundaryTolerance(0);
        AttackResult one = CarliniWagnerL2.attack(backend, problem, config.restarts(2).seed(1).build());
        AttackResult two = CarliniWagnerL2.attack(backend, problem, config.seed(2).build());
        assertFalse(Arrays.equals(one.adversarial().data(), two.adversarial().data()));
        AttackResult noneOne = CarliniWagnerL2.attack(backend, problem, config.restarts(0).seed(1).build());
        AttackResult noneTwo = CarliniWagnerL2.attack(backend, problem, config.seed(2).build());
        assertArrayEquals(noneOne.adversarial().data(), noneTwo.adversarial().data());
    }

    private static void assertSameRow(AttackResult a, int i, AttackResult b, int j) {
        assertEquals(a.cleanLogits()[i], b.cleanLogits()[j]);
        assertEquals(a.adversarialLogits()[i], b.adversarialLogits()[j]);
        assertEquals(a.distortion()[i], b.distortion()[j], "row " + i);
        assertEquals(a.iterations()[i], b.iterations()[j]);
        assertEquals(a.constants()[i], b.constants()[j]);
        assertArrayEquals(a.adversarial().rows(i, i + 1).toArray(), b.adversarial().rows(j, j + 1).toArray());
    }

    private static AttackConfig.Builder quick() {
        return AttackConfig.strong().toBuilder().maxIterations(300).restarts(1);
    }
}
