package larch.fncf.attack;

import static larch.fncf.attack.AttackModels.columns;
import static larch.fncf.attack.AttackModels.uniform;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.simd.SimdBackend;
import larch.fncf.attack.AttackModels.Linear;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Features that must stay within bounds, and columns that must not change.
class BoxAttackTest {
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
    void withBoundsTheSmallestPerturbationIsFoundByWaterFilling() {
        float[] weights = {3, -2, 1, 0.5f, -0.25f, 2};
        // The bias is such that several coordinates end on their bound.
        Linear model = new Linear(weights, 0.8f);
        AttackProblem problem = AttackProblem.of(model, uniform(20, 6, 11), Box.unit(6), columns(0, 6));
        AttackResult result = CarliniWagnerL2.attack(backend, problem,
                AttackConfig.strong().toBuilder().maxIterations(500).restarts(1).build());
        int saturated = 0;
        for (int i = 0; i < 20; i++) {
            float[] x = problem.features().rows(i, i + 1).toArray();
            double[] delta = waterFilling(model, x);
            if (delta == null) {
                assertFalse(result.success()[i], "row " + i + " has no solution in the box");
                continue;
            }
            double squared = 0;
            for (int j = 0; j < 6; j++) {
                squared += delta[j] * delta[j];
                double end = x[j] + delta[j];
                saturated += delta[j] != 0 && (end == 0 || end == 1) ? 1 : 0;
            }
            assertEquals(Math.sqrt(squared), result.distortion()[i], 2e-3 * Math.sqrt(squared), "row " + i);
        }
        assertTrue(saturated > 5, "the example must saturate some coordinates, not " + saturated);
    }

