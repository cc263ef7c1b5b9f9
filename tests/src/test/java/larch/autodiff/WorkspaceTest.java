package larch.autodiff;

import static larch.op.Elementwise.RELU;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import larch.gen.TestBackend;
import larch.nn.Embedding;
import larch.nn.Init;
import larch.nn.Linear;
import larch.op.Dropout;
import larch.op.Softmax;
import larch.op.SoftmaxCrossEntropy;
import larch.optim.Sgd;
import larch.random.Rng;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// Memory that is used again must not change what is computed.
class WorkspaceTest {
    private static final int[] BATCHES = {5, 5, 3, 8, 1, 8, 2};

    private static List<float[]> train(TestBackend backend, Workspace workspace) {
        Rng rng = Rng.of(3);
        Embedding items = Embedding.create("items", 10, 6, Init.normal(0.5f), rng);
        Linear first = Linear.create("first", 6, 7, Init.HE_NORMAL, rng);
        Linear second = Linear.create("second", 7, 3, Init.GLOROT_UNIFORM, rng);
        List<Parameter> parameters = new ArrayList<>(items.parameters());
        parameters.addAll(first.parameters());
        parameters.addAll(second.parameters());
        Sgd sgd = new Sgd(backend.backend(), parameters, 0.1f, 0.5f);
        List<float[]> seen = new ArrayList<>();
        for (int step = 0; step < BATCHES.length; step++) {
            int[] indices = new int[BATCHES[step]];
            for (int i = 0; i < indices.length; i++) {
                indices[i] = (7 * i + step) % 10;
            }
            Tape tape = workspace == null ? Tape.recording(backend.backend()) : Tape.recording(backend.backend(), workspace);
            Var hidden = first.apply(items.apply(tape, indices)).apply(RELU)
                    .apply(new Dropout(rng.stream("drop", step), 0.25f));
            Var logits = second.apply(hidden);
            Tensor targets = Tensor.full(1 / 3f, BATCHES[step], 3);
            Var loss = logits.apply(new SoftmaxCrossEntropy(2), tape.constant(targets));
            seen.add(logits.apply(new Softmax(1)).value().toArray());
            seen.add(loss.value().toArray());
            sgd.step(tape.backward(loss));
        }
        parameters.forEach(p -> seen.add(p.value().toArray()));
        return seen;
    }

    @Test
    void severalStepsOfChangingShapesGiveTheBitsOfFreshMemory() {
        try (TestBackend backend = TestBackend.simd(2, 256)) {
            List<float[]> fresh = train(backend, null);
            List<float[]> again = train(backend, new Workspace());
            assertEquals(fresh.size(), again.size());
            for (int i = 0; i < fresh.size(); i++) {
                assertArrayEquals(fresh.get(i), again.get(i), "value " + i);
            }
        }
    }

    @Test
    void theSameSizesGetTheSameArrays() {
        Workspace workspace = new Workspace();
        Tensor first = workspace.take(TestBackend.REFERENCE, Shape.of(2, 3));
        Tensor second = workspace.take(TestBackend.REFERENCE, Shape.of(4));
        workspace.reset();
        assertSame(first.data(), workspace.take(TestBackend.REFERENCE, Shape.of(6)).data());
        assertSame(second.data(), workspace.take(TestBackend.REFERENCE, Shape.of(2, 1)).data(), "a smaller tensor fits too");
        workspace.reset();
        assertEquals(7, workspace.take(TestBackend.REFERENCE, Shape.of(7)).size(), "a larger one gets a new array");
    }
}
