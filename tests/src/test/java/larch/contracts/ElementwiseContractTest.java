package larch.contracts;

import static larch.expr.Comparison.GT;
import static larch.expr.Expr.ZERO;
import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.con;
import static larch.expr.Expr.exp;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.select;
import static larch.gen.Bounds.assertSameBits;
import static larch.gen.Bounds.assertWithin;
import static larch.gen.Guarded.assertGuardsIntact;
import static larch.gen.TestBackend.REFERENCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import larch.backend.Backend;
import larch.expr.Comparison;
import larch.expr.Expr;
import larch.expr.Prim;
import larch.gen.Guarded;
import larch.gen.RunningError;
import larch.gen.TestBackend;
import larch.tensor.Broadcast;
import larch.tensor.ShapeException;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every backend promises about its element-wise kernel.
class ElementwiseContractTest {
    private static final List<TestBackend> BACKENDS = TestBackend.all(2);
    /// One argument of each kind of access: x0·eˣ¹ + (x2 > 0 ? x3 : −x3).
    private static final Expr F = add(mul(arg(0), exp(arg(1))), select(GT, arg(2), ZERO, arg(3), Expr.neg(arg(3))));

    static List<TestBackend> backends() {
        return BACKENDS;
    }

    @AfterAll
    static void close() {
        BACKENDS.forEach(TestBackend::close);
    }

    private static Tensor argument(Broadcast access, String name, int... dims) {
        int cols = dims[dims.length - 1];
        return switch (access) {
            case FULL -> Guarded.random(name, dims);
            case ROW -> Guarded.random(name, cols);
            case COLUMN -> {
                int[] column = dims.clone();
                column[dims.length - 1] = 1;
                yield Guarded.random(name, column);
            }
            case SCALAR -> Guarded.random(name);
        };
    }

    // Of the 256 combinations those 16 in which each argument meets each access, and the first two meet all pairs.
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void everyKindOfAccess(TestBackend backend) {
        int[][] shapes = {{1, 1}, {4, 1}, {1, 5}, {3, 2 * backend.lanes() + 3}, {2, 3, backend.lanes()}, {7}};
        Broadcast[] kinds = Broadcast.values();
        for (int[] dims : shapes) {
            for (int i = 0; i < 16; i++) {
                int first = i / 4;
                int second = i % 4;
                Tensor[] args = {argument(kinds[first], "x0", dims), argument(kinds[second], "x1", dims),
                    argument(kinds[(first + second) % 4], "x2", dims),
                    argument(kinds[(first + 2 * second + 1) % 4], "x3", dims)};
                assertAgrees(backend.backend(), args, dims);
            }
        }
    }

    // Above every threshold for a second thread, as one long row and as many rows.
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void largeEnoughForSeveralThreads(TestBackend backend) {
        int[] dims = {150, 131};
        for (Broadcast access : Broadcast.values()) {
            assertAgrees(backend.backend(), new Tensor[] {argument(Broadcast.FULL, "x0", dims), argument(access, "x1", dims),
                argument(Broadcast.SCALAR, "x2", dims), argument(Broadcast.FULL, "x3", dims)}, dims);
        }
    }

