package larch.fncf.attack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import larch.autodiff.GradCheck;
import larch.autodiff.Tape;
import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.fncf.data.DataOptions;
import larch.fncf.data.Dataset;
import larch.fncf.data.Datasets;
import larch.fncf.data.FeatureTable;
import larch.fncf.data.Field;
import larch.fncf.model.Features;
import larch.fncf.model.FoldedFncf;
import larch.fncf.model.Fncf;
import larch.fncf.model.FncfConfig;
import larch.fncf.model.Layer;
import larch.fncf.model.Noise;
import larch.random.Draws;
import larch.random.Rng;
import larch.tensor.CsrMatrix;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// The attacked model against the network that it folds: the same weights, features of our choice.
class FoldedAttackModelTest {
    private static final FncfConfig SIZES = new FncfConfig(7, 9, 5, 4, 6);
    private static final HitPairs PAIRS = new HitPairs(new int[] {6, 0, 3, 3}, new int[] {2, 8, 0, 5});

    private final Backend backend = new ReferenceBackend();

    private static Tensor random(String stream, int rows, int cols) {
        Tensor table = Tensor.zeros(rows, cols);
        Draws draws = Rng.of(5).stream(stream).draws();
        for (int i = 0; i < table.size(); i++) {
            table.data()[i] = draws.nextInt(1025) / 1024f;
        }
        return table;
    }

    private static Features features(String version) {
        return new Features(random(version + "/users", 7, 5), random(version + "/items", 9, 4));
    }

    /// Networks of one seed have equal weights, whatever their features; large weights make ReLUs switch.
    private static Fncf network(Features features) {
        return network(features, 0);
    }

    private static Fncf network(Features features, float bias) {
        Fncf network = new Fncf(SIZES, features, Rng.of(3));
        network.parameters().forEach(parameter -> {
            Tensor weights = parameter.storage();
            for (int i = 0; i < weights.size(); i++) {
                weights.data()[i] = weights.data()[i] * 2 + (i % 3 - 1) / 8f
                        + (parameter.name().endsWith("bias") ? bias : 0);
            }
        });
        return network;
    }

    private float[] plainLogits(Features features, int... pairs) {
        int[] users = Arrays.stream(pairs).map(p -> PAIRS.users()[p]).toArray();
        int[] items = Arrays.stream(pairs).map(p -> PAIRS.items()[p]).toArray();
        return network(features).forward(Tape.inference(backend), users, items, Noise.NONE, Layer.LOGIT).value().toArray();
    }

    private FoldedAttackModel model() {
        return new FoldedAttackModel(new FoldedFncf(network(features("clean")), backend), PAIRS, backend);
    }

    private float[] foldedLogits(FoldedAttackModel model, Tensor x, int... pairs) {
        Tape tape = Tape.inference(backend);
        return model.logits(tape, tape.constant(x), pairs).value().toArray();
    }

    private static Tensor rowsOf(AttackProblem problem, int... rows) {
        return problem.select(rows).features();
    }

    @Test
    void cleanFeaturesGiveTheLogitsOfTheNetwork() {
        Features clean = features("clean");
        AttackProblem problem = model().problem(clean, AttackTarget.parse("user", table("a", 5), table("b", 4)));
        assertEquals(4, problem.size());
        assertArrayEquals(plainLogits(clean, 0, 1, 2, 3), foldedLogits(model(), problem.features(), 0, 1, 2, 3), 1e-5f);
    }

    @Test
    void changedFeaturesGiveTheLogitsOfTheNetworkWithThoseFeatures() {
        Features changed = features("changed");
        AttackProblem problem = model().problem(changed, AttackTarget.parse("user", table("a", 5), table("b", 4)));
        float[] expected = plainLogits(changed, 0, 1, 2, 3);
        assertArrayEquals(expected, foldedLogits(model(), problem.features(), 0, 1, 2, 3), 1e-5f);
        float largestChange = 0;
        float[] clean = plainLogits(features("clean"), 0, 1, 2, 3);
        for (int i = 0; i < expected.length; i++) {
            largestChange = Math.max(largestChange, Math.abs(expected[i] - clean[i]));
        }
        assertTrue(largestChange > 0.01f, "the features must matter for this test to mean something");
    }

