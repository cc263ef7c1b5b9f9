package larch.opencl.source;

import static larch.expr.Expr.abs;
import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.mul;
import static larch.gen.Bounds.assertSameBits;
import static larch.gen.Bounds.assertWithin;
import static larch.gen.Bounds.gamma;
import static larch.gen.Guarded.assertGuardsIntact;
import static larch.gen.TestBackend.REFERENCE;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import larch.backend.Reduction;
import larch.expr.Expr;
import larch.gen.Guarded;
import larch.tensor.Axis;
import larch.tensor.Broadcast;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Folds on a device, within the bounds that every backend keeps.
@Tag("opencl")
class ReduceDeviceTest {
    private static final Expr F = add(mul(arg(0), arg(1)), mul(arg(2), arg(3)));
    private static final Expr MAGNITUDE = add(abs(mul(arg(0), arg(1))), abs(mul(arg(2), arg(3))));
    private static final List<Broadcast> MIXED = List.of(Broadcast.values());
    /// Small, odd, long, wide; with one pass and with two.
    private static final int[][] SIZES = {{1, 1}, {2, 3}, {13, 67}, {150, 131}, {5, 4001}, {9001, 3}, {1, 30_003},
        {40_000, 1}, {700, 300}};
    private static KernelRunner device;

    @BeforeAll
    static void build() {
        List<KernelSource> kernels = new ArrayList<>();
        for (Reduction reduction : Reduction.values()) {
            for (Axis axis : Axis.values()) {
                kernels.add(ReduceSource.of("mixed_" + reduction + axis, reduction, axis, F, MIXED));
                kernels.add(ReduceSource.of("plain_" + reduction + axis, reduction, axis, arg(0), List.of(Broadcast.FULL)));
            }
            kernels.add(ReduceSource.ofPartials("partials_" + reduction, reduction));
        }
        device = KernelRunner.of(kernels);
    }

    @AfterAll
    static void close() {
        if (device != null) {
            device.close();
        }
    }

    private static void reduce(String f, Reduction reduction, Axis axis, Tensor out, int rows, int cols, Tensor... args) {
        ReducePlan plan = ReducePlan.of(axis, rows, cols);
        if (!plan.hasTwoPasses()) {
            launch(f + reduction + axis, plan, rows, cols, out, args);
            return;
        }
        Tensor partials = Guarded.filled(Float.NaN, plan.chunks(), plan.kept());
        launch(f + reduction + axis, plan, rows, cols, partials, args);
        assertGuardsIntact("partials", partials);
        launch("partials_" + reduction, plan.second(), plan.chunks(), plan.kept(), out, partials);
    }

    private static void launch(String kernel, ReducePlan plan, int rows, int cols, Tensor out, Tensor... args) {
        List<Object> values = new ArrayList<>(List.of(out.data(), out.offset()));
        for (Tensor arg : args) {
            values.addAll(List.of(arg.data(), arg.offset()));
        }
        values.addAll(List.of(rows, cols, plan.lanes(), plan.chunk()));
        device.run(kernel, new long[] {plan.globalSize(), plan.chunks()}, new long[] {ReducePlan.GROUP, 1},
                values.toArray());
    }

    @Test
    void everyAxisSizeAndAccess() {
        for (int[] dims : SIZES) {
            Tensor[] args = {Guarded.random("full", dims), Guarded.random("row", dims[1]),
                Guarded.random("column", dims[0], 1), Guarded.random("scalar")};
            Shape walked = Shape.of(dims);
            for (Axis axis : Axis.values()) {
                int[] kept = axis.reduce(walked).dims();
                Tensor magnitudes = Guarded.filled(0, kept);
                REFERENCE.reduce(Reduction.SUM, axis, MAGNITUDE, magnitudes, args);
                for (Reduction reduction : Reduction.values()) {
                    Tensor expected = Guarded.filled(Float.NaN, kept);
                    REFERENCE.reduce(reduction, axis, F, expected, args);
                    Tensor first = Guarded.filled(Float.NaN, kept);
                    Tensor second = Guarded.filled(Float.NaN, kept);
                    Stream.of(first, second).forEach(
                            out -> reduce("mixed_", reduction, axis, out, dims[0], dims[1], args));
                    String label = reduction + " over " + axis + " of " + walked;
                    assertGuardsIntact(label, first);
                    int n = walked.size() / expected.size() + 3;
                    assertWithin(label, expected, first, i -> gamma(n) * magnitudes.data()[magnitudes.offset() + i]);
                    assertSameBits(label + " run again", first, second);
                }
            }
        }
    }

    // Small integers add up without rounding in any order, so here nothing may be lost or counted twice.
    @Test
    void sumsOfSmallIntegersAreExact() {
        for (int[] dims : SIZES) {
            Tensor x = Guarded.random("integers", dims);
            for (int i = 0; i < x.size(); i++) {
                x.data()[x.offset() + i] = Math.round(64 * x.data()[x.offset() + i]);
            }
            for (Reduction reduction : Reduction.values()) {
                assertExact(reduction, x);
            }
        }
    }

    @Test
    void maximumAndSumKeepNaN() {
        for (int[] dims : new int[][] {{3, 67}, {700, 300}}) {
            Tensor x = Guarded.filled(Float.NEGATIVE_INFINITY, dims);
            x.set(Float.NaN, 1, dims[1] - 1);
            for (Reduction reduction : Reduction.values()) {
                assertExact(reduction, x);
            }
        }
    }

    @Test
    void theMaximumOfZerosIsThePositiveOne() {
        Tensor x = Guarded.filled(-0f, 300, 2);
        assertExact(Reduction.MAX, x);
        x.set(0f, 299, 1);
        assertExact(Reduction.MAX, x);
    }

    private static void assertExact(Reduction reduction, Tensor x) {
        for (Axis axis : Axis.values()) {
            Tensor expected = Tensor.zeros(axis.reduce(x.shape()));
            Tensor actual = Tensor.zeros(axis.reduce(x.shape()));
            REFERENCE.reduce(reduction, axis, arg(0), expected, x);
            reduce("plain_", reduction, axis, actual, x.dim(0), x.dim(1), x);
            assertSameBits(reduction + " over " + axis + " of " + x.shape(), expected, actual);
        }
    }
}
