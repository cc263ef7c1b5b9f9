package larch.fncf.attack;

import static larch.fncf.attack.AttackModels.columns;
import static larch.fncf.attack.AttackModels.reluProblem;
import static larch.fncf.attack.AttackModels.uniform;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.simd.SimdBackend;
import larch.fncf.attack.AttackModels.Function;
import larch.fncf.attack.AttackModels.Linear;
import larch.op.Elementwise;
import larch.op.MatMul;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What is counted, what is refused, and what is told.
class AttackAccountingTest {
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
    void trivialSuccessesAreToldApart() {
        // z = x₀ + x₁ − 0.5, and only x₀ in [0, 1] may change: 0.25 and 0.5 succeed by themselves,
        // 0.75 and 1 need 0.25 and 0.5, and with x₁ = 9 nothing helps.
        Tensor x = Tensor.matrix(new float[] {0.25f, 0}, new float[] {0.5f, 0}, new float[] {0.75f, 0},
                new float[] {1, 0}, new float[] {1, 9});
        AttackedModel model = new Linear(new float[] {1, 1}, -0.5f);
        AttackProblem problem = AttackProblem.of(model, x, Box.unit(2), columns(0, 1));
        AttackResult result = CarliniWagnerL2.attack(backend, problem, quick().build());
        assertArrayEquals(new float[] {-0.25f, 0, 0.25f, 0.5f, 9.5f}, result.cleanLogits());
        assertArrayEquals(new boolean[] {true, true, true, true, false}, result.success());
        assertArrayEquals(new float[] {0, 0, 0.25f, 0.5f, Float.POSITIVE_INFINITY}, result.distortion(), 1e-3f);
        assertEquals(0, result.distortion()[1]);
        assertEquals(0, result.iterations()[0]);
        assertEquals(0, result.constants()[0]);
        // Where nothing was found nothing is changed.
        assertEquals(9.5f, result.adversarialLogits()[4]);
        assertEquals(1, result.adversarial().get(4, 0));
        assertTrue(result.iterations()[4] > 0 && result.constants()[4] > 1e3f);

        AttackSummary summary = result.summary();
        assertEquals(5, summary.n());
        assertEquals(0.4, summary.trivial());
        assertEquals(0.8, summary.rawSuccess());
        assertEquals(2 / 3.0, summary.conditionalSuccess());
        assertEquals(0.375, summary.meanL2(), 1e-3);
        assertEquals(0.375, summary.medianL2(), 1e-3);
        assertEquals(0.1875, summary.meanL2WithTrivial(), 1e-3);
        assertEquals(0.125, summary.medianL2WithTrivial(), 1e-3);
        assertEquals(0.6, result.successRateWithin(0.3));
    }

    @Test
    void noPairsGiveAnEmptyResult() {
        AttackProblem problem = reluProblem(4, 6, 6, 1).select();
        AttackResult result = CarliniWagnerL2.attack(backend, problem, AttackConfig.strong());
        assertEquals(0, result.size());
        assertEquals(0, result.adversarial().size());
        assertEquals(0, result.summary().n());
        assertTrue(Double.isNaN(result.summary().rawSuccess()) && Double.isNaN(result.summary().meanL2()));
    }

    @Test
    void onlyTrivialPairsNeedNoDescent() {
        AttackProblem problem = AttackProblem.of(new Linear(new float[] {1}, -2), uniform(3, 1, 1), Box.unit(1), columns(0, 1));
        AttackResult result = CarliniWagnerL2.attack(backend, problem, AttackConfig.strong());
        assertEquals(1, result.summary().trivial());
        assertTrue(Double.isNaN(result.summary().conditionalSuccess()));
        assertEquals(0, result.summary().meanL2WithTrivial());
    }

    @Test
    void probabilitiesAreRefused() {
        for (float steepness : new float[] {0.01f, 1, 100}) {
            AttackedModel model = new Function(3, (tape, x) -> x
                    .apply(MatMul.MATMUL, tape.constant(Tensor.full(steepness, 3, 1))).apply(Elementwise.SIGMOID));
            for (int n : new int[] {1, 50}) {
                AttackProblem problem = AttackProblem.of(model, uniform(n, 3, 1), Box.unit(3), columns(0, 3));
                String message = assertThrows(IllegalArgumentException.class,
                        () -> CarliniWagnerL2.attack(backend, problem, AttackConfig.paper(1))).getMessage();
                assertTrue(message.contains("expected logits") && message.contains("return z before the sigmoid"), message);
            }
        }
    }

    @Test
    void logitsThatHappenToLieBetweenZeroAndOneAreNot() {
        // One pair, clean logit 0.5, and weights so small that no box lets it reach 0.
        AttackProblem small = AttackProblem.of(new Linear(new float[] {1e-3f, 1e-3f}, 0.5f), uniform(1, 2, 1), Box.unit(2),
                columns(0, 2));
        assertFalse(CarliniWagnerL2.attack(backend, small, quick().build()).success()[0]);
        // A net whose logit is one and the same everywhere.
        AttackedModel dead = new Function(2, (tape, x) -> x.apply(MatMul.MATMUL, tape.constant(Tensor.zeros(2, 1)))
                .apply(Elementwise.ADD, tape.constant(Tensor.scalar(0.5f))));
        AttackProblem constant = AttackProblem.of(dead, uniform(3, 2, 1), Box.unit(2), columns(0, 2));
        assertEquals(0, CarliniWagnerL2.attack(backend, constant, quick().build()).summary().rawSuccess());
        for (int seed = 0; seed < 20; seed++) {
            AttackProblem net = reluProblem(30, 8, 8, seed);
            CarliniWagnerL2.attack(backend, net.select(seed), quick().maxIterations(1).build());
        }
    }

