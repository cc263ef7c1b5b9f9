package larch.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import larch.autodiff.Gradients;
import larch.autodiff.Parameter;
import larch.autodiff.Tape;
import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Test;

class AdamTest {
    private final Backend backend = new ReferenceBackend();
    private final Parameter table = new Parameter("table",
            Tensor.matrix(new float[] {1, -2}, new float[] {0.5f, 3}, new float[] {4, 5}));

    private Adam adam(Adam.Rows rows, Parameter... parameters) {
        return new Adam(backend, List.of(parameters), Adam.Settings.DEFAULT.withLearningRate(0.1f).withRows(rows));
    }

    private Gradients gatheredGradient(Parameter parameter, int row, float... values) {
        Tape tape = Tape.recording(backend);
        return tape.backward(tape.rows(parameter, new int[] {row}), Tensor.matrix(values));
    }

    private Gradients denseGradient(Parameter parameter, Tensor gradient) {
        Tape tape = Tape.recording(backend);
        return tape.backward(tape.parameter(parameter), gradient);
    }

    @Test
    void theFirstStepIsTheLearningRateAgainstTheSignOfTheGradient() {
        try (Adam adam = adam(Adam.Rows.DENSE, table)) {
            adam.step(denseGradient(table, Tensor.matrix(new float[] {3, -5}, new float[] {0, 0.5f}, new float[] {-70, 2})));
            assertArrayEquals(new float[] {0.9f, -1.9f, 0.5f, 2.9f, 4.1f, 4.9f}, table.value().toArray(), 1e-4f);
            assertEquals(1, adam.steps());
        }
    }

    @Test
    void denseParametersFollowPlainAdam() {
        Adam.Settings settings = Adam.Settings.DEFAULT.withLearningRate(0.1f);
        PlainAdam plain = new PlainAdam(settings, table.value().toArray());
        try (Adam adam = adam(Adam.Rows.DENSE, table)) {
            for (int step = 0; step < 200; step++) {
                float[] gradient = new float[6];
                for (int i = 0; i < 6; i++) {
                    gradient[i] = (float) Math.sin(step * (i + 1)) / (1 + i * i);
                }
                adam.step(denseGradient(table, Tensor.of(table.storage().shape(), gradient)));
                plain.step(gradient);
            }
            for (int i = 0; i < 6; i++) {
                assertEquals(plain.w[i], table.value().data()[i], 1e-6 * plain.path[i] + 100 * Math.ulp(6f));
            }
        }
    }

    @Test
    void gatheredAndDenseStepsMix() {
        Adam.Settings settings = Adam.Settings.DEFAULT.withLearningRate(0.1f);
        PlainAdam plain = new PlainAdam(settings, table.value().toArray());
        try (Adam adam = adam(Adam.Rows.DENSE, table)) {
            for (int step = 0; step < 60; step++) {
                float[] gradient = new float[6];
                if (step % 7 == 3) {
                    Arrays.fill(gradient, 0.25f * (step - 20));
                    adam.step(denseGradient(table, Tensor.of(table.storage().shape(), gradient)));
                } else {
                    int row = step % 2;
                    gradient[2 * row] = 1;
                    gradient[2 * row + 1] = -step;
                    adam.step(gatheredGradient(table, row, 1, -step));
                }
                plain.step(gradient);
            }
            for (int i = 0; i < 6; i++) {
                assertEquals(plain.w[i], table.value().data()[i], 1e-5 * plain.path[i] + 60 * Math.ulp(8f));
            }
        }
    }

    @Test
    void parametersThatTheLossDoesNotDependOnStayAsTheyAre() {
        Parameter other = new Parameter("other", Tensor.vector(1));
        try (Adam adam = adam(Adam.Rows.DENSE, table, other)) {
            adam.step(gatheredGradient(table, 1, 1, 1));
            float[] before = table.value().toArray();
            for (int i = 0; i < 5; i++) {
                adam.step(denseGradient(other, Tensor.vector(1)));
            }
            assertArrayEquals(before, table.value().toArray(), "a gathered table rests like any other parameter");
            adam.step(gatheredGradient(table, 0, 1, 1));
            assertFalse(Arrays.equals(Arrays.copyOfRange(before, 2, 4), Arrays.copyOfRange(table.value().toArray(), 2, 4)),
                    "and goes on drifting when the table is used again");
        }
    }

