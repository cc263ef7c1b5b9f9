package larch.autodiff;

import static larch.op.Elementwise.TANH;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import larch.gen.TestBackend;
import larch.nn.Init;
import larch.nn.Linear;
import larch.op.BinaryCrossEntropy;
import larch.optim.Adam;
import larch.random.Rng;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// The whole machine at once: a small net must be able to learn one batch by heart.
class OverfitOneBatchTest {
    @Test
    void twoLayersLearnExclusiveOr() {
        Tensor x = Tensor.matrix(new float[] {0, 0}, new float[] {0, 1}, new float[] {1, 0}, new float[] {1, 1});
        Tensor targets = Tensor.matrix(new float[] {0}, new float[] {1}, new float[] {1}, new float[] {0});
        Rng rng = Rng.of(1);
        Linear first = Linear.create("first", 2, 8, Init.GLOROT_UNIFORM, rng);
        Linear second = Linear.create("second", 8, 1, Init.GLOROT_UNIFORM, rng);
        List<Parameter> parameters = Stream.of(first, second).flatMap(layer -> layer.parameters().stream()).toList();
        try (TestBackend simd = TestBackend.simd(1, 256);
                Adam adam = new Adam(simd.backend(), parameters, Adam.Settings.DEFAULT.withLearningRate(0.05f))) {
            Workspace workspace = new Workspace();
            float loss = Float.NaN;
            for (int step = 0; step < 300; step++) {
                Tape tape = Tape.recording(simd.backend(), workspace);
                Var logits = second.apply(first.apply(tape.constant(x)).apply(TANH));
                Var value = logits.apply(new BinaryCrossEntropy(1), tape.constant(targets));
                loss = value.value().item();
                adam.step(tape.backward(value));
            }
            float last = loss;
            assertTrue(last < 0.01f, () -> "loss after 300 steps: " + last);
        }
    }
}
