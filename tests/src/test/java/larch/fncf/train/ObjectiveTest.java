package larch.fncf.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import larch.autodiff.Gradients;
import larch.autodiff.Parameter;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.fncf.Fixtures;
import larch.fncf.model.Fncf;
import larch.fncf.model.Layer;
import larch.fncf.model.Noise;
import larch.op.BinaryCrossEntropy;
import larch.op.SoftmaxCrossEntropy;
import larch.random.Rng;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ObjectiveTest {
    private static final int[] USERS = {0, 1, 2, 3};
    private static final int[] ITEMS = {5, 6, 7, 8};
    private static final Tensor LABELS = Tensor.of(Shape.of(4, 1), 1, 0, 1, 0);

    private final Backend backend = new ReferenceBackend();

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private double binaryCrossEntropy(double z, double t, float temperature) {
        Tape tape = Tape.recording(backend);
        return tape.constant(Tensor.vector((float) z)).apply(new BinaryCrossEntropy(temperature),
                tape.constant(Tensor.vector((float) t))).value().item();
    }

    @Property(tries = 60)
    void oneLogitIsTwoClassSoftmax(@ForAll @DoubleRange(min = -20, max = 20) double z,
                                   @ForAll @DoubleRange(min = 0, max = 1) double t) {
        Tape tape = Tape.recording(backend);
        double twoClass = tape.constant(Tensor.matrix(new float[] {0, (float) z})).apply(new SoftmaxCrossEntropy(10),
                tape.constant(Tensor.matrix(new float[] {(float) (1 - t), (float) t}))).value().item();
        assertEquals(twoClass, binaryCrossEntropy(z, t, 10), 1e-5);
    }

    @Property(tries = 60)
    void distillationIsLeastWhereStudentEqualsTeacher(@ForAll @DoubleRange(min = -15, max = 15) double teacher,
                                                      @ForAll @DoubleRange(min = 0.5, max = 10) double distance) {
        double target = sigmoid(teacher / 10);
        double least = binaryCrossEntropy(teacher, target, 10);
        assertTrue(least < binaryCrossEntropy(teacher + distance, target, 10));
        assertTrue(least < binaryCrossEntropy(teacher - distance, target, 10));
    }

    @Property(tries = 60)
    void distillationGradientIsTheDifferenceOfProbabilities(@ForAll @DoubleRange(min = -15, max = 15) double teacher,
                                                            @ForAll @DoubleRange(min = -15, max = 15) double student) {
        Tape tape = Tape.recording(backend);
        Var z = tape.variable("z", Tensor.vector((float) student));
        Var loss = z.apply(new BinaryCrossEntropy(10), tape.constant(Tensor.vector((float) sigmoid(teacher / 10))));
        float gradient = tape.backward(loss).of(z).item();
        assertEquals((sigmoid(student / 10) - sigmoid(teacher / 10)) / 10, gradient, 1e-7);
    }

    @Test
    void hintOfATeacherToItselfThroughAnIdentityIsZero() {
        Fncf teacher = new Fncf(Fixtures.sizes(8), Fixtures.FEATURES, Rng.of(1));
        Objective objective = new Objective(new Stage.Hint(Layer.HIDDEN1, 1), teacher, teacher, backend, Rng.of(2));
        Parameter regressor = objective.parameters().stream().filter(p -> p.name().equals("regressor/weight")).findFirst().orElseThrow();
        int width = regressor.value().dim(0);
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < width; j++) {
                regressor.value().set(i == j ? 1 : 0, i, j);
            }
        }
        float loss = objective.loss(Tape.recording(backend), USERS, ITEMS, LABELS, Noise.NONE).value().item();
        assertEquals(0, loss, 1e-12);
    }

    @Test
    void hintIsHalfTheSquaresSummedOverUnitsAndAveragedOverTheBatch() {
        Fncf teacher = new Fncf(Fixtures.sizes(8), Fixtures.FEATURES, Rng.of(1));
        Fncf student = new Fncf(Fixtures.sizes(4), Fixtures.FEATURES, Rng.of(2));
        Objective objective = new Objective(new Stage.Hint(Layer.HIDDEN2, 1), student, teacher, backend, Rng.of(3));
        objective.parameters().stream().filter(p -> p.name().startsWith("regressor/"))
                .forEach(p -> Arrays.fill(p.value().data(), 0));
        Tensor hint = teacher.forward(Tape.inference(backend), USERS, ITEMS, Noise.NONE, Layer.HIDDEN2).value();
        double squares = 0;
        for (float h : hint.toArray()) {
            squares += (double) h * h;
        }
        assertTrue(squares > 0, "the hint is not all zero");
        float loss = objective.loss(Tape.recording(backend), USERS, ITEMS, LABELS, Noise.NONE).value().item();
        assertEquals(0.5 * squares / USERS.length, loss, 1e-5 * squares);
    }

    @Test
    void noGradientReachesTheTeacher() {
        Fncf teacher = new Fncf(Fixtures.sizes(8), Fixtures.FEATURES, Rng.of(1));
        Fncf student = new Fncf(Fixtures.sizes(4), Fixtures.FEATURES, Rng.of(2));
        for (Stage stage : new Stage[] {new Stage.Hint(Layer.CONCAT, 1), new Stage.Hint(Layer.HIDDEN1, 1), new Stage.Distillation(10, 1)}) {
            Objective objective = new Objective(stage, student, teacher, backend, Rng.of(3));
            Tape tape = Tape.recording(backend);
            Gradients gradients = tape.backward(objective.loss(tape, USERS, ITEMS, LABELS, Noise.NONE));
            objective.parameters().forEach(p -> assertTrue(gradients.has(p), stage.name() + " trains " + p.name()));
            teacher.parameters().forEach(p -> assertTrue(!gradients.has(p), stage.name() + " leaves " + p.name()));
        }
    }

    @Test
    void aStageWithoutItsTeacherIsRefused() {
        Fncf student = new Fncf(Fixtures.sizes(4), Fixtures.FEATURES, Rng.of(2));
        var error = assertThrows(IllegalArgumentException.class,
                () -> new Objective(new Stage.Distillation(10, 1), student, null, backend, Rng.of(1)));
        assertEquals("stage distillation T=10.0: needs a trained teacher, got none", error.getMessage());
    }
}
