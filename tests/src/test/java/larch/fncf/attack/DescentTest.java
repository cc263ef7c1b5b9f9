package larch.fncf.attack;

import static larch.fncf.attack.AttackModels.columns;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import larch.fncf.attack.AttackModels.Linear;
import larch.gen.TestBackend;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// How many steps a descent takes, and when it looks.
class DescentTest {
    private static final List<TestBackend> BACKENDS = TestBackend.all(2);

    static List<TestBackend> backends() {
        return BACKENDS;
    }

    @AfterAll
    static void close() {
        BACKENDS.forEach(TestBackend::close);
    }

    /// One row succeeds at every look, one at none.
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void stepsAreCountedToTheLookAfterTheLast(TestBackend tested) {
        Tensor x = Tensor.matrix(new float[] {0.25f, 0}, new float[] {1, 9});
        AttackProblem problem = AttackProblem.of(new Linear(new float[] {1, 1}, -0.5f), x, Box.unit(2), columns(0, 1));
        for (int iterations : new int[] {1, 2, 9, 25, 100}) {
            AttackConfig config = AttackConfig.strong().toBuilder().maxIterations(iterations).abortEarly(false).build();
            Descent descent = new Descent(tested.backend(), problem, config);
            int interval = Descent.interval(config);
            double[] checks = IntStream.range(0, iterations).filter(i -> i % interval == 0)
                    .mapToDouble(i -> (double) i / iterations).toArray();
            // A descent that is run again begins with the first step width.
            for (int again = 0; again < 2; again++) {
                List<Double> seen = new ArrayList<>();
                Descent.Outcome outcome = descent.run(new int[] {0, 1}, new float[] {1, 1}, problem.free(x), seen::add);
                assertArrayEquals(new int[] {iterations, iterations}, outcome.steps(), tested.label());
                assertArrayEquals(new int[] {iterations, -1}, outcome.lastSuccess(), tested.label());
                assertEquals(Float.POSITIVE_INFINITY, outcome.squaredDistance()[1]);
                assertArrayEquals(checks, seen.stream().mapToDouble(Double::doubleValue).toArray());
            }
        }
    }
}
