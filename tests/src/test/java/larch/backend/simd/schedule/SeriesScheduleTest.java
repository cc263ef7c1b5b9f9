package larch.backend.simd.schedule;

import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Consumer;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.Footprint;
import larch.backend.KernelCall;
import larch.backend.Memory;
import larch.backend.Series;
import larch.backend.simd.SimdBackend;
import larch.expr.Expr;
import larch.plan.Plan;
import larch.plan.Recorder;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Where in a schedule rows of a series are read and written.
class SeriesScheduleTest {
    private static final Backend BACKEND = new SimdBackend(new BackendOptions(2, 256));

    @AfterAll
    static void close() {
        BACKEND.close();
    }

    private static List<String> regions(Consumer<Recorder> program) {
        String text = Plan.record(BACKEND, program).toString();
        return List.of(text.substring("region".length()).split("region"));
    }

    /// Otherwise they would stop in the middle of their work for it. The size of the table does not matter.
    @Test
    void aRowIsReadBeforeTheThreadsBegin() {
        Series series = new Series(Tensor.full(1, 70_000, 8));
        Tensor x = Tensor.full(1, 64, 8);
        List<String> regions = regions(recorder -> {
            Tensor row = recorder.allocate(Shape.of(8));
            Tensor y = recorder.allocate(x.shape());
            recorder.next(series, row);
            recorder.elementwise(Expr.neg(arg(0)), y, x);
            recorder.elementwise(add(arg(0), arg(1)), x, y, row);
        });
        assertEquals(2, regions.size(), regions::toString);
        assertEquals("alone  next_row [70000,8] -> [8]", regions.getFirst().strip());
        assertTrue(regions.get(1).contains("2 parts"), regions::toString);
    }

    /// Another worker would have less to do, but then a host action that follows would have to wait for it.
    @Test
    void aRowIsWrittenByTheThreadThatRunsThePlan() {
        Series series = new Series(Tensor.zeros(70_000, 1));
        Tensor loss = Tensor.scalar(1);
        Tensor other = Tensor.scalar(2);
        List<String> regions = regions(recorder -> {
            recorder.elementwise(Expr.neg(arg(0)), other, other);
            recorder.append(series, loss);
            recorder.host("what follows", () -> { });
        });
        assertTrue(regions.getLast().contains("worker 0  append_row [] -> [70000,1]"), regions::toString);
        assertTrue(regions.getLast().contains("worker 0  host: what follows"), regions::toString);
    }

    @Test
    void rowsOfOneSeriesMustKeepTheirOrder() {
        Series one = new Series(Tensor.zeros(4, 1));
        Series another = new Series(one.table());
        Tensor x = Tensor.zeros(1);
        Tensor y = Tensor.zeros(1);
        assertTrue(next(one, x).conflictsWith(next(one, y)), "the second takes the row after the first one's");
        assertFalse(next(one, x).conflictsWith(next(another, y)), "two readers of one table");
        Footprint host = Footprint.of(new KernelCall.Host("moves the series", () -> { }, false, List.of()), List.of());
        assertTrue(next(one, x).conflictsWith(host) && host.conflictsWith(next(one, x)));
    }

    private static Footprint next(Series series, Tensor row) {
        return Footprint.of(new KernelCall.SeriesRow(KernelCall.SeriesRow.Kind.NEXT, series, row), List.of(Memory.of(row)));
    }
}
