package larch.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import larch.autodiff.Gradients;
import larch.autodiff.Parameter;
import larch.autodiff.Tape;
import larch.backend.reference.ReferenceBackend;
import larch.op.Reduce;
import larch.random.Rng;
import larch.tensor.Axis;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Test;

class LayersTest {
    private static final Rng RNG = Rng.of(42);
    private static final Shape LARGE = Shape.of(300, 200);

    private static double deviation(Tensor tensor) {
        double sum = 0;
        for (float x : tensor.toArray()) {
            sum += (double) x * x;
        }
        return Math.sqrt(sum / tensor.size());
    }

    private static double largest(Tensor tensor) {
        double largest = 0;
        for (float x : tensor.toArray()) {
            largest = Math.max(largest, Math.abs(x));
        }
        return largest;
    }

    @Test
    void initialValuesHaveTheDocumentedSpread() {
        // 60,000 draws: the sample deviation is within 1% at five sigma; the largest uniform is within 0.1% of the bound.
        double glorot = Math.sqrt(6.0 / 500);
        Tensor uniform = Init.GLOROT_UNIFORM.draw(RNG.stream("a"), LARGE);
        assertEquals(glorot, largest(uniform), 1e-3 * glorot);
        assertTrue(largest(uniform) <= glorot);
        assertEquals(glorot / Math.sqrt(3), deviation(uniform), 0.01 * glorot);
        double lecun = Math.sqrt(3.0 / 300);
        assertEquals(lecun, largest(Init.LECUN_UNIFORM.draw(RNG.stream("b"), LARGE)), 1e-3 * lecun);
        double he = Math.sqrt(2.0 / 300);
        assertEquals(he, deviation(Init.HE_NORMAL.draw(RNG.stream("c"), LARGE)), 0.015 * he);
        assertEquals(0.25, deviation(Init.normal(0.25f).draw(RNG.stream("d"), LARGE)), 0.015 * 0.25);
        assertEquals(0, largest(Init.ZEROS.draw(RNG, LARGE)));
    }

    @Test
    void aLayerDrawsFromItsOwnStream() {
        float[] alone = Linear.create("fc", 3, 4, Init.HE_NORMAL, RNG).weight().value().toArray();
        Linear.create("other", 3, 4, Init.HE_NORMAL, RNG);
        assertArrayEquals(alone, Linear.create("fc", 3, 4, Init.HE_NORMAL, RNG).weight().value().toArray());
        assertFalse(Arrays.equals(alone, Linear.create("fc2", 3, 4, Init.HE_NORMAL, RNG).weight().value().toArray()));
    }

    @Test
    void linearIsXTimesWPlusB() {
        Linear layer = new Linear(new Parameter("w",
                Tensor.matrix(new float[] {1, 2}, new float[] {3, 4}, new float[] {5, 6})),
                new Parameter("b", Tensor.vector(10, 20)));
        Tape tape = Tape.recording(new ReferenceBackend());
        var y = layer.apply(tape.constant(Tensor.matrix(new float[] {1, 0, 2}, new float[] {0, 1, 0})));
        assertArrayEquals(new float[] {21, 34, 13, 24}, y.value().toArray());
        Gradients gradients = tape.backward(y.apply(Reduce.sum(Axis.ALL)));
        assertArrayEquals(new float[] {2, 2}, gradients.of(layer.bias()).toArray());
        assertArrayEquals(new float[] {1, 1, 1, 1, 2, 2}, gradients.of(layer.weight()).toArray());
        assertEquals(List.of(layer.weight(), layer.bias()), layer.parameters());
    }

    @Test
    void anEmbeddingLooksUpRows() {
        Embedding embedding = Embedding.create("items", 5, 3, Init.normal(1), RNG);
        Tape tape = Tape.recording(new ReferenceBackend());
        var rows = embedding.apply(tape, new int[] {4, 0, 4});
        float[] table = embedding.table().value().toArray();
        assertArrayEquals(Arrays.copyOfRange(table, 12, 15), rows.value().rows(2, 3).toArray());
        assertTrue(tape.backward(rows.apply(Reduce.sum(Axis.ALL))).isSparse(embedding.table()));
        assertEquals("items/table[5,3]", embedding.table().toString());
    }
}