    @Test
    void lazyRowsRestUntilTheirNextGradient() {
        Parameter twin = new Parameter("table", table.storage().copy());
        try (Adam lazy = adam(Adam.Rows.LAZY, table); Adam dense = adam(Adam.Rows.DENSE, twin)) {
            lazy.step(gatheredGradient(table, 1, 1, -1));
            dense.step(gatheredGradient(twin, 1, 1, -1));
            assertArrayEquals(twin.value().toArray(), table.value().toArray(), "the first step is the same");
            float[] rested = Arrays.copyOfRange(table.value().toArray(), 2, 4);
            float[] moment = lazy.state().get("adam/m/table").toArray();
            for (int i = 0; i < 9; i++) {
                lazy.step(gatheredGradient(table, 0, 1, -1));
                dense.step(gatheredGradient(twin, 0, 1, -1));
            }
            assertArrayEquals(rested, Arrays.copyOfRange(table.value().toArray(), 2, 4));
            assertArrayEquals(Arrays.copyOfRange(moment, 2, 4),
                    Arrays.copyOfRange(lazy.state().get("adam/m/table").toArray(), 2, 4));
            // Under dense semantics the first gradient of 1 goes on pushing: by 0.1·Σ 0.9ʲ in the limit, a bit less here.
            assertEquals(rested[0] - 0.3f, twin.value().get(1, 0), 0.15f);
        }
    }

    @Test
    void aRestoredStateGoesOnWithTheSameBits() {
        Parameter copy = new Parameter("table", table.storage().copy());
        try (Adam first = adam(Adam.Rows.DENSE, table); Adam second = adam(Adam.Rows.DENSE, copy)) {
            for (int i = 0; i < 40; i++) {
                first.step(gatheredGradient(table, i % 7 == 0 ? 2 : i % 2, 0.1f * i, -1));
            }
            // The other one has a past of its own, which must not show.
            second.step(gatheredGradient(copy, 0, 5, 5));
            second.step(gatheredGradient(copy, 1, 5, 5));
            Map<String, Tensor> saved = new LinkedHashMap<>();
            first.state().forEach((name, tensor) -> saved.put(name, tensor.copy()));
            float[] weights = table.value().toArray();
            System.arraycopy(weights, 0, copy.storage().data(), 0, weights.length);
            second.restore(first.steps(), saved);
            assertArrayEquals(weights, copy.value().toArray());
            for (int i = 0; i < 40; i++) {
                first.step(gatheredGradient(table, i % 11 == 0 ? 2 : i % 2, 0.1f * i, 1));
                second.step(gatheredGradient(copy, i % 11 == 0 ? 2 : i % 2, 0.1f * i, 1));
            }
            assertArrayEquals(table.value().toArray(), copy.value().toArray());
            assertEquals(80, second.steps());
        }
    }

    @Test
    void closingBringsEveryRowUpToDateAndLetsGo() {
        Parameter twin = new Parameter("table", table.storage().copy());
        try (Adam read = adam(Adam.Rows.DENSE, twin)) {
            Adam closed = adam(Adam.Rows.DENSE, table);
            for (int i = 0; i < 4; i++) {
                closed.step(gatheredGradient(table, i == 0 ? 1 : 0, 1, 1));
                read.step(gatheredGradient(twin, i == 0 ? 1 : 0, 1, 1));
            }
            closed.close();
            assertArrayEquals(twin.value().toArray(), table.storage().toArray());
        }
    }

    @Test
    void stateOfAnotherModelIsRefused() {
        try (Adam adam = adam(Adam.Rows.DENSE, table)) {
            Map<String, Tensor> wrong = Map.of("adam/m/table", Tensor.zeros(3, 2), "adam/v/table", Tensor.zeros(2, 3));
            assertEquals("optimizer state: expected 'adam/v/table' with shape [3,2], got [2,3]; the checkpoint belongs to another model",
                    assertThrows(IllegalArgumentException.class, () -> adam.restore(1, wrong)).getMessage());
            assertEquals("optimizer state: expected 'adam/m/table' with shape [3,2], got nothing; the checkpoint belongs to another model",
                    assertThrows(IllegalArgumentException.class, () -> adam.restore(1, Map.of())).getMessage());
        }
    }

    @Test
    void settingsAreChecked() {
        assertEquals("adam: expected learning rate > 0, betas in [0,1) and epsilon > 0, got 0.0, 0.9, 0.999, 1.0E-7",
                assertThrows(IllegalArgumentException.class, () -> Adam.Settings.DEFAULT.withLearningRate(0)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Adam.Settings(0.1f, 1, 0.9f, 1e-7f, Adam.Rows.LAZY));
        assertThrows(IllegalArgumentException.class, () -> new Adam.Settings(0.1f, 0.9f, Float.NaN, 1e-7f, Adam.Rows.LAZY));
    }
}
