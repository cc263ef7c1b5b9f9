package larch.fncf.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import larch.autodiff.Parameter;
import larch.autodiff.Tape;
import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.fncf.Fixtures;
import larch.fncf.eval.Scorer;
import larch.nn.Linear;
import larch.random.Rng;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Test;

class FncfTest {
    private static final int[] USERS = {0, 3, 3, 17, 399};
    private static final int[] ITEMS = {4, 4, 0, 499, 250};

    private final Fncf model = trainedLooking(new Fncf(Fixtures.sizes(8), Fixtures.FEATURES, Rng.of(5)));

    // Fresh biases are zero and fresh embeddings tiny: both would hide mistakes of the algebra.
    private static Fncf trainedLooking(Fncf fresh) {
        for (Parameter p : fresh.parameters()) {
            float[] noise = new float[p.value().size()];
            Rng.of(9).stream(p.name()).normals(noise, 0, noise.length, 0);
            for (int i = 0; i < noise.length; i++) {
                p.value().data()[i] += 0.2f * noise[i];
            }
        }
        return fresh;
    }

    private Tensor logits(Backend backend, Noise noise) {
        return model.forward(Tape.inference(backend), USERS, ITEMS, noise, Layer.LOGIT).value();
    }

    @Test
    void hasTheWidthsOfTable1() {
        Tape tape = Tape.inference(new ReferenceBackend());
        for (Layer layer : Layer.values()) {
            assertEquals(Shape.of(USERS.length, layer.width(8)),
                    model.forward(tape, USERS, ITEMS, Noise.NONE, layer).shape(), layer.name());
        }
        assertEquals(List.of(32, 16, 8, 1), Arrays.stream(Layer.values()).map(l -> l.width(8)).toList());
    }

    @Test
    void foldedNetworkIsTheSameFunction() {
        Backend backend = new ReferenceBackend();
        FoldedFncf folded = new FoldedFncf(model, backend);
        Tape tape = Tape.inference(backend);
        for (Layer layer : EnumSet.of(Layer.HIDDEN1, Layer.HIDDEN2, Layer.LOGIT)) {
            Tensor plain = model.forward(tape, USERS, ITEMS, Noise.NONE, layer).value();
            Tensor fast = folded.forward(folded.preActivation(tape, USERS, ITEMS), layer).value();
            assertArrayEquals(plain.toArray(), fast.toArray(), 2e-5f, layer.name());
        }
        assertThrows(IllegalArgumentException.class,
                () -> folded.forward(folded.preActivation(tape, USERS, ITEMS), Layer.CONCAT));
    }

    @Test
    void scorerAgreesWithTheNetworkOnPairsAndOnAllItems() {
        try (Backend backend = Fixtures.simd(2)) {
            Scorer scorer = new Scorer(backend, new FoldedFncf(model, backend));
            float[] expected = logits(new ReferenceBackend(), Noise.NONE).toArray();
            for (int i = 0; i < USERS.length; i++) {
                assertEquals(expected[i], scorer.scoreAllItems(USERS[i])[ITEMS[i]], 1e-4f);
            }
            float[] all = scorer.scoreAllItems(3);
            float[] ownFeatures = Fixtures.DATASET.userFeatures().row(3);
            assertArrayEquals(all, scorer.scoreAllItemsWith(ownFeatures, 3), 1e-4f);
        }
    }

    @Test
    void backendsAgree() {
        try (Backend simd = Fixtures.simd(1)) {
            assertArrayEquals(logits(new ReferenceBackend(), Noise.NONE).toArray(), logits(simd, Noise.NONE).toArray(), 1e-5f);
        }
    }

    @Test
    void noiseOfSigmaZeroChangesNoBit() {
        Noise zero = new Noise(0, EnumSet.allOf(NoiseSite.class), Rng.of(3));
        assertArrayEquals(logits(new ReferenceBackend(), Noise.NONE).toArray(), logits(new ReferenceBackend(), zero).toArray(), 0);
    }

    @Test
    void everyNoiseSiteActsAndStepsDiffer() {
        float[] clean = logits(new ReferenceBackend(), Noise.NONE).toArray();
        for (NoiseSite site : NoiseSite.values()) {
            Noise here = new Noise(0.5f, EnumSet.of(site), Rng.of(3).stream("step", 1));
            float[] noisy = logits(new ReferenceBackend(), here).toArray();
            assertFalse(Arrays.equals(clean, noisy), site.name());
            assertArrayEquals(noisy, logits(new ReferenceBackend(), here).toArray(), 0, "one stream, one draw");
            Noise next = new Noise(0.5f, EnumSet.of(site), Rng.of(3).stream("step", 2));
            assertFalse(Arrays.equals(noisy, logits(new ReferenceBackend(), next).toArray()), site.name());
        }
    }

    @Test
    void noiseAveragesOutOverALinearLayer() {
        Linear layer = Linear.create("layer", 4, 3, (stream, shape) -> {
            Tensor w = Tensor.zeros(shape);
            stream.normals(w.data(), 0, w.size(), 0);
            return w;
        }, Rng.of(2));
        Tensor x = Tensor.of(Shape.of(1, 4), 0.5f, -1, 0.25f, 2);
        int draws = 20_000;
        double[] sum = new double[3];
        double[] squares = new double[3];
        Backend backend = new ReferenceBackend();
        float[] clean = layer.apply(Tape.inference(backend).constant(x)).value().toArray();
        for (int i = 0; i < draws; i++) {
            Noise noise = new Noise(0.3f, EnumSet.of(NoiseSite.FC1), Rng.of(4).stream("step", i));
            Tape tape = Tape.inference(backend);
            float[] y = layer.apply(noise.apply(NoiseSite.FC1, tape.constant(x))).value().toArray();
            for (int j = 0; j < 3; j++) {
                sum[j] += y[j] - clean[j];
                squares[j] += (y[j] - clean[j]) * (y[j] - clean[j]);
            }
        }
        for (int j = 0; j < 3; j++) {
            double variance = 0;
            for (int i = 0; i < 4; i++) {
                variance += 0.09 * layer.weight().value().get(i, j) * layer.weight().value().get(i, j);
            }
            double fiveSigma = 5 * Math.sqrt(variance / draws);
            assertEquals(0, sum[j] / draws, fiveSigma);
            assertEquals(variance, squares[j] / draws, 0.05 * variance);
        }
    }

    @Test
    void aHintTrainsWhatLiesBelowIt() {
        List<String> below = model.parametersUpTo(Layer.HIDDEN1).stream().map(Parameter::name).toList();
        assertTrue(below.containsAll(List.of("user_id/table", "item_side/bias", "fc1/weight")));
        assertFalse(below.contains("fc2/weight"));
        assertEquals(12, model.parameters().size());
    }
}
