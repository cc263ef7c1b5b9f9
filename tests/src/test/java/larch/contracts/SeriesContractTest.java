package larch.contracts;

import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.gen.Bounds.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import larch.backend.Backend;
import larch.backend.KernelCall;
import larch.backend.Series;
import larch.expr.Expr;
import larch.gen.Guarded;
import larch.gen.TestBackend;
import larch.plan.Plan;
import larch.tensor.HostBuffer;
import larch.tensor.Shape;
import larch.tensor.ShapeException;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every backend promises about tables that a program goes through row by row.
class SeriesContractTest {
    private static final List<TestBackend> BACKENDS = Stream.concat(
            Stream.of(new TestBackend("reference", 1, TestBackend.REFERENCE)), TestBackend.all(2).stream()).toList();
    private static final int ROWS = 5;
    private static final int[] WIDTHS = {0, 1, 2, 33, 700};

    static List<TestBackend> backends() {
        return BACKENDS;
    }

    @AfterAll
    static void close() {
        BACKENDS.forEach(TestBackend::close);
    }

    /// On the heap beside other numbers, and where the backend computes, from an element on.
    private static List<Tensor> everywhere(Backend backend, Tensor tensor) {
        int size = tensor.size();
        Tensor placed = backend.place(Tensor.zeros(size + 3)).rows(2, 2 + size).reshape(tensor.shape());
        placed.write(tensor.toArray(), 0);
        return List.of(Guarded.copy(tensor), placed);
    }

