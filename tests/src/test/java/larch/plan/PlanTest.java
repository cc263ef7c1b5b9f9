package larch.plan;

import static larch.op.Elementwise.ADD;
import static larch.op.Elementwise.RELU;
import static larch.op.MatMul.MATMUL;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import larch.autodiff.Parameter;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.RowSelection;
import larch.backend.reference.ReferenceBackend;
import larch.backend.simd.SimdBackend;
import larch.expr.Expr;
import larch.op.BinaryCrossEntropy;
import larch.op.GaussianNoise;
import larch.optim.Adam;
import larch.random.Rng;
import larch.tensor.Shape;
import larch.tensor.ShapeException;
import larch.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {
    private static final int ROWS = 7;
    private static final int STEPS = 12;

    static List<Backend> backends() {
        return List.of(new ReferenceBackend(), new SimdBackend(new BackendOptions(1, 256)),
                new SimdBackend(new BackendOptions(2, 128)));
    }

    /// A small network with a gathered table, noise, and input arrays that are filled anew for each step.
    private static final class Training {
        private final Backend backend;
        private final Parameter table = new Parameter("table", random("table", ROWS, 5));
        private final Parameter weight = new Parameter("weight", random("weight", 5, 33));
        private final Parameter bias = new Parameter("bias", random("bias", 33));
        private final Parameter out = new Parameter("out", random("out", 33, 1));
        private final Adam adam;
        private final int[] rows;
        private final Tensor labels;
        private final Rng noise;
        private long step;
        private Tensor loss;

        Training(Backend backend, int batch) {
            this.backend = backend;
            rows = new int[batch];
            labels = Tensor.zeros(batch, 1);
            noise = Rng.of(1).stream("noise", () -> step);
            adam = new Adam(backend, List.of(table, weight, bias, out), Adam.Settings.DEFAULT.withLearningRate(0.05f));
        }

        private static Tensor random(String name, int... dims) {
            Tensor tensor = Tensor.zeros(dims);
            Rng.of(5).stream(name).normals(tensor.data(), 0, tensor.size(), 0);
            return tensor;
        }

        void fill() {
            var draws = Rng.of(3).stream("batch", step).draws();
            for (int i = 0; i < rows.length; i++) {
                rows[i] = draws.nextInt(ROWS - (int) (step % 3));
                labels.data()[i] = draws.nextInt(2);
            }
        }

        void compute(Backend with) {
            Tape tape = Tape.recording(with);
            Var hidden = tape.rows(table, rows).apply(MATMUL, tape.parameter(weight)).apply(ADD, tape.parameter(bias))
                    .apply(RELU).apply(new GaussianNoise(noise, 0.1f));
            Var value = hidden.apply(MATMUL, tape.parameter(out)).apply(new BinaryCrossEntropy(2), tape.constant(labels));
            loss = value.value();
            adam.step(tape.backward(value));
        }

        List<float[]> run(boolean planned) {
            List<float[]> seen = new ArrayList<>();
            Plan plan = null;
            for (; step < STEPS; step++) {
                fill();
                if (!planned) {
                    compute(backend);
                } else if (plan == null) {
                    plan = Plan.record(backend, recorder -> {
                        compute(recorder);
                        recorder.keep(loss);
                    });
                } else {
                    plan.run();
                }
                seen.add(loss.toArray());
            }
            for (Parameter parameter : List.of(table, weight, bias, out)) {
                seen.add(parameter.value().toArray());
            }
            return seen;
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aPlanTrainsLikeTheTape(Backend backend) {
        checkAgainstTape(backend, 9);
        backend.close();
    }

    /// Enough rows for several parts, and not as many in each.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void partsOfABatchGiveTheBitsOfTheTape(int threads) {
        try (Backend backend = new SimdBackend(new BackendOptions(threads, 256))) {
            checkAgainstTape(backend, 701);
        }
    }

    private static void checkAgainstTape(Backend backend, int batch) {
        List<float[]> expected = new Training(backend, batch).run(false);
        List<float[]> got = new Training(backend, batch).run(true);
        for (int i = 0; i < expected.size(); i++) {
            // The reference rounds to float after each kernel, and a plan has fewer of them.
            assertArrayEquals(expected.get(i), got.get(i), backend instanceof SimdBackend ? 0 : 1e-5f, "value " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void biasAndReluAreFusedIntoTheProduct(Backend backend) {
        Tensor x = Training.random("x", 4, 3);
        Tensor w = Training.random("w", 3, 8);
        Tensor b = Training.random("b", 8);
        Tensor[] result = new Tensor[1];
        Plan plan = Plan.record(backend, recorder -> {
            Tape tape = Tape.inference(recorder);
            result[0] = tape.constant(x).apply(MATMUL, tape.constant(w)).apply(ADD, tape.constant(b)).apply(RELU).value();
            recorder.keep(result[0]);
        });
        assertEquals(1, plan.calls().size(), plan::toString);
        float[] first = result[0].toArray();
        x.data()[0] += 1;
        plan.run();
        Tape eager = Tape.inference(backend);
        Tensor expected = eager.constant(x).apply(MATMUL, eager.constant(w)).apply(ADD, eager.constant(b)).apply(RELU).value();
        assertArrayEquals(expected.toArray(), result[0].toArray(), 1e-6f);
        assertTrue(!java.util.Arrays.equals(first, result[0].toArray()), "a run must read the changed input");
        backend.close();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whatIsKeptOrReadTwiceOrOutsideIsNotFusedAway(Backend backend) {
        Tensor x = Tensor.vector(1, 2, 3);
        Expr twice = Expr.add(Expr.arg(0), Expr.arg(0));
        for (String how : List.of("kept", "outside", "read twice", "host")) {
            Tensor[] t = new Tensor[3];
            Plan plan = Plan.record(backend, recorder -> {
                t[0] = how.equals("outside") ? Tensor.zeros(3) : recorder.allocate(Shape.of(3));
                t[1] = recorder.allocate(Shape.of(3));
                t[2] = recorder.allocate(Shape.of(3));
                recorder.elementwise(twice, t[0], x);
                recorder.elementwise(twice, t[1], t[0]);
                if (how.equals("read twice")) {
                    recorder.elementwise(twice, t[2], t[0]);
                    recorder.keep(t[2]);
                }
                if (how.equals("host")) {
                    recorder.host("look", () -> { }, t[0]);
                }
                recorder.keep(t[1]);
                if (how.equals("kept")) {
                    recorder.keep(t[0]);
                }
            });
            x.data()[0] = 10;
            plan.run();
            assertArrayEquals(new float[] {20, 4, 6}, t[0].toArray(), how);
            assertArrayEquals(new float[] {40, 8, 12}, t[1].toArray(), how);
            x.data()[0] = 1;
        }
        backend.close();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aWriteBetweenTwoKernelsKeepsThemApart(Backend backend) {
        Tensor x = Tensor.vector(1, 2);
        Tensor[] result = new Tensor[1];
        Plan plan = Plan.record(backend, recorder -> {
            Tensor t = recorder.allocate(Shape.of(2));
            result[0] = recorder.allocate(Shape.of(2));
            recorder.elementwise(Expr.neg(Expr.arg(0)), t, x);
            recorder.elementwise(Expr.add(Expr.arg(0), Expr.ONE), x, x);
            recorder.elementwise(Expr.neg(Expr.arg(0)), result[0], t);
            recorder.keep(result[0]);
        });
        plan.run();
        assertArrayEquals(new float[] {2, 3}, result[0].toArray());
        assertEquals(3, plan.calls().size(), () -> plan.calls().stream().map(Object::toString).collect(Collectors.joining("; ")));
        backend.close();
    }

    /// Which rows is looked at by each run, as index arrays are.
    @ParameterizedTest
    @MethodSource("backends")
    void rowUpdatesAreRecorded(Backend backend) {
        Tensor table = Tensor.zeros(4, 3);
        int[] rows = {3, 1, 0};
        Plan plan = Plan.record(backend, recorder -> recorder.rowUpdate(
                new Expr[] {Expr.add(Expr.arg(0), Expr.arg(1))}, new Tensor[] {table}, RowSelection.of(rows),
                Tensor.matrix(new float[] {1, 1, 1}, new float[] {2, 2, 2}, new float[] {3, 3, 3})));
        rows[0] = 2;
        plan.run();
        assertArrayEquals(new float[] {6, 6, 6, 4, 4, 4, 1, 1, 1, 1, 1, 1}, table.toArray());
        rows[0] = 4;
        String message = assertThrows(ShapeException.class, plan::run).getMessage();
        assertEquals("rowUpdate: index 4 at position 0 is outside the table's 4 rows", message);
        backend.close();
    }
}
