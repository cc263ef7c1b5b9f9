package larch.fncf.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import larch.backend.Backend;
import larch.fncf.Fixtures;
import larch.fncf.data.NegativeOptions;
import larch.fncf.data.TrainingEpoch;
import larch.fncf.model.Fncf;
import larch.fncf.model.Noise;
import larch.gen.TestBackend;
import larch.optim.Adam;
import larch.random.Rng;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// When the losses of steps are looked at, and what is found then.
class TrainingStepTest {
    private static final List<TestBackend> BACKENDS = TestBackend.all(2);
    private static final TrainingEpoch SAMPLES = new TrainingEpoch(Fixtures.SPLIT, NegativeOptions.defaults(), 1).fill(1);
    private static final int BATCH = 16;
    /// More than are kept before anybody looks.
    private static final int STEPS = 2 * Losses.ROWS + 7;

    static List<TestBackend> backends() {
        return BACKENDS;
    }

    @AfterAll
    static void close() {
        BACKENDS.forEach(TestBackend::close);
    }

    private static TrainingStep training(Backend backend, float learningRate) {
        Fncf model = new Fncf(Fixtures.sizes(8), Fixtures.FEATURES, Rng.of(2));
        return new TrainingStep(backend, new Stage.HardLabels(1, 1), model, null,
                Adam.Settings.DEFAULT.withLearningRate(learningRate), Rng.of(3), Noise.NONE);
    }

    /// Batches of two sizes share the losses.
    private static void step(TrainingStep training, int number) {
        int from = number * BATCH;
        training.run(SAMPLES, from, from + (number % 10 == 9 ? BATCH / 2 : BATCH));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void theMeanLossIsThatOfLossesReadOneByOne(TestBackend tested) {
        try (TrainingStep often = training(tested.backend(), 0.01f); TrainingStep rarely = training(tested.backend(), 0.01f)) {
            assertEquals(Double.NaN, rarely.drainLoss(), "no step, no loss");
            double sum = 0;
            for (int i = 0; i < STEPS; i++) {
                step(often, i);
                step(rarely, i);
                sum += often.drainLoss();
            }
            assertEquals(sum / STEPS, rarely.drainLoss(), 0, tested.label());
            assertEquals(Double.NaN, rarely.drainLoss(), "each loss counts once");
            step(often, STEPS);
            step(rarely, STEPS);
            assertEquals(often.drainLoss(), rarely.drainLoss(), 0, tested.label());
            assertTrue(sum > 0 && rarely.steps() == STEPS + 1);
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void aLossThatIsNoNumberIsNamedWithItsStep(TestBackend tested) {
        String message;
        try (TrainingStep careful = training(tested.backend(), 1e30f)) {
            message = assertThrows(TrainingException.class, () -> {
                for (int i = 0; i < Losses.ROWS; i++) {
                    step(careful, i);
                    careful.drainLoss();
                }
            }).getMessage();
        }
        assertTrue(message.matches("the loss is (NaN|-?Infinity) after \\d+ steps"), message);
        try (TrainingStep careless = training(tested.backend(), 1e30f)) {
            for (int i = 0; i < Losses.ROWS - 1; i++) {
                step(careless, i);
            }
            assertEquals(message, assertThrows(TrainingException.class, () -> step(careless, Losses.ROWS - 1)).getMessage());
            assertEquals(Losses.ROWS, careless.steps());
        }
        try (TrainingStep ended = training(tested.backend(), 1e30f)) {
            for (int i = 0; i < Losses.ROWS / 2; i++) {
                step(ended, i);
            }
            assertEquals(message, assertThrows(TrainingException.class, ended::drainLoss).getMessage());
        }
    }
}
