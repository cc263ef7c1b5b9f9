package larch.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import larch.autodiff.Gradients;
import larch.autodiff.Parameter;
import larch.autodiff.Tape;
import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.gen.TestBackend;
import larch.opencl.OpenClMachine;
import larch.opencl.backend.OpenClBackend;
import larch.tensor.HostBuffer;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SgdTest {
    private final Backend backend = new ReferenceBackend();
    private final Parameter w = new Parameter("w", Tensor.vector(1, -2));

    private Gradients gradient(Parameter parameter, float... values) {
        Tape tape = Tape.recording(backend);
        return tape.backward(tape.parameter(parameter), Tensor.vector(values));
    }

    @Test
    void aConstantGradientHasAClosedForm() {
        // u_t = g·(1 − μᵗ)/(1 − μ), so w_n = w_0 − lr·g·(n − μ·(1 − μⁿ)/(1 − μ))/(1 − μ).
        double mu = 0.75;
        int n = 12;
        try (Sgd sgd = new Sgd(backend, List.of(w), 0.125f, (float) mu)) {
            for (int i = 0; i < n; i++) {
                sgd.step(gradient(w, 1, -0.5f));
            }
            double travelled = 0.125 * (n - mu * (1 - Math.pow(mu, n)) / (1 - mu)) / (1 - mu);
            assertArrayEquals(new float[] {(float) (1 - travelled), (float) (-2 + travelled / 2)}, w.value().toArray(),
                    1e-5f);
            assertEquals(n, sgd.steps());
        }
    }

    @Test
    void withoutMomentumItIsPlainDescent() {
        try (Sgd sgd = new Sgd(backend, List.of(w), 0.5f, 0)) {
            sgd.step(gradient(w, 1, 2));
            assertArrayEquals(new float[] {0.5f, -3}, w.value().toArray());
        }
    }

    @Test
    void gatheredTablesAreUpdatedDensely() {
        Parameter table = new Parameter("table", Tensor.zeros(3, 1));
        try (Sgd sgd = new Sgd(backend, List.of(table), 1, 0.5f)) {
            for (int i = 0; i < 2; i++) {
                Tape tape = Tape.recording(backend);
                sgd.step(tape.backward(tape.rows(table, new int[] {i, i}), Tensor.full(1, 2, 1)));
            }
            // Row 0: 2, then half of its velocity; row 1: 2 in the second step.
            assertArrayEquals(new float[] {-3, -2, 0}, table.value().toArray());
        }
    }

    @Test
    void unusedParametersRest() {
        Parameter unused = new Parameter("unused", Tensor.vector(7));
        try (Sgd sgd = new Sgd(backend, List.of(w, unused), 1, 0.5f)) {
            sgd.step(gradient(unused, 1));
            sgd.step(gradient(w, 1, 1));
            assertArrayEquals(new float[] {6}, unused.value().toArray());
        }
    }

    @Test
    void aRestoredStateGoesOnWithTheSameBits() {
        Parameter copy = new Parameter("w", Tensor.zeros(2));
        try (Sgd first = new Sgd(backend, List.of(w), 0.1f, 0.9f); Sgd second = new Sgd(backend, List.of(copy), 0.1f, 0.9f)) {
            first.step(gradient(w, 0.3f, 0.7f));
            System.arraycopy(w.value().data(), 0, copy.storage().data(), 0, 2);
            second.restore(first.steps(), Map.of("sgd/velocity/w", first.state().get("sgd/velocity/w").copy()));
            for (int i = 0; i < 5; i++) {
                first.step(gradient(w, i, -i));
                second.step(gradient(copy, i, -i));
            }
            assertArrayEquals(w.value().toArray(), copy.value().toArray());
            assertEquals(first.steps(), second.steps());
        }
    }

    static List<TestBackend> backends() {
        return TestBackend.all(2);
    }

    /// Numbers of few binary digits, so that no step is rounded and all backends have the same bits.
    @ParameterizedTest
    @MethodSource("backends")
    void everyBackendDescendsAlikeAndGoesOnFromASavedState(TestBackend tested) {
        float[] expected = descend(backend, false);
        try (tested) {
            assertArrayEquals(expected, descend(tested.backend(), false));
            assertArrayEquals(expected, descend(tested.backend(), true));
        }
    }

    private static float[] descend(Backend backend, boolean savesAndRestores) {
        Parameter table = new Parameter("table", Tensor.full(0.125f, 19, 3));
        table.place(backend);
        Sgd sgd = new Sgd(backend, List.of(table), 0.25f, 0.5f);
        for (int step = 0; step < 4; step++) {
            if (savesAndRestores && step == 2) {
                Map<String, Tensor> saved = sgd.state();
                saved.values().forEach(velocity -> assertInstanceOf(HostBuffer.class, velocity.buffer()));
                Sgd next = new Sgd(backend, List.of(table), 0.25f, 0.5f);
                next.restore(sgd.steps(), saved);
                sgd = next;
            }
            Tape tape = Tape.recording(backend);
            Tensor cotangent = Tensor.full(1 + step, 3, 3);
            sgd.step(tape.backward(tape.rows(table, new int[] {step, 18, 18}), cotangent));
        }
        return table.value().toArray();
    }

    /// What lies on the heap would travel to the device and back in every step.
    @Test
    @Tag("opencl")
    void velocitiesLieOnTheDevice() {
        try (OpenClBackend device = new OpenClBackend(OpenClMachine.devices().at(0), false)) {
            Sgd sgd = new Sgd(device, List.of(w), 0.5f, 0.5f);
            assertEquals(2, device.liveBlocks(), "the velocity and the learning rate");
            assertArrayEquals(new float[2], sgd.state().get("sgd/velocity/w").toArray());
        }
    }

    @Test
    void settingsAreChecked() {
        assertEquals("sgd: expected learning rate > 0 and momentum in [0,1), got 0.0 and 0.5",
                assertThrows(IllegalArgumentException.class, () -> new Sgd(backend, List.of(w), 0, 0.5f)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Sgd(backend, List.of(w), 0.1f, 1));
    }
}
