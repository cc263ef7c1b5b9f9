package larch.backend.simd.schedule;

import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.mul;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.Block;
import larch.backend.KernelCall;
import larch.backend.Reduction;
import larch.backend.rowwise.RowCall;
import larch.backend.simd.SimdBackend;
import larch.expr.Expr;
import larch.gemm.Epilogue;
import larch.gemm.Gemm;
import larch.gemm.Operand;
import larch.gemm.Transpose;
import larch.plan.Plan;
import larch.plan.Recorder;
import larch.random.Rng;
import larch.tensor.Axis;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// How a plan is shared out among threads: what may run without waiting, and what may not.
class ScheduleTest {
    private static final int M = 37;
    private static final int N = 21;
    private static final Backend BACKEND = new SimdBackend(new BackendOptions(2, 256));

    @AfterAll
    static void close() {
        BACKEND.close();
    }

    private static Tensor random(int... dims) {
        Tensor tensor = Tensor.zeros(dims);
        Rng.of(8).stream(Shape.of(dims).toString()).normals(tensor.data(), 0, tensor.size(), 0);
        return tensor;
    }

    /// Every kind of call that can be cut, with every way to read an argument.
    static List<KernelCall> calls() {
        Tensor x = random(M, N);
        Tensor y = random(M, N);
        Tensor row = random(N);
        Tensor column = random(M, 1);
        Tensor scalar = random(1);
        Tensor out = Tensor.full(Float.NaN, M, N);
        Expr all = add(mul(arg(0), arg(1)), add(arg(2), arg(3)));
        List<KernelCall> calls = new ArrayList<>();
        calls.add(new KernelCall.Elementwise(List.of(all, mul(arg(0), arg(2))), List.of(out, Tensor.full(Float.NaN, M, N)),
                List.of(x, row, column, scalar)));
        calls.add(new KernelCall.Elementwise(List.of(add(arg(0), arg(1))), List.of(y), List.of(y, x)));
        calls.add(new KernelCall.Elementwise(List.of(arg(0)), List.of(Tensor.zeros(5, 7, 3)), List.of(random(5, 7, 1))));
        calls.add(new KernelCall.Reduce(Reduction.MAX, Axis.COLUMNS, all, Tensor.zeros(M, 1), List.of(x, row, column, scalar)));
        for (Transpose trans : Transpose.values()) {
            Tensor a = trans.isTransposed() ? random(11, M) : random(M, 11);
            Epilogue epilogue = new Epilogue(add(add(arg(0), arg(1)), mul(arg(2), add(arg(3), arg(4)))),
                    Operand.full(x.data(), 0, N), Operand.row(row.data(), 0), Operand.column(column.data(), 0),
                    Operand.scalar(scalar.data(), 0));
            calls.add(new KernelCall.Product(new Gemm(trans, Transpose.NO, M, N, 11, 1, a.buffer(), 0, a.dim(1),
                    random(11, N).buffer(), 0, N, 0, Tensor.zeros(M, N).buffer(), 0, N, epilogue)));
        }
        calls.add(new KernelCall.Rows(KernelCall.Rows.Kind.GATHER, random(9, N), indices(), out));
        calls.add(new KernelCall.Rows(KernelCall.Rows.Kind.GATHER, random(9, 4), indices(), 0,
                Tensor.wrap(Shape.of(M, 4), out.data(), 3), N));
        calls.add(new KernelCall.Copy(new Block(M, 4, x.buffer(), 3, N, 2, Tensor.zeros(M, 6).buffer(), 1, 6, 1)));
        calls.add(new KernelCall.Draw(true, Rng.of(4).stream("draw"), 5, out));
        calls.add(new KernelCall.Draw(false, Rng.of(4).stream("draw"), 0, out));
        return calls;
    }

    private static int[] indices() {
        int[] indices = new int[M];
        for (int i = 0; i < M; i++) {
            indices[i] = 5 * i % 9;
        }
        return indices;
    }

    @ParameterizedTest
    @MethodSource("calls")
    void partsComputeTheBitsOfTheWhole(KernelCall call) {
        float[][] before = call.writes().stream().map(memory -> memory.data().array().clone()).toArray(float[][]::new);
        BACKEND.run(call);
        float[][] expected = call.writes().stream().map(memory -> memory.data().array().clone()).toArray(float[][]::new);
        for (int i = 0; i < before.length; i++) {
            System.arraycopy(before[i], 0, call.writes().get(i).data().array(), 0, before[i].length);
        }
        int rows = RowCall.rows(call);
        for (int from = 0; from < rows; from += 10) {
            KernelCall part = RowParts.part(call, from, Math.min(rows, from + 10));
            BACKEND.prepare(part).run();
            for (int i = 0; i < before.length; i++) {
                assertTrue(call.writes().get(i).encloses(part.writes().get(i)), part::toString);
            }
        }
        for (int i = 0; i < before.length; i++) {
            assertArrayEquals(expected[i], call.writes().get(i).data().array(), call::toString);
        }
    }

    private static List<String> regions(Consumer<Recorder> program) {
        String text = Plan.record(BACKEND, program).toString();
        return List.of(text.substring("region".length()).split("region"));
    }

    private static void neg(Backend backend, Tensor x, Tensor y) {
        backend.elementwise(Expr.neg(arg(0)), y, x);
    }

