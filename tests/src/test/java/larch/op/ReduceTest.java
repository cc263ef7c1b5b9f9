package larch.op;

import static larch.gen.TestBackend.REFERENCE;
import static larch.op.MeanSquaredError.MEAN_SQUARED_ERROR;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.gen.TestBackend;
import larch.tensor.Axis;
import larch.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Values that can be computed by hand, and those of no elements at all.
class ReduceTest {
    private static final Tensor X = Tensor.matrix(new float[] {3, -4, 12}, new float[] {0, 4, 5});

    static Stream<TestBackend> backends() {
        return Stream.concat(Stream.of(new TestBackend("reference", 1, REFERENCE)), TestBackend.all(1).stream());
    }

    private static float[] value(TestBackend backend, Op op, Tensor... args) {
        Tape tape = Tape.inference(backend.backend());
        return tape.apply(op, Stream.of(args).map(tape::constant).toArray(Var[]::new)).value().toArray();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void foldsByHand(TestBackend backend) {
        assertArrayEquals(new float[] {3, 0, 17}, value(backend, Reduce.sum(Axis.ROWS), X));
        assertArrayEquals(new float[] {11, 9}, value(backend, Reduce.sum(Axis.COLUMNS), X));
        assertArrayEquals(new float[] {20}, value(backend, Reduce.sum(Axis.ALL), X));
        assertArrayEquals(new float[] {1.5f, 0, 8.5f}, value(backend, Reduce.mean(Axis.ROWS), X));
        assertArrayEquals(new float[] {11 / 3f, 3}, value(backend, Reduce.mean(Axis.COLUMNS), X), 1e-6f);
        assertArrayEquals(new float[] {12, 5}, value(backend, Reduce.max(Axis.COLUMNS), X));
        assertArrayEquals(new float[] {13, (float) Math.sqrt(41)}, value(backend, Reduce.l2Norm(Axis.COLUMNS), X), 1e-6f);
        backend.close();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void noElementsGiveTheIdentityAndNoMean(TestBackend backend) {
        Tensor none = Tensor.zeros(0, 2);
        assertArrayEquals(new float[] {0, 0}, value(backend, Reduce.sum(Axis.ROWS), none));
        assertArrayEquals(new float[] {Float.NaN, Float.NaN}, value(backend, Reduce.mean(Axis.ROWS), none));
        assertArrayEquals(new float[] {Float.NaN}, value(backend, Reduce.mean(Axis.ALL), none));
        assertArrayEquals(new float[] {Float.NaN, Float.NaN}, value(backend, Reduce.mean(Axis.COLUMNS), Tensor.zeros(2, 0)));
        assertArrayEquals(new float[] {Float.NEGATIVE_INFINITY}, value(backend, Reduce.max(Axis.ALL), none));
        assertArrayEquals(new float[] {0}, value(backend, Reduce.l2Norm(Axis.ALL), none));
        for (Op loss : List.of(MEAN_SQUARED_ERROR, new BinaryCrossEntropy(1), new SoftmaxCrossEntropy(1))) {
            assertArrayEquals(new float[] {Float.NaN}, value(backend, loss, none, none), loss.name());
        }
        backend.close();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void tiedMaximaShareTheGradient(TestBackend backend) {
        Tape tape = Tape.recording(backend.backend());
        Var x = tape.variable("x", Tensor.vector(1, 5, 5, 2));
        assertArrayEquals(new float[] {0, 0.5f, 0.5f, 0}, tape.backward(x.apply(Reduce.max(Axis.ALL))).of(x).toArray());
        backend.close();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void normOfZerosHasGradientZero(TestBackend backend) {
        Tape tape = Tape.recording(backend.backend());
        Var x = tape.variable("x", Tensor.zeros(3));
        assertArrayEquals(new float[3], tape.backward(x.apply(Reduce.l2Norm(Axis.ALL))).of(x).toArray());
        assertEquals("l2_norm_all", Reduce.l2Norm(Axis.ALL).name());
        backend.close();
    }
}
