package larch.fncf.attack;

import static larch.fncf.attack.AttackModels.columns;
import static larch.fncf.attack.AttackModels.reluProblem;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.simd.SimdBackend;
import larch.fncf.attack.AttackModels.Linear;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Grids of fixed constants, and the constant that reaches a given rate.
class FixedConstantTest {
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
    void aGridIsTheSameAsOneAttackAfterAnother() {
        float[] constants = {0.01f, 0.3f, 1, 30};
        AttackProblem problem = reluProblem(20, 12, 12, 9);
        AttackConfig config = AttackConfig.paper(1).toBuilder().maxIterations(100).restarts(1).batchRows(23).build();
        List<AttackResult> grid = FixedConstantGrid.attack(backend, problem, config, constants, AttackProgress.NONE);
        assertEquals(4, grid.size());
        for (int k = 0; k < constants.length; k++) {
            AttackResult alone = CarliniWagnerL2.attack(backend, problem,
                    config.toBuilder().initialConst(constants[k]).build());
            assertArrayEquals(alone.distortion(), grid.get(k).distortion());
            assertArrayEquals(alone.adversarial().data(), grid.get(k).adversarial().data());
            assertArrayEquals(alone.constants(), grid.get(k).constants());
            assertArrayEquals(alone.iterations(), grid.get(k).iterations());
            assertArrayEquals(alone.success(), grid.get(k).success());
        }
        assertTrue(grid.getFirst().summary().rawSuccess() < grid.getLast().summary().rawSuccess());
    }

    @Test
    void calibrationFindsTheConstantThatBreaksHalfThePairs() {
        // z = w·x with ‖w‖ = 1 and z₀ = 0.1, 0.2, …, 1: pair i gives way from c = 2·z₀ on, so half of them
        // at c in [1, 1.2).
        Tensor x = Tensor.zeros(10, 2);
        for (int i = 0; i < 10; i++) {
            x.set((i + 1) / 10f, i, 0);
        }
        AttackProblem problem = AttackProblem.of(new Linear(new float[] {1, 0}, 0), x, Box.unit(2), columns(0, 2));
        AttackConfig slow = AttackConfig.paper(1).toBuilder().box(BoxMethod.NONE).learningRate(2e-3f).build();
        Calibration half = Calibration.calibrate(backend, problem, slow, 0.5, 1e-2f, 100);
        assertEquals(0.5, half.rawSuccess());
        assertTrue(half.constant() > 0.97 && half.constant() < 1.2, half.toString());
        assertEquals(0.5, CarliniWagnerL2.attack(backend, problem, slow.toBuilder().initialConst(half.constant()).build())
                .summary().rawSuccess());
        // Nearest where the rate itself cannot be met: 0.33 of ten pairs.
        assertEquals(0.3, Calibration.calibrate(backend, problem, slow, 0.33, 1e-2f, 100).rawSuccess());
        assertRefused("raw success is 0.0 at c = 0.01 and 0.4", () ->
                Calibration.calibrate(backend, problem, slow, 0.5, 1e-2f, 0.9f));
        assertRefused("expected a rate in [0, 1]", () -> Calibration.calibrate(backend, problem, slow, 1.5, 1e-2f, 100));
        assertRefused("0 pairs", () -> Calibration.calibrate(backend, problem.select(), slow, 0.5, 1e-2f, 100));
    }

    @Test
    void aGridIsOfFixedConstants() {
        AttackProblem problem = reluProblem(2, 3, 3, 1);
        assertRefused("binarySearchSteps = 1; got 9", () -> FixedConstantGrid.attack(backend, problem, AttackConfig.strong(),
                new float[] {1}, AttackProgress.NONE));
        assertRefused("positive and finite; got 0.0", () -> FixedConstantGrid.attack(backend, problem, AttackConfig.paper(1),
                new float[] {1, 0}, AttackProgress.NONE));
    }

    private static void assertRefused(String expected, Executable action) {
        String message = assertThrows(IllegalArgumentException.class, action).getMessage();
        assertTrue(message.contains(expected), message);
    }
}
