package larch.contracts;

import static larch.expr.Expr.ONE;
import static larch.expr.Expr.abs;
import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.mul;
import static larch.gen.Bounds.assertSameBits;
import static larch.gen.Bounds.assertWithin;
import static larch.gen.Bounds.gamma;
import static larch.gen.Guarded.assertGuardsIntact;
import static larch.gen.TestBackend.REFERENCE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import larch.backend.Backend;
import larch.backend.Reduction;
import larch.expr.Expr;
import larch.gen.Guarded;
import larch.gen.TestBackend;
import larch.tensor.Axis;
import larch.tensor.Broadcast;
import larch.tensor.Shape;
import larch.tensor.ShapeException;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every backend promises about its reduction kernel.
class ReduceContractTest {
    private static final List<TestBackend> BACKENDS = TestBackend.all(2);
    private static final Expr F = add(mul(arg(0), arg(1)), mul(arg(2), arg(3)));
    private static final Expr MAGNITUDE = add(abs(mul(arg(0), arg(1))), abs(mul(arg(2), arg(3))));

    static List<TestBackend> backends() {
        return BACKENDS;
    }

    @AfterAll
    static void close() {
        BACKENDS.forEach(TestBackend::close);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void everyAxisAndSize(TestBackend backend) {
        int lanes = backend.lanes();
        for (int rows : new int[] {1, 2, 13}) {
            for (int cols : new int[] {1, 2, lanes - 1, lanes, lanes + 1, 67}) {
                Tensor full = Guarded.random("full", rows, cols);
                Tensor row = Guarded.random("row", cols);
                Tensor column = Guarded.random("column", rows, 1);
                Tensor scalar = Guarded.random("scalar");
                assertAgrees(backend, full, row, column, scalar);
                assertAgrees(backend, column, full, scalar, row);
                assertAgrees(backend, full, full, scalar, full);
            }
        }
        assertAgrees(backend, Guarded.random("3d", 2, 3, 5), Guarded.random("r", 5), Guarded.random("c", 2, 3, 1),
                Guarded.random("s"));
    }

    // Above every threshold for a second thread; with more rows than a chunk holds, the partial sums are summed in two steps.
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void largeEnoughForSeveralThreads(TestBackend backend) {
        for (int[] dims : new int[][] {{150, 131}, {5, 4001}, {9001, 3}, {1, 30_003}}) {
            Tensor x = Guarded.random("x", dims);
            assertAgrees(backend, x, x, Guarded.random("s"), Guarded.random("t"));
            assertAgrees(backend, x, Guarded.random("r", dims[1]), Guarded.random("c", dims[0], 1), Guarded.random("t"));
        }
    }

    private static void assertAgrees(TestBackend backend, Tensor... args) {
        Shape walked = Broadcast.resultShape("test", Stream.of(args).map(Tensor::shape).toArray(Shape[]::new));
        for (Axis axis : Axis.values()) {
            int[] dims = axis.reduce(walked).dims();
            for (Reduction reduction : Reduction.values()) {
                Tensor expected = Guarded.filled(Float.NaN, dims);
                Tensor actual = Guarded.filled(Float.NaN, dims);
                Tensor magnitudes = Guarded.filled(Float.NaN, dims);
                REFERENCE.reduce(reduction, axis, F, expected, args);
                REFERENCE.reduce(reduction, axis, MAGNITUDE, magnitudes, args);
                backend.backend().reduce(reduction, axis, F, actual, args);
                String label = backend + " " + reduction + " over " + axis + " of " + walked;
                assertGuardsIntact(label, actual);
                // A sum of n terms with 3 roundings each; a maximum rounds its terms only.
                int n = reduction == Reduction.SUM ? walked.size() / expected.size() + 3 : 4;
                assertWithin(label, expected, actual, i -> gamma(n) * magnitudes.data()[magnitudes.offset() + i]);
            }
        }
    }

    // Small integers add up without rounding in any order, so here nothing may be lost or counted twice.
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void sumsOfSmallIntegersAreExact(TestBackend backend) {
        for (int[] dims : new int[][] {{150, 131}, {9001, 3}, {1, 30_003}, {1, 4096}, {1, 4097},
                {3, 2 * backend.lanes() + 1}}) {
            Tensor x = Guarded.random("integers", dims);
            for (int i = 0; i < x.size(); i++) {
                x.data()[x.offset() + i] = Math.round(64 * x.data()[x.offset() + i]);
            }
            for (Axis axis : Axis.values()) {
                Tensor expected = Tensor.zeros(axis.reduce(x.shape()));
                Tensor actual = Tensor.zeros(axis.reduce(x.shape()));
                REFERENCE.reduce(Reduction.SUM, axis, arg(0), expected, x);
                backend.backend().reduce(Reduction.SUM, axis, arg(0), actual, x);
                assertSameBits(backend + " sum over " + axis + " of " + x.shape(), expected, actual);
            }
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void noElementsGiveTheIdentity(TestBackend backend) {
        for (Reduction reduction : Reduction.values()) {
            float identity = reduction.identity();
            Tensor byColumn = Guarded.filled(5, 3);
            backend.backend().reduce(reduction, Axis.ROWS, arg(0), byColumn, Tensor.zeros(0, 3));
            assertArrayEquals(new float[] {identity, identity, identity}, byColumn.toArray());
            Tensor byRow = Guarded.filled(5, 2, 1);
            backend.backend().reduce(reduction, Axis.COLUMNS, arg(0), byRow, Tensor.zeros(2, 0));
            assertArrayEquals(new float[] {identity, identity}, byRow.toArray());
            Tensor all = Guarded.filled(5);
            backend.backend().reduce(reduction, Axis.ALL, arg(0), all, Tensor.zeros(0, 0));
            assertEquals(identity, all.item());
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void maximumAndSumKeepNaN(TestBackend backend) {
        for (int at : new int[] {0, 1, backend.lanes(), 2 * backend.lanes()}) {
            Tensor x = Tensor.full(Float.NEGATIVE_INFINITY, 3, 2 * backend.lanes() + 1);
            x.set(Float.NaN, 1, at);
            for (Reduction reduction : Reduction.values()) {
                for (Axis axis : Axis.values()) {
                    Tensor expected = Tensor.zeros(axis.reduce(x.shape()));
                    Tensor actual = Tensor.zeros(axis.reduce(x.shape()));
                    REFERENCE.reduce(reduction, axis, arg(0), expected, x);
                    backend.backend().reduce(reduction, axis, arg(0), actual, x);
                    assertSameBits(backend + " " + reduction + " " + axis + " NaN at " + at, expected, actual);
                }
            }
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void aConstantCanBeSummed(TestBackend backend) {
        Tensor count = Tensor.zeros(2, 1);
        backend.backend().reduce(Reduction.SUM, Axis.COLUMNS, ONE, count, Tensor.zeros(2, 37));
        assertArrayEquals(new float[] {37, 37}, count.toArray());
    }

    @Test
    void doorsRefuseWhatDoesNotFit() {
        Backend backend = BACKENDS.getFirst().backend();
        Tensor x = Tensor.zeros(2, 3);
        assertEquals("reduce: over COLUMNS [2,3] -> [2,1]; got out [2]", assertThrows(ShapeException.class,
                () -> backend.reduce(Reduction.SUM, Axis.COLUMNS, arg(0), Tensor.zeros(2), x)).getMessage());
        assertEquals("reduce: x1 needs 2 arguments; got 1", assertThrows(ShapeException.class,
                () -> backend.reduce(Reduction.SUM, Axis.ALL, arg(1), Tensor.zeros(), x)).getMessage());
        assertEquals("reduce: arguments must have one shape, or broadcast to it as a row [n], a column [m,1] or a scalar [];"
                + " got [2,3] [3,2]; reshape the smaller argument", assertThrows(ShapeException.class,
                () -> backend.reduce(Reduction.SUM, Axis.ALL, add(arg(0), arg(1)), Tensor.zeros(), x,
                        Tensor.zeros(3, 2))).getMessage());
    }
}