    @Test
    void aModelThatAnswersTheWrongShapeOrNaNIsReported() {
        AttackedModel wide = new Function(2, (_, x) -> x);
        AttackProblem two = AttackProblem.of(wide, uniform(3, 2, 1), Box.unit(2), columns(0, 2));
        assertMessage("the model must answer one logit for each row, [3,1]; got [3,2]", two);
        AttackedModel log = new Function(1, (_, x) -> x.apply(Elementwise.LOG));
        AttackProblem nan = new AttackProblem(log, Tensor.full(-1, 1, 1), new int[] {17}, Box.unbounded(1), columns(0, 1));
        assertEquals("attack: the model answers NaN for pair 17; check its weights, or lower the learning rate if that "
                + "happens in the middle of an attack", assertThrows(ArithmeticException.class,
                () -> CarliniWagnerL2.attack(backend, nan, AttackConfig.paper(1))).getMessage());
    }

    private static void assertMessage(String expected, AttackProblem problem) {
        String message = assertThrows(IllegalArgumentException.class,
                () -> CarliniWagnerL2.attack(backend, problem, AttackConfig.paper(1))).getMessage();
        assertTrue(message.contains(expected), message);
    }

    @Test
    void problemsThatDoNotFitTogetherAreRefused() {
        AttackedModel model = new Linear(new float[] {1, 1}, 1);
        Tensor x = uniform(3, 2, 1);
        assertRefused("features [3,3]", () -> AttackProblem.of(model, uniform(3, 3, 1), Box.unit(2), columns(0, 2)));
        assertRefused("2 pairs", () -> new AttackProblem(model, x, new int[2], Box.unit(2), columns(0, 2)));
        assertRefused("a box of width 3", () -> AttackProblem.of(model, x, Box.unit(3), columns(0, 2)));
        assertRefused("some of 0 to 1; got {}", () -> AttackProblem.of(model, x, Box.unit(2), columns(0, 0)));
        assertRefused("some of 0 to 1; got {2}", () -> AttackProblem.of(model, x, Box.unit(2), columns(2, 3)));
        assertRefused("got NaN in row 1, column 0", () -> AttackProblem.of(model,
                Tensor.matrix(new float[] {0, 0}, new float[] {Float.NaN, 0}), Box.unit(2), columns(0, 2)));
        assertRefused("lower < upper in column 1; got 2.0 and 1.0",
                () -> new Box(Tensor.vector(0, 2), Tensor.vector(1, 1)));
    }

    private static void assertRefused(String expected, Executable action) {
        String message = assertThrows(IllegalArgumentException.class, action).getMessage();
        assertTrue(message.contains(expected), message);
    }

    @Test
    void progressRisesToOne() {
        List<Double> shares = new ArrayList<>();
        AttackProblem problem = reluProblem(30, 12, 12, 9);
        CarliniWagnerL2.attack(backend, problem, quick().batchRows(16).maxIterations(20).build(), shares::add);
        assertTrue(shares.size() > 100, "about ten reports for each descent, not " + shares.size() + " in all");
        for (int i = 1; i < shares.size(); i++) {
            assertTrue(shares.get(i) >= shares.get(i - 1));
        }
        assertTrue(shares.getFirst() >= 0);
        assertEquals(1, shares.getLast());
    }

    @Test
    void theSameSpendsFewerIterationsWithEarlyAbort() {
        AttackProblem problem = reluProblem(30, 12, 12, 9);
        AttackConfig.Builder paper = AttackConfig.paper(1).toBuilder().learningRate(0.05f);
        int always = iterations(CarliniWagnerL2.attack(backend, problem, paper.abortEarly(false).build()));
        AttackResult aborted = CarliniWagnerL2.attack(backend, problem, paper.abortEarly(true).build());
        int late = iterations(CarliniWagnerL2.attack(backend, problem, paper.abortFrom(0.5f).build()));
        int never = iterations(CarliniWagnerL2.attack(backend, problem, paper.abortFrom(1).build()));
        assertTrue(iterations(aborted) < 0.9 * always, iterations(aborted) + " of " + always);
        assertTrue(iterations(aborted) < late && late < always, iterations(aborted) + " < " + late + " < " + always);
        assertEquals(always, never);
        assertEquals(1_000 * (30 - Math.round(30 * aborted.summary().trivial())), always);
    }

    private static int iterations(AttackResult result) {
        return Arrays.stream(result.iterations()).sum();
    }

    private static AttackConfig.Builder quick() {
        return AttackConfig.strong().toBuilder().maxIterations(300).restarts(0);
    }
}