    /// Rows leave an attack's batch when they are done, and restarts repeat them.
    @Test
    void rowsAreFoundByTheirPairNumber() {
        Features clean = features("clean");
        AttackProblem problem = model().problem(clean, AttackTarget.parse("user", table("a", 5), table("b", 4)));
        assertArrayEquals(plainLogits(clean, 3, 0, 3), foldedLogits(model(), rowsOf(problem, 3, 0, 3), 3, 0, 3), 1e-5f);
    }

    /// What stays fixed is multiplied out; the network must not notice, whichever columns are free, and for a model
    /// without such an override neither.
    @Test
    void aFunctionOfTheFreeColumnsIsTheNetworkWithTheOthersFixed() {
        int[] pairs = {3, 0, 3};
        AttackProblem problem = model().problem(features("clean"), AttackTarget.parse("user", table("a", 5), table("b", 4)));
        AttackedModel plain = new AttackModels.Function(9, (tape, x) -> model().logits(tape, x, pairs));
        for (int[] free : new int[][] {{0, 1, 2, 3, 4}, {5, 6, 7, 8}, {0, 1, 2, 3, 4, 5, 6, 7, 8}, {2, 7}}) {
            Tensor changed = rowsOf(problem, pairs).copy();
            Tensor columns = random("columns", pairs.length, free.length);
            for (int i = 0; i < pairs.length; i++) {
                for (int j = 0; j < free.length; j++) {
                    changed.set(columns.get(i, j), i, free[j]);
                }
            }
            float[] expected = foldedLogits(model(), changed, pairs);
            for (AttackedModel model : new AttackedModel[] {model(), plain}) {
                Tape tape = Tape.inference(backend);
                RowLogits logits = model.restrict(backend, rowsOf(problem, pairs), pairs, free);
                assertArrayEquals(expected, logits.of(tape, tape.constant(columns)).value().toArray(), 1e-5f);
            }
        }
    }

    /// With large biases every ReLU is open: a finite difference must not step over a kink.
    @Test
    void gradientsAreThoseOfTheFunction() {
        FoldedFncf open = new FoldedFncf(network(features("clean"), 8), backend);
        FoldedAttackModel model = new FoldedAttackModel(open, PAIRS, backend);
        Tensor x = model.problem(features("clean"), AttackTarget.parse("item", table("a", 5), table("b", 4))).features();
        GradCheck.Report report = GradCheck.check("folded attack model",
                vars -> model.logits(vars[0].tape(), vars[0], new int[] {0, 1, 2, 3}), x);
        assertTrue(report.passed(), report::toString);
    }

    @Test
    void targetsSelectColumns() {
        Dataset data = Datasets.open("embedded", DataOptions.defaults());
        int du = data.userFeatures().width();
        int width = du + data.itemFeatures().width();
        assertEquals(bits(0, du), columns(data, "user"));
        assertEquals(bits(du, width), columns(data, "item"));
        assertEquals(bits(0, width), columns(data, "user+item"));
        var age = data.userFeatures().field("age");
        var genre = data.itemFeatures().field("genre");
        assertEquals(bits(age.from(), age.to()), columns(data, "age"));
        BitSet both = bits(age.from(), age.to());
        both.or(bits(du + genre.from(), du + genre.to()));
        assertEquals(both, columns(data, "age + genre"));
    }

    @Test
    void anUnknownTargetIsRefusedWithTheNamesThatThereAre() {
        Dataset data = Datasets.open("embedded", DataOptions.defaults());
        for (String wrong : new String[] {"users", "", "age+", "user,item"}) {
            var error = assertThrows(IllegalArgumentException.class, () -> columns(data, wrong));
            assertTrue(error.getMessage().contains("[user, item, gender, age, occupation, genre, year]"), error::getMessage);
        }
    }

    private static BitSet columns(Dataset data, String target) {
        return AttackTarget.parse(target, data.userFeatures(), data.itemFeatures()).columns();
    }

    private static BitSet bits(int from, int to) {
        BitSet bits = new BitSet();
        bits.set(from, to);
        return bits;
    }

    private static FeatureTable table(String name, int width) {
        var labels = Collections.nCopies(width, "x");
        var field = new Field(name, Field.Kind.MULTI_HOT, 0, width, labels);
        return new FeatureTable(List.of(field),
                new CsrMatrix(0, width, new int[1], new int[0], new float[0]));
    }
}
