package larch.opencl.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.backend.Backend;
import larch.backend.Executable;
import larch.backend.KernelCall;
import larch.backend.Series;
import larch.backend.Trace;
import larch.expr.Expr;
import larch.gemm.Epilogue;
import larch.gemm.Gemm;
import larch.gemm.Transpose;
import larch.op.Elementwise;
import larch.op.MatMul;
import larch.opencl.OpenClMachine;
import larch.opencl.fused.FusedLayout;
import larch.plan.Plan;
import larch.random.Rng;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Programs that go round in their kernel do what as many single runs do.
class FusedTurnsTest {
    private static final int ROWS = 37;
    private static final int WIDTH = 20;
    private static final int TABLE = 600;

    private static OpenClBackend backend;

    @BeforeAll
    static void open() {
        backend = new OpenClBackend(OpenClMachine.devices().at(0), false);
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    /// `x ← x + rate · tanh(x·W + shift)`, with rate and shift from a series: an iteration that needs the one before.
    private static final class Iteration {
        private final Tensor x = backend.place(random("x", ROWS, WIDTH));
        private final Tensor weight = backend.place(random("weight", WIDTH, WIDTH));
        private final Tensor slope = backend.allocate(Shape.of(ROWS, WIDTH));
        private final Series series;
        private final Tensor now = backend.place(Tensor.zeros(2));
        private final List<KernelCall> calls;

        Iteration() {
            // The table and the row are windows of more.
            Tensor more = random("table", TABLE + 3, 2);
            series = new Series(backend.place(more).rows(3, TABLE + 3));
            KernelCall product = new KernelCall.Product(new Gemm(Transpose.NO, Transpose.YES, ROWS, WIDTH, WIDTH, 1, x.buffer(),
                    0, WIDTH, weight.buffer(), 0, WIDTH, 0, slope.buffer(), 0, WIDTH, Epilogue.NONE));
            KernelCall step = new KernelCall.Elementwise(
                    List.of(Expr.add(Expr.arg(0), Expr.mul(Expr.arg(2), Expr.tanh(Expr.add(Expr.arg(1), Expr.arg(3)))))),
                    List.of(x), List.of(x, slope, now.rows(0, 1).reshape(Shape.SCALAR), now.rows(1, 2).reshape(Shape.SCALAR)));
            calls = List.of(new KernelCall.SeriesRow(KernelCall.SeriesRow.Kind.NEXT, series, now), product, step);
        }

        private static Tensor random(String name, int... dims) {
            Tensor tensor = Tensor.zeros(dims);
            Rng.of(3).stream(name).normals(tensor.data(), 0, tensor.size(), 0);
            return tensor;
        }

        Executable program(FusedLayout layout) {
            return new FusedProgram(new Trace(calls, List.of(), List.of()), backend.session(), backend.calls(), _ -> layout);
        }
    }

    static List<FusedLayout> layouts() {
        return List.of(new FusedLayout(16, 64, true), new FusedLayout(16, 256, false));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void manyRunsAreOneLaunch(FusedLayout layout) {
        Iteration expected = new Iteration();
        for (int i = 0; i < 300; i++) {
            expected.calls.forEach(backend::run);
        }
        Iteration got = new Iteration();
        Executable program = got.program(layout);
        assertTrue(program.toString().startsWith("runs in a row are one launch"), program::toString);
        program.run();
        program.run(0);
        program.run(298);
        program.run(1);
        assertEquals(300, got.series.position());
        assertArrayEquals(expected.x.toArray(), got.x.toArray());
        assertArrayEquals(expected.now.toArray(), got.now.toArray(), "the last row is left behind");
    }

    @Test
    void aSeriesEnds() {
        Iteration iteration = new Iteration();
        Executable program = iteration.program(new FusedLayout(16, 64, true));
        iteration.series.moveTo(TABLE - 2);
        assertThrows(IllegalStateException.class, () -> program.run(3));
        program.run(2);
        assertEquals(TABLE, iteration.series.position());
    }

    /// What differs from row to row of the batch, or moves on by itself, is no loop.
    @Test
    void otherProgramsDoNotGoRound() {
        Iteration iteration = new Iteration();
        List<KernelCall> draws = List.of(iteration.calls.get(1), new KernelCall.Draw(true, Rng.of(1), 0, iteration.slope));
        List<KernelCall> twice = List.of(iteration.calls.get(0), iteration.calls.get(0), iteration.calls.get(2));
        List<KernelCall> writes = List.of(iteration.calls.get(0), new KernelCall.Elementwise(List.of(Expr.arg(0)),
                List.of(iteration.now), List.of(iteration.now)));
        for (List<KernelCall> calls : List.of(draws, twice, writes)) {
            String program = backend.compile(new Trace(calls, List.of(), List.of())).toString();
            assertFalse(program.contains("in a row"), program);
        }
    }

    @Test
    void aPlanGoesRound() {
        Tensor rates = Tensor.zeros(9, 1);
        for (int i = 0; i < 9; i++) {
            rates.set(0.1f * i, i, 0);
        }
        assertArrayEquals(descent(new larch.backend.reference.ReferenceBackend(), rates), descent(backend, rates), 1e-5f);
    }

    private static float[] descent(Backend on, Tensor rates) {
        Tensor x = on.place(Iteration.random("start", ROWS, 3));
        Tensor w = on.place(Iteration.random("w", 3, 1));
        Tensor rate = on.place(Tensor.zeros(1));
        Series series = new Series(on.place(rates));
        Plan plan = Plan.record(on, recorder -> {
            recorder.next(series, rate);
            Tape tape = Tape.recording(recorder);
            Var features = tape.variable("x", x);
            Var z = features.apply(MatMul.MATMUL, tape.constant(w)).apply(Elementwise.SIGMOID);
            Tensor cotangent = recorder.allocate(z.value().shape());
            recorder.elementwise(Expr.ONE, cotangent);
            Tensor gradient = tape.backward(z, cotangent).of(features);
            recorder.elementwise(Expr.sub(Expr.arg(0), Expr.mul(Expr.arg(2), Expr.arg(1))), x, x, gradient, rate);
        });
        plan.run(8);
        return x.toArray();
    }
}