    private static void assertAgrees(Backend backend, Tensor[] args, int... dims) {
        Tensor expected = Guarded.filled(Float.NaN, dims);
        Tensor actual = Guarded.filled(Float.NaN, dims);
        REFERENCE.elementwise(F, expected, args);
        backend.elementwise(F, actual, args);
        String label = backend.describe() + " " + List.of(args).stream().map(Tensor::shape).toList();
        assertGuardsIntact(label, actual);
        int cols = expected.shape().cols();
        assertWithin(label, expected, actual, i -> {
            double[] x = new double[args.length];
            for (int a = 0; a < x.length; a++) {
                int at = switch (Broadcast.of(expected.shape(), args[a].shape())) {
                    case FULL -> i;
                    case ROW -> i % cols;
                    case COLUMN -> i / cols;
                    case SCALAR -> 0;
                };
                x[a] = args[a].data()[args[a].offset() + at];
            }
            return RunningError.of(F, x).error() + Math.ulp(expected.data()[expected.offset() + i]);
        });
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void theResultMayBeAnyArgument(TestBackend backend) {
        for (int[] dims : new int[][] {{3, 13}, {150, 131}}) {
            for (int which : new int[] {0, 3}) {
                Tensor[] args = {Guarded.random("a", dims), Guarded.random("b", dims[1]), Guarded.random("c", dims[0], 1),
                    Guarded.random("d", dims)};
                Tensor apart = Guarded.filled(Float.NaN, dims);
                backend.backend().elementwise(F, apart, args);
                backend.backend().elementwise(F, args[which], args);
                assertSameBits("out is argument " + which, apart, args[which]);
            }
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void nothingIsDoneForNoElements(TestBackend backend) {
        for (int[] dims : new int[][] {{0}, {0, 3}, {3, 0}}) {
            Tensor none = Guarded.filled(0, dims);
            backend.backend().elementwise(con(1), none);
            assertGuardsIntact("empty", none);
        }
    }

    // Each exact primitive on everything that floats are special for.
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void exactPrimitivesRoundAsJavaDoesOnSpecialValues(TestBackend backend) {
        float[] special = {0f, -0f, 1f, -1f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE,
            -Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE, -Float.MAX_VALUE, 3.1415927f, 1.1754942e-38f, 16777217f};
        int n = special.length;
        Tensor x = Guarded.filled(0, n * n);
        Tensor y = Guarded.filled(0, n * n);
        for (int i = 0; i < n * n; i++) {
            x.data()[x.offset() + i] = special[i / n];
            y.data()[y.offset() + i] = special[i % n];
        }
        for (Prim prim : new Prim[] {Prim.ADD, Prim.SUB, Prim.MUL, Prim.DIV, Prim.MIN, Prim.MAX, Prim.NEG, Prim.ABS,
                Prim.SQRT}) {
            Expr f = prim.arity() == 1 ? Expr.apply(prim, arg(0)) : Expr.apply(prim, arg(0), arg(1));
            Tensor expected = Guarded.filled(7, n * n);
            Tensor actual = Guarded.filled(7, n * n);
            REFERENCE.elementwise(f, expected, x, y);
            backend.backend().elementwise(f, actual, x, y);
            assertSameBits(backend + " " + prim, expected, actual);
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void comparisonsWithNaNAreFalseExceptInequality(TestBackend backend) {
        for (Comparison comparison : Comparison.values()) {
            Expr f = select(comparison, arg(0), arg(1), con(1), con(2));
            Tensor x = Tensor.vector(1, 2, 3, Float.NaN, 1, Float.NaN, -0f, Float.NEGATIVE_INFINITY, 1, 2, 3, Float.NaN,
                    4, 5, 6, 7, 8);
            Tensor y = Tensor.vector(2, 2, 2, 1, Float.NaN, Float.NaN, 0f, 0, 2, 2, 2, 1, 4, 6, 5, 7, 0);
            Tensor expected = Tensor.zeros(17);
            Tensor actual = Tensor.zeros(17);
            REFERENCE.elementwise(f, expected, x, y);
            backend.backend().elementwise(f, actual, x, y);
            assertSameBits(backend + " " + comparison, expected, actual);
            for (int i = 0; i < 17; i++) {
                Tensor one = Tensor.zeros(1);
                backend.backend().elementwise(f, one, x.rows(i, i + 1), y.rows(i, i + 1));
                assertSameBits(backend + " " + comparison + " of " + x.get(i) + " and " + y.get(i) + " in a scalar",
                        expected.rows(i, i + 1), one);
            }
        }
    }

    @Test
    void doorsRefuseWhatDoesNotFit() {
        Backend backend = BACKENDS.getFirst().backend();
        Tensor out = Tensor.zeros(2, 3);
        String few = assertThrows(ShapeException.class,
                () -> backend.elementwise(add(arg(0), arg(1)), out, out)).getMessage();
        assertEquals("elementwise: (x0 + x1) needs 2 arguments; got 1", few);
        String shape = assertThrows(ShapeException.class,
                () -> backend.elementwise(arg(0), out, Tensor.zeros(3, 2))).getMessage();
        assertEquals("elementwise: argument 0 [3,2] does not broadcast to [2,3]", shape);
        String larger = assertThrows(ShapeException.class,
                () -> backend.elementwise(arg(0), Tensor.zeros(3), Tensor.zeros(2, 3))).getMessage();
        assertTrue(larger.contains("[2,3] does not broadcast to [3]"), larger);
    }
}