    /// `δ_j = clip(−λ·w_j)` into the box, with the smallest λ that brings the logit to 0; null if none does.
    private static double[] waterFilling(Linear model, float[] x) {
        double low = 0;
        double high = 1e3;
        if (after(model, x, high) > 0) {
            return null;
        }
        for (int step = 0; step < 200; step++) {
            double middle = (low + high) / 2;
            if (after(model, x, middle) > 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return fill(model, x, high);
    }

    private static double after(Linear model, float[] x, double lambda) {
        double z = model.logit(x);
        double[] delta = fill(model, x, lambda);
        for (int j = 0; j < x.length; j++) {
            z += model.weights()[j] * delta[j];
        }
        return z;
    }

    private static double[] fill(Linear model, float[] x, double lambda) {
        double[] delta = new double[x.length];
        for (int j = 0; j < x.length; j++) {
            delta[j] = Math.clamp(x[j] - lambda * model.weights()[j], 0.0, 1.0) - x[j];
        }
        return delta;
    }

    @Test
    void oneHotFeaturesTrapTheTanhBoxWithPublishedSettings() {
        // Gender, age group and occupation are one-hot: a corner of the box, where tanh is flat.
        float[] weights = new float[30];
        weights[0] = 1.5f;
        AttackProblem problem = AttackProblem.of(new Linear(weights, -1), oneHot(), Box.unit(30), columns(0, 30));
        double smallest = 0.5 / 1.5;
        for (float c : new float[] {1e-3f, 1e-2f, 0.1f, 1, 10, 100}) {
            AttackConfig published = AttackConfig.paper(c).toBuilder().learningRate(0.01f).smoothing(0.999999f).build();
            assertFalse(CarliniWagnerL2.attack(backend, problem, published).success()[0], "c = " + c);
        }
        // Either of the two remedies is enough.
        AttackConfig.Builder remedy = AttackConfig.paper(1).toBuilder();
        assertTrue(CarliniWagnerL2.attack(backend, problem, remedy.learningRate(0.01f).build()).success()[0]);
        assertTrue(CarliniWagnerL2.attack(backend, problem, remedy.learningRate(0.1f).smoothing(0.999999f).build()).success()[0]);
        AttackResult paper = CarliniWagnerL2.attack(backend, problem, AttackConfig.paper(1));
        assertTrue(paper.success()[0]);
        assertEquals(smallest, paper.distortion()[0], 0.01 * smallest);
        AttackResult strong = CarliniWagnerL2.attack(backend, problem, AttackConfig.strong());
        assertEquals(smallest, strong.distortion()[0], 1e-3 * smallest);
        // Nine attempts at c do not help either: the trap is in the coordinates, not in the constant.
        AttackConfig search = AttackConfig.paper(1e-3f).toBuilder().learningRate(0.01f).smoothing(0.999999f)
                .binarySearchSteps(9).build();
        assertFalse(CarliniWagnerL2.attack(backend, problem, search).success()[0]);
    }

    @Test
    void aFixedConstantIsNoMeasureForPairsNearTheBoundary() {
        // In the middle of the box Adam's first step is 0.1·½ of it whatever c is, longer than the gap of 0.04;
        // the objective's minimum reaches the boundary from c = 2·0.04 on only.
        AttackProblem problem = AttackProblem.of(new Linear(new float[] {1, 0}, -0.46f), Tensor.full(0.5f, 1, 2),
                Box.unit(2), columns(0, 2));
        assertTrue(CarliniWagnerL2.attack(backend, problem, AttackConfig.paper(1e-3f)).success()[0]);
        AttackConfig slow = AttackConfig.paper(1e-3f).toBuilder().learningRate(1e-4f).build();
        assertFalse(CarliniWagnerL2.attack(backend, problem, slow).success()[0]);
    }

    private static Tensor oneHot() {
        Tensor x = Tensor.zeros(1, 30);
        x.set(1, 0, 0);
        x.set(1, 0, 4);
        x.set(1, 0, 20);
        return x;
    }

    @ParameterizedTest
    @EnumSource(value = BoxMethod.class, names = {"TANH", "PROJECT"})
    void featuresStayInAnyBoxExactlyAndOtherColumnsAsTheyAre(BoxMethod method) {
        Box box = new Box(Tensor.vector(-0.7f, 0.1f, 0, -3, 0, 0.3f), Tensor.vector(1.3f, 0.9f, 1, -1, 0.7f, 1.1f));
        Tensor x = uniform(16, 6, 21);
        for (int i = 0; i < 16; i++) {
            for (int j = 0; j < 6; j++) {
                float low = box.lower().get(j);
                float high = box.upper().get(j);
                // Rows 0 to 3 start on a bound, everywhere.
                x.set(i < 2 ? low : i < 4 ? high : low + (high - low) * x.get(i, j), i, j);
            }
            // Outside its box, which is nobody's business as long as it may not change.
            x.set(7, i, 1);
            x.set(-5, i, 4);
        }
        BitSet attacked = new BitSet();
        attacked.set(0);
        attacked.set(2, 4);
        attacked.set(5);
        AttackProblem problem = AttackProblem.of(new Linear(new float[] {2, 0.1f, -1, 1, 0.1f, -3}, 4), x, box, attacked);
        AttackConfig.Builder config = AttackConfig.strong().toBuilder().box(method).maxIterations(100).restarts(3)
                .learningRate(0.3f);
        boolean touched = false;
        for (float tolerance : new float[] {0, 1e-4f}) {
            AttackResult result = CarliniWagnerL2.attack(backend, problem, config.boundaryTolerance(tolerance).build());
            assertTrue(result.summary().conditionalSuccess() > 0.3, result.summary().toString());
            for (int i = 0; i < 16; i++) {
                for (int j = 0; j < 6; j++) {
                    float value = result.adversarial().get(i, j);
                    if (attacked.get(j)) {
                        assertTrue(value >= box.lower().get(j) && value <= box.upper().get(j), i + "," + j + ": " + value);
                        touched |= value != x.get(i, j);
                    } else {
                        assertEquals(x.get(i, j), value);
                    }
                }
            }
        }
        assertTrue(touched);
    }

    @Test
    void withoutABoxFeaturesMayLeaveIt() {
        AttackProblem problem = AttackProblem.of(new Linear(new float[] {1, 0}, 1), Tensor.zeros(1, 2), Box.unit(2),
                columns(0, 2));
        AttackConfig.Builder config = AttackConfig.strong().toBuilder().maxIterations(200).restarts(1);
        assertFalse(CarliniWagnerL2.attack(backend, problem, config.build()).success()[0]);
        AttackResult free = CarliniWagnerL2.attack(backend, problem, config.box(BoxMethod.NONE).build());
        assertEquals(1, free.distortion()[0], 1e-3);
        assertTrue(free.adversarial().get(0, 0) < -0.99f);
    }

    @Test
    void aFeatureOutsideItsBoxIsRefused() {
        Tensor x = Tensor.matrix(new float[] {0.5f, 0.5f}, new float[] {0.5f, 1.5f});
        AttackProblem problem = AttackProblem.of(new Linear(new float[] {1, 1}, 1), x, Box.unit(2), columns(0, 2));
        String message = assertThrows(IllegalArgumentException.class,
                () -> CarliniWagnerL2.attack(backend, problem, AttackConfig.paper(1))).getMessage();
        assertTrue(message.contains("row 1, column 1 is 1.5, outside its box [0.0, 1.0]"), message);
    }

    @Test
    void theTanhBoxNeedsFiniteBounds() {
        AttackProblem problem = AttackProblem.of(new Linear(new float[] {1, 1}, 1), Tensor.zeros(1, 2), Box.unbounded(2),
                columns(1, 2));
        String message = assertThrows(IllegalArgumentException.class,
                () -> CarliniWagnerL2.attack(backend, problem, AttackConfig.paper(1))).getMessage();
        assertTrue(message.contains("the tanh box needs finite bounds; column 1"), message);
        AttackConfig project = AttackConfig.strong().toBuilder().maxIterations(100).restarts(0).build();
        assertEquals(1, CarliniWagnerL2.attack(backend, problem, project).distortion()[0], 1e-3);
    }
}
