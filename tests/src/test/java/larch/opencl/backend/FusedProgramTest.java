package larch.opencl.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.backend.Block;
import larch.backend.Executable;
import larch.backend.KernelCall;
import larch.backend.Reduction;
import larch.backend.Trace;
import larch.expr.Comparison;
import larch.expr.Expr;
import larch.gemm.Epilogue;
import larch.gemm.Gemm;
import larch.gemm.Operand;
import larch.gemm.Transpose;
import larch.op.Softmax;
import larch.opencl.OpenClMachine;
import larch.opencl.fused.FusedLayout;
import larch.plan.Plan;
import larch.random.Rng;
import larch.tensor.Axis;
import larch.tensor.Broadcast;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Programs of random calls give the bits of the same calls one by one, whatever became of them. The same ones for every
/// number of rows: their kernels are built once.
class FusedProgramTest {
    private static final int SOME = 2;
    private static final int MANY = 20;
    private static final int[] WIDTHS = {1, 3, 16, 30, 70, 130};
    private static final int WIDE = 140;
    private static final int TABLE = 9;
    private static final Expr RELU = Expr.select(Comparison.GT, Expr.arg(0), Expr.ZERO, Expr.arg(0), Expr.ZERO);

    private static OpenClBackend backend;

    @BeforeAll
    static void open() {
        backend = new OpenClBackend(OpenClMachine.devices().at(0), false);
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    static List<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (FusedLayout layout : List.of(new FusedLayout(16, 64, true), new FusedLayout(8, 256, false),
                new FusedLayout(32, 256, false))) {
            for (int rows : new int[] {1, 67}) {
                cases.add(Arguments.of(layout, rows));
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aProgramHasTheBitsOfItsCalls(FusedLayout layout, int rows) {
        check(layout, rows, 0, SOME);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("cases")
    void soHaveMany(FusedLayout layout, int rows) {
        check(layout, rows, SOME, MANY);
    }

    private static void check(FusedLayout layout, int rows, int from, int to) {
        int chains = 0;
        for (int seed = from; seed < to; seed++) {
            RandomCalls calls = new RandomCalls(new Random(seed), rows);
            List<Tensor> all = calls.tensors;
            List<float[]> start = all.stream().map(Tensor::toArray).toList();
            for (KernelCall call : calls.list) {
                backend.run(call);
            }
            List<float[]> expected = all.stream().map(Tensor::toArray).toList();
            IntStream.range(0, all.size()).forEach(i -> all.get(i).write(start.get(i), 0));
            Executable program = new FusedProgram(new Trace(calls.list, List.of(), List.of()), backend.session(),
                    backend.calls(), _ -> layout);
            program.run();
            for (int i = 0; i < all.size(); i++) {
                assertSame(expected.get(i), all.get(i).toArray(), "seed " + seed + ", tensor " + i + " of\n" + program);
            }
            chains += program.toString().contains("one kernel") ? 1 : 0;
        }
        assertTrue(chains > (to - from) / 2, "only " + chains + " programs had a chain");
    }

    /// Zeros are equal whatever their sign: steps beyond k make +0 of a sum that is −0.
    private static void assertSame(float[] expected, float[] got, String what) {
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToIntBits(expected[i] + 0f) != Float.floatToIntBits(got[i] + 0f)) {
                assertEquals(expected[i], got[i], what + "\nelement " + i);
            }
        }
    }

    /// Random calls on tensors of the device with as many rows.
    private static final class RandomCalls {
        private final Random random;
        private final int rows;
        private final List<Tensor> tensors = new ArrayList<>();
        private final List<KernelCall> list = new ArrayList<>();

        RandomCalls(Random random, int rows) {
            this.random = random;
            this.rows = rows;
            for (int width : WIDTHS) {
                matrix(rows, width);
            }
            int length = 9 + random.nextInt(3);
            while (list.size() < length) {
                add();
            }
        }

        private Tensor matrix(int height, int width) {
            Tensor tensor = backend.allocate(Shape.of(height, width));
            float[] values = new float[height * width];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextInt(40) == 0 ? Float.NaN : (float) random.nextGaussian();
            }
            tensor.write(values, 0);
            tensors.add(tensor);
            return tensor;
        }

        private Tensor any() {
            List<Tensor> some = tensors.stream().filter(t -> t.dim(0) == rows).toList();
            return some.get(random.nextInt(some.size()));
        }

        private Tensor fresh(int width) {
            return matrix(rows, width);
        }

        private void add() {
            switch (random.nextInt(7)) {
                case 0, 1 -> product();
                case 2 -> elementwise();
                case 3 -> {
                    Tensor x = any();
                    list.add(new KernelCall.Reduce(random.nextBoolean() ? Reduction.SUM : Reduction.MAX, Axis.COLUMNS,
                            Expr.mul(Expr.arg(0), Expr.arg(1)), fresh(1), List.of(x, fresh(1))));
                }
                case 4 -> gather();
                case 5 -> {
                    Tensor from = any();
                    Tensor to = fresh(WIDE);
                    list.add(new KernelCall.Copy(new Block(rows, from.dim(1), from.buffer(), 0, from.dim(1), 1, to.buffer(),
                            WIDE - from.dim(1), WIDE, 1)));
                }
                default -> list.add(new KernelCall.Draw(random.nextBoolean(), Rng.of(7).stream("x", random.nextInt(5)),
                        random.nextInt(9), any()));
            }
        }

        /// Into some columns of a wider matrix, so that rows of the result lie apart.
        private void product() {
            Tensor a = any();
            int k = a.dim(1);
            int n = WIDTHS[random.nextInt(WIDTHS.length)];
            boolean turned = random.nextBoolean();
            Tensor b = turned ? matrix(n, k) : matrix(k, n);
            Tensor c = fresh(n + 2);
            Epilogue epilogue = switch (random.nextInt(3)) {
                case 0 -> Epilogue.NONE;
                case 1 -> new Epilogue(RELU.substitute(Expr.add(Expr.arg(0), Expr.arg(1))),
                        new Operand(Broadcast.ROW, matrix(1, n).buffer(), 0, 0));
                default -> new Epilogue(Expr.mul(Expr.add(Expr.arg(0), Expr.arg(1)), Expr.mul(Expr.arg(2), Expr.arg(3))),
                        new Operand(Broadcast.FULL, fresh(n).buffer(), 0, n),
                        new Operand(Broadcast.COLUMN, fresh(1).buffer(), 0, 0),
                        new Operand(Broadcast.SCALAR, matrix(1, 1).buffer(), 0, 0));
            };
            list.add(new KernelCall.Product(new Gemm(Transpose.NO, turned ? Transpose.YES : Transpose.NO, rows, n, k,
                    random.nextBoolean() ? 1 : 0.5f, a.buffer(), 0, k, b.buffer(), 0, turned ? k : n,
                    random.nextBoolean() ? 0 : -2, c.buffer(), 1, n + 2, epilogue)));
        }

        private void elementwise() {
            Tensor x = any();
            Tensor other = fresh(x.dim(1));
            List<Expr> fs = List.of(Expr.add(Expr.mul(Expr.arg(0), Expr.arg(1)), Expr.arg(2)),
                    Expr.sigmoid(Expr.mul(Expr.arg(3), Expr.arg(0))));
            list.add(new KernelCall.Elementwise(fs, List.of(x, other),
                    List.of(x, fresh(1), matrix(1, x.dim(1)).reshape(x.dim(1)), matrix(1, 1).reshape(Shape.SCALAR))));
        }

        private void gather() {
            int width = WIDTHS[random.nextInt(WIDTHS.length)];
            Tensor table = matrix(TABLE, width);
            int[] indices = random.ints(rows + 2, 0, TABLE).toArray();
            Tensor wide = fresh(WIDE);
            list.add(new KernelCall.Rows(KernelCall.Rows.Kind.GATHER, table, indices, 2,
                    Tensor.wrap(Shape.of(rows, width), wide.buffer(), 5), WIDE));
        }
    }

    /// Its four passes, and the way back.
    @Test
    void aSoftmaxIsOneKernel() {
        Tensor z = backend.place(Tensor.matrix(new float[] {1, 2, 4}, new float[] {-3, 90, 0}));
        Tensor[] found = new Tensor[2];
        Plan plan = Plan.record(backend, recorder -> {
            Tape tape = Tape.recording(recorder);
            Var logits = tape.variable("z", z);
            Var p = logits.apply(new Softmax(10));
            found[0] = p.value();
            found[1] = tape.backward(p, z).of(logits);
            List.of(found).forEach(recorder::keep);
        });
        List<float[]> expected = Arrays.stream(found).map(Tensor::toArray).toList();
        plan.run();
        assertEquals(List.of("runs in a row are one launch", "one kernel"),
                plan.toString().lines().filter(line -> !line.startsWith(" ")).toList(), plan::toString);
        for (int i = 0; i < found.length; i++) {
            assertArrayEquals(expected.get(i), found[i].toArray());
        }
        assertEquals(1 / (1 + Math.exp(-0.2) + Math.exp(-0.3)), expected.getFirst()[2], 1e-6);
    }

    /// Each parameter's step of an optimizer, whatever its shape.
    @Test
    void independentCallsStandSideBySide() {
        List<KernelCall> steps = new ArrayList<>();
        List<Tensor> parameters = List.of(backend.allocate(Shape.of(70, 33)), backend.allocate(Shape.of(5)),
                backend.allocate(Shape.SCALAR), backend.allocate(Shape.of(9, 2)));
        for (int i = 0; i < parameters.size(); i++) {
            Tensor parameter = parameters.get(i);
            float[] values = new float[parameter.size()];
            for (int j = 0; j < values.length; j++) {
                values[j] = j;
            }
            parameter.write(values, 0);
            steps.add(new KernelCall.Elementwise(List.of(Expr.add(Expr.arg(0), Expr.con(i + 1))), List.of(parameter),
                    List.of(parameter)));
        }
        Executable program = backend.compile(new Trace(steps, List.of(), List.of()));
        assertEquals(1, program.toString().lines().filter(line -> !line.startsWith(" ")).count(), program::toString);
        program.run();
        for (int i = 0; i < parameters.size(); i++) {
            float[] values = parameters.get(i).toArray();
            for (int j = 0; j < values.length; j++) {
                assertEquals(j + i + 1, values[j], "element " + j + " of parameter " + i);
            }
        }
    }

    @Test
    void aWholeNetworkIsOneKernel() {
        Tensor x = backend.allocate(Shape.of(40, 30));
        Tensor w = backend.allocate(Shape.of(30, 64));
        Tensor h = backend.allocate(Shape.of(40, 64));
        Tensor d = backend.allocate(Shape.of(40, 30));
        KernelCall forward = new KernelCall.Product(new Gemm(Transpose.NO, Transpose.NO, 40, 64, 30, 1, x.buffer(), 0, 30,
                w.buffer(), 0, 64, 0, h.buffer(), 0, 64, Epilogue.NONE));
        KernelCall back = new KernelCall.Product(new Gemm(Transpose.NO, Transpose.YES, 40, 30, 64, 1, h.buffer(), 0, 64,
                w.buffer(), 0, 64, 0, d.buffer(), 0, 30, Epilogue.NONE));
        KernelCall weights = new KernelCall.Product(new Gemm(Transpose.YES, Transpose.NO, 30, 64, 40, 1, x.buffer(), 0, 30,
                h.buffer(), 0, 64, 0, w.buffer(), 0, 64, Epilogue.NONE));
        String program = backend.compile(new Trace(List.of(forward, back, weights), List.of(), List.of())).toString();
        assertEquals(List.of("one kernel", "  " + forward, "  " + back, weights.toString()), program.lines().toList());
    }
}
