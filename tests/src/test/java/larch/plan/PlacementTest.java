package larch.plan;

import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.BiConsumer;
import java.util.stream.Stream;
import larch.autodiff.Gradients;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.Block;
import larch.backend.KernelCall;
import larch.backend.reference.ReferenceBackend;
import larch.backend.simd.SimdBackend;
import larch.gemm.Transpose;
import larch.op.Concat;
import larch.op.Elementwise;
import larch.op.GatherRows;
import larch.op.MatMul;
import larch.op.Reduce;
import larch.random.Rng;
import larch.tensor.Axis;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlacementTest {
    private static final int M = 13;

    static Stream<Backend> backends() {
        return Stream.of(new ReferenceBackend(), new SimdBackend(new BackendOptions(1, 256)),
                new SimdBackend(new BackendOptions(2, 256)));
    }

    private static Tensor random(int... dims) {
        Tensor tensor = Tensor.zeros(dims);
        Rng.of(2).stream(Shape.of(dims).toString()).normals(tensor.data(), 0, tensor.size(), 0);
        return tensor;
    }

    private static long copies(Plan plan) {
        return plan.calls().stream().filter(KernelCall.Copy.class::isInstance).count();
    }

    /// Gathered rows and a product side by side, and their gradients.
    @ParameterizedTest
    @MethodSource("backends")
    void concatenationAndItsGradientCopyNothing(Backend backend) {
        Tensor table = random(7, 5);
        Tensor x = random(M, 4);
        Tensor w = random(4, 6);
        Tensor v = random(11, 3);
        int[] rows = new int[M];
        for (int i = 0; i < M; i++) {
            rows[i] = i * 3 % 7;
        }
        Tensor[] results = new Tensor[3];
        BiConsumer<Backend, Tensor[]> program = (with, out) -> {
            Tape tape = Tape.recording(with);
            Var left = tape.variable("table", table);
            Var right = tape.variable("x", x);
            Var both = tape.apply(Concat.CONCAT, left.apply(new GatherRows(rows)), right.apply(MatMul.MATMUL, tape.constant(w)));
            Var y = both.apply(MatMul.MATMUL, tape.constant(v));
            out[0] = y.value();
            Var loss = y.apply(Elementwise.MUL, y).apply(Reduce.sum(Axis.ALL));
            Gradients gradients = tape.backward(loss);
            out[1] = gradients.of(left);
            out[2] = gradients.of(right);
        };
        Plan plan = Plan.record(backend, recorder -> {
            program.accept(recorder, results);
            Stream.of(results).forEach(recorder::keep);
        });
        x.data()[0] += 1;
        plan.run();
        Tensor[] expected = new Tensor[3];
        program.accept(backend, expected);
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(expected[i].toArray(), results[i].toArray(), backend instanceof SimdBackend ? 0 : 1e-4f, "result " + i);
        }
        assertEquals(0, copies(plan), plan::toString);
        backend.close();
    }

    private static void copy(Backend backend, Tensor from, Tensor to, int column) {
        backend.copyBlock(new Block(M, from.dim(1), from.buffer(), from.offset(), from.dim(1), 1, to.buffer(),
                to.offset() + column, to.dim(1), 1));
    }

    /// What stands between a product and the copy of its result.
    private enum Obstacle {
        NONE, KEPT, READ_BY_ANOTHER, TARGET_READ, TARGET_WRITTEN, OUTSIDE, NEIGHBOUR
    }

    @Test
    void aCopyStaysWhereSomebodyWouldNotice() {
        try (Backend backend = new SimdBackend(new BackendOptions(1, 256))) {
            for (Obstacle obstacle : Obstacle.values()) {
                Tensor a = random(M, 3);
                Tensor b = random(3, 4);
                Tensor y = Tensor.full(5, M, 9);
                Tensor seen = Tensor.zeros(M, 9);
                Tensor other = Tensor.zeros(M, 4);
                Tensor[] t = new Tensor[1];
                Plan plan = Plan.record(backend, recorder -> {
                    t[0] = obstacle == Obstacle.OUTSIDE ? Tensor.zeros(M, 4) : recorder.allocate(Shape.of(M, 4));
                    recorder.gemm(Transpose.NO, Transpose.NO, 1, a, b, 0, t[0]);
                    switch (obstacle) {
                        case KEPT -> recorder.keep(t[0]);
                        case READ_BY_ANOTHER -> recorder.elementwise(add(arg(0), arg(0)), other, t[0]);
                        case TARGET_READ -> recorder.elementwise(arg(0), seen, y);
                        case TARGET_WRITTEN -> recorder.elementwise(add(arg(0), arg(0)), y, y);
                        case NEIGHBOUR -> copy(recorder, Tensor.full(7, M, 2), y, 7);
                        case NONE, OUTSIDE -> { }
                    }
                    copy(recorder, t[0], y, 3);
                });
                float[] first = y.toArray();
                plan.run();
                // The copy of the neighbour's columns stays; it does not keep the other one.
                assertEquals(obstacle == Obstacle.NONE ? 0 : 1, copies(plan), () -> obstacle + ": " + plan);
                if (obstacle != Obstacle.TARGET_WRITTEN) {
                    assertArrayEquals(first, y.toArray(), obstacle::toString);
                }
            }
        }
    }
}