    private static float[] row(Tensor table, int row) {
        return table.rows(row, row + 1).toArray();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void nextReadsRowAfterRow(TestBackend tested) {
        Backend backend = tested.backend();
        for (int width : WIDTHS) {
            Tensor numbers = Guarded.random("table", ROWS, width);
            for (Tensor table : everywhere(backend, numbers)) {
                for (Tensor row : everywhere(backend, Guarded.filled(Float.NaN, width))) {
                    Series series = new Series(table);
                    for (int i = 0; i < ROWS; i++) {
                        assertEquals(i, series.position());
                        backend.next(series, row);
                        assertArrayEquals(row(numbers, i), row.toArray(), tested + ", row " + i);
                    }
                    series.moveTo(2);
                    backend.next(series, row);
                    assertArrayEquals(row(numbers, 2), row.toArray());
                    assertEquals(3, series.position());
                    assertSameBits("the table", numbers, table.copy());
                    assertGuardsIntact(row);
                }
            }
        }
    }

    private static void assertGuardsIntact(Tensor tensor) {
        if (tensor.buffer() instanceof HostBuffer && tensor.offset() != 2) {
            Guarded.assertGuardsIntact("series", tensor);
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void appendWritesRowAfterRowAndLeavesTheOthers(TestBackend tested) {
        Backend backend = tested.backend();
        for (int width : WIDTHS) {
            Tensor numbers = Guarded.random("rows", ROWS, width);
            Tensor old = Guarded.random("old", ROWS, width);
            for (Tensor table : everywhere(backend, old)) {
                Tensor expected = old.copy();
                Series series = new Series(table);
                series.moveTo(1);
                for (int i = 1; i < ROWS - 1; i++) {
                    for (Tensor row : everywhere(backend, numbers.rows(i, i + 1))) {
                        series.moveTo(i);
                        backend.append(series, row);
                    }
                    expected.rows(i, i + 1).write(row(numbers, i), 0);
                    assertEquals(i + 1, series.position());
                    assertArrayEquals(expected.toArray(), table.toArray(), tested + ", row " + i);
                }
                assertGuardsIntact(table);
            }
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void thePositionIsLookedAtByEachRun(TestBackend tested) {
        Backend backend = tested.backend();
        Series series = new Series(backend.place(Tensor.matrix(new float[] {1, 2}, new float[] {3, 4}, new float[] {5, 6})));
        Tensor row = backend.place(Tensor.zeros(2));
        Runnable next = backend.prepare(new KernelCall.SeriesRow(KernelCall.SeriesRow.Kind.NEXT, series, row));
        assertEquals(0, series.position(), "prepared, not run");
        series.moveTo(1);
        next.run();
        assertArrayEquals(new float[] {3, 4}, row.toArray());
        series.moveTo(0);
        next.run();
        next.run();
        next.run();
        assertArrayEquals(new float[] {5, 6}, row.toArray());
    }

    /// Each run reads a number, adds all so far to it and writes the sum.
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void aPlanGoesOnByOneRowInEachRun(TestBackend tested) {
        Backend backend = tested.backend();
        Series in = new Series(backend.place(Tensor.matrix(new float[][] {{1}, {2}, {4}, {8}, {16}, {32}})));
        Series out = new Series(backend.place(Tensor.zeros(6, 1)));
        Tensor sum = backend.place(Tensor.zeros(1));
        Plan plan = Plan.record(backend, recorder -> {
            Tensor number = recorder.allocate(Shape.of(1));
            recorder.next(in, number);
            recorder.elementwise(add(arg(0), arg(1)), sum, sum, number);
            recorder.append(out, sum);
        });
        assertEquals(1, in.position(), "the recording is the first run");
        plan.run();
        plan.run(0);
        plan.run(3);
        assertEquals(5, in.position());
        assertEquals(5, out.position());
        assertArrayEquals(new float[] {1, 3, 7, 15, 31, 0}, out.table().toArray(), tested.label());
        in.moveTo(1);
        out.moveTo(0);
        plan.run(2);
        assertArrayEquals(new float[] {33, 37, 7, 15, 31, 0}, out.table().toArray(), tested.label());
        assertEquals("plan: expected at least 0 runs; got -1",
                assertThrows(IllegalArgumentException.class, () -> plan.run(-1)).getMessage());
    }

    /// The first row must wait until all threads have read the memory that it goes to, the second need not.
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void rowsOfOneSeriesComeInTheOrderOfTheProgram(TestBackend tested) {
        Backend backend = tested.backend();
        Series series = new Series(Tensor.matrix(new float[][] {{1}, {2}, {3}, {4}}));
        Tensor x = Tensor.full(1, 64, 8);
        Tensor[] read = new Tensor[2];
        Plan plan = Plan.record(backend, recorder -> {
            Tensor row = recorder.allocate(Shape.of(1));
            read[0] = recorder.allocate(Shape.of(1));
            read[1] = recorder.allocate(Shape.of(1));
            recorder.elementwise(Expr.ZERO, row);
            recorder.elementwise(add(arg(0), arg(1)), x, x, row);
            recorder.next(series, row);
            recorder.next(series, read[1]);
            recorder.elementwise(arg(0), read[0], row);
            recorder.keep(read[0]);
            recorder.keep(read[1]);
        });
        plan.run();
        assertEquals(3, read[0].item(), tested.label());
        assertEquals(4, read[1].item(), tested.label());
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void pastTheEndIsAnErrorAndMovesNothing(TestBackend tested) {
        Backend backend = tested.backend();
        Series series = new Series(backend.place(Tensor.full(7, 2, 3)));
        series.moveTo(2);
        Tensor row = backend.place(Tensor.zeros(3));
        String past = ": position 2 is past the table's 2 rows; move the series back with moveTo(row), or give it more rows";
        assertEquals("next_row [2,3] -> [3]" + past,
                assertThrows(IllegalStateException.class, () -> backend.next(series, row)).getMessage());
        assertEquals("append_row [3] -> [2,3]" + past,
                assertThrows(IllegalStateException.class, () -> backend.append(series, row)).getMessage());
        assertArrayEquals(new float[3], row.toArray());
        assertArrayEquals(Tensor.full(7, 2, 3).toArray(), series.table().toArray());
        series.moveTo(1);
        Plan plan = Plan.record(backend, recorder -> recorder.next(series, row));
        assertThrows(IllegalStateException.class, plan::run);
        assertEquals(2, series.position());
        series.moveTo(0);
        plan.run(2);
        assertArrayEquals(Tensor.full(7, 3).toArray(), row.toArray());
    }

    @Test
    void severalRowsAtOnceAreTakenTogetherOrNotAtAll() {
        Series series = new Series(Tensor.zeros(5, 1));
        var next = new KernelCall.SeriesRow(KernelCall.SeriesRow.Kind.NEXT, series, Tensor.zeros(1));
        assertEquals(0, next.advance(2));
        assertEquals(2, next.advance(2));
        assertEquals("next_row [5,1] -> [1]: position 4 and 1 more is past the table's 5 rows; move the series back with"
                + " moveTo(row), or give it more rows",
                assertThrows(IllegalStateException.class, () -> next.advance(2)).getMessage());
        assertEquals(4, series.position());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Backend backend = TestBackend.REFERENCE;
        assertEquals("series: expected a table [rows,width]; got [4]",
                assertThrows(ShapeException.class, () -> new Series(Tensor.zeros(4))).getMessage());
        Series series = new Series(Tensor.zeros(4, 2));
        for (int row : new int[] {-1, 5}) {
            assertEquals("series: expected a position from 0 to 4; got " + row,
                    assertThrows(IllegalArgumentException.class, () -> series.moveTo(row)).getMessage());
        }
        assertEquals("next: expected a row of as many elements as the table [4,2] has columns; got [3]",
                assertThrows(ShapeException.class, () -> backend.next(series, Tensor.zeros(3))).getMessage());
        assertEquals("append: expected a row of as many elements as the table [4,2] has columns; got [4,2]",
                assertThrows(ShapeException.class, () -> backend.append(series, Tensor.zeros(4, 2))).getMessage());
        String own = ": what is read overlaps the result; give the result memory of its own and copy it afterwards";
        Tensor inside = series.table().rows(3, 4);
        assertEquals("next" + own, assertThrows(ShapeException.class, () -> backend.next(series, inside)).getMessage());
        assertEquals("append" + own, assertThrows(ShapeException.class, () -> backend.append(series, inside)).getMessage());
    }
}