    @Test
    void rowsGoThroughSeveralKernelsWithoutWaiting() {
        Tensor x = random(M, N);
        Tensor w = random(N, N);
        List<String> regions = regions(recorder -> {
            Tensor h = recorder.allocate(Shape.of(M, N));
            Tensor sums = recorder.allocate(Shape.of(M, 1));
            recorder.gemm(Transpose.NO, Transpose.NO, 1, x, w, 0, h);
            recorder.reduce(Reduction.SUM, Axis.COLUMNS, arg(0), sums, h);
            recorder.elementwise(add(arg(0), arg(1)), h, h, sums);
        });
        assertEquals(1, regions.size(), regions::toString);
        assertEquals(3, regions.getFirst().split("2 parts", -1).length - 1, regions::toString);
    }

    @Test
    void whereRowsMeetAllWait() {
        Tensor x = random(M, N);
        List<String> regions = regions(recorder -> {
            Tensor y = recorder.allocate(Shape.of(M, N));
            Tensor gram = recorder.allocate(Shape.of(N, N));
            neg(recorder, x, y);
            recorder.gemm(Transpose.YES, Transpose.NO, 1, x, y, 0, gram);
            neg(recorder, gram, gram);
        });
        assertEquals(2, regions.size(), regions::toString);
        assertTrue(regions.get(1).contains("gemm_tn"), regions::toString);
    }

    @Test
    void anOverwrittenArgumentIsWaitedFor() {
        Tensor x = random(M, N);
        Tensor shifted = Tensor.wrap(Shape.of(M - 1, N), x.data(), N);
        Tensor y = Tensor.zeros(M - 1, N);
        List<String> regions = regions(recorder -> {
            neg(recorder, shifted, y);
            neg(recorder, y, Tensor.wrap(Shape.of(M - 1, N), x.data(), 0));
        });
        assertEquals(2, regions.size(), regions::toString);
    }

    @Test
    void aCallThatDependsOnNothingMovesUp() {
        Tensor x = random(M, N);
        Tensor t = random(N, N);
        List<String> regions = regions(recorder -> {
            Tensor gram = recorder.allocate(Shape.of(N, N));
            neg(recorder, x, x);
            recorder.gemm(Transpose.YES, Transpose.NO, 1, x, x, 0, gram);
            neg(recorder, t, t);
        });
        assertEquals(2, regions.size(), regions::toString);
        assertTrue(regions.getFirst().contains("[" + N + "," + N + "]"), regions::toString);
    }

    @Test
    void heavyCallsThatCannotBeCutGoToDifferentThreads() {
        Tensor a = random(200, 250);
        Tensor b = random(200, 251);
        List<String> regions = regions(recorder -> {
            recorder.isolatedHost("first", () -> neg(BACKEND, a, a), a);
            recorder.isolatedHost("second", () -> neg(BACKEND, b, b), b);
        });
        assertEquals(1, regions.size(), regions::toString);
        assertTrue(regions.getFirst().contains("worker 0  host: first"), regions::toString);
        assertTrue(regions.getFirst().contains("worker 1  host: second"), regions::toString);
    }

    /// What others can see changes in the order of the program around a host action: one that throws leaves it alone.
    @Test
    void nothingVisibleIsWrittenBeforeAHostActionThatThrows() {
        Tensor x = random(M, N);
        Tensor early = Tensor.zeros(M, N);
        Tensor late = Tensor.zeros(M, N);
        AtomicBoolean isBroken = new AtomicBoolean();
        Plan plan = Plan.record(BACKEND, recorder -> {
            neg(recorder, x, early);
            recorder.host("check", () -> {
                if (isBroken.get()) {
                    throw new IllegalStateException("broken");
                }
            });
            neg(recorder, x, late);
            recorder.host("the end", () -> { });
        });
        float[] lateBefore = late.toArray();
        x.data()[0] += 1;
        x.data()[x.size() - 1] += 1;
        isBroken.set(true);
        for (int run = 0; run < 100; run++) {
            assertEquals("broken", assertThrows(IllegalStateException.class, plan::run).getMessage());
        }
        assertEquals(-x.data()[0], early.data()[0]);
        assertEquals(-x.data()[x.size() - 1], early.data()[x.size() - 1]);
        assertArrayEquals(lateBefore, late.toArray());
    }

    @Test
    void hostActionsKeepTheirOrderAndTheirThread() {
        List<String> seen = new ArrayList<>();
        Thread caller = Thread.currentThread();
        Plan plan = Plan.record(BACKEND, recorder -> {
            for (String name : List.of("a", "b", "c")) {
                recorder.host(name, () -> {
                    assertEquals(caller, Thread.currentThread());
                    seen.add(name);
                });
                recorder.isolatedHost("between", () -> { }, random(M, N));
            }
        });
        plan.run();
        assertEquals(List.of("a", "b", "c", "a", "b", "c"), seen);
    }

    @Test
    void aProfileCoversEveryCallOnTheThreadsThatRanIt() {
        Tensor x = random(300, N);
        Plan plan = Plan.record(BACKEND, recorder -> {
            Tensor gram = recorder.allocate(Shape.of(N, N));
            neg(recorder, x, x);
            recorder.gemm(Transpose.YES, Transpose.NO, 1, x, x, 0, gram);
        });
        long[][] nanos = plan.profile(20);
        assertEquals(2, nanos.length);
        for (int call = 0; call < plan.calls().size(); call++) {
            assertTrue(nanos[0][call] > 0 && nanos[1][call] > 0, plan.calls().get(call)::toString);
        }
    }
}
