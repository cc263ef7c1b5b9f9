package larch.opencl.source;

import static larch.expr.Comparison.GT;
import static larch.expr.Expr.ZERO;
import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.con;
import static larch.expr.Expr.fma;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.select;
import static larch.tensor.Broadcast.COLUMN;
import static larch.tensor.Broadcast.FULL;
import static larch.tensor.Broadcast.ROW;
import static larch.tensor.Broadcast.SCALAR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import larch.backend.Reduction;
import larch.expr.Expr;
import larch.expr.Prim;
import larch.op.Elementwise;
import larch.tensor.Axis;
import org.junit.jupiter.api.Test;

/// The text of kernels; what they compute is tested on devices.
class KernelSourceTest {
    @Test
    void theExampleInTheDocs() {
        assertEquals("""
                // out0 = (x0 + x1)
                // x0 FULL, x1 ROW
                __kernel void add_bias(__global float* out0, int outOffset0,
                        __global const float* arg0, int offset0,
                        __global const float* arg1, int offset1,
                        int rows, int cols) {
                    size_t i = get_global_id(0);
                    if (i >= (size_t) rows * cols) return;
                    uint column = (uint) i % (uint) cols;
                    float t0 = arg0[offset0 + i];
                    float t1 = arg1[offset1 + column];
                    float t2 = t0 + t1;
                    out0[outOffset0 + i] = t2;
                }
                """, ElementwiseSource.of("add_bias", List.of(add(arg(0), arg(1))), List.of(FULL, ROW)).text());
    }

    @Test
    void allResultsAreComputedBeforeTheFirstIsStored() {
        String text = ElementwiseSource.of("swap", List.of(arg(1), arg(0)), List.of(FULL, FULL)).text();
        int stored = text.indexOf("out0[");
        assertTrue(text.indexOf("= arg0[") < stored && text.indexOf("= arg1[") < stored
                && stored < text.indexOf("out1["), text);
        assertFalse(text.contains("restrict"), "a result may be an argument");
    }

    @Test
    void elementsAreSplitOnlyWhereNeeded() {
        String flat = ElementwiseSource.of("f", List.of(mul(arg(0), arg(1))), List.of(FULL, SCALAR)).text();
        assertFalse(flat.contains("%") || flat.contains("/ (uint)"), flat);
        String column = ElementwiseSource.of("f", List.of(mul(arg(0), arg(1))), List.of(FULL, COLUMN)).text();
        assertTrue(column.contains("uint row = (uint) i / (uint) cols;") && column.contains("arg1[offset1 + row]"), column);
        assertFalse(column.contains("%"), column);
    }

    @Test
    void pickedRowsReadAndWriteTheTables() {
        String text = ElementwiseSource.ofPickedRows("step", List.of(fma(arg(1), arg(2), arg(0)), arg(0)),
                List.of(COLUMN)).text();
        for (String part : List.of("// x2 COLUMN", "size_t at = (size_t) picked[row] * cols + column;",
                "= table1[tableOffset1 + at];", "= arg0[offset0 + row];", "table0[tableOffset0 + at] = t")) {
            assertTrue(text.contains(part), () -> part + " in " + text);
        }
    }

    @Test
    void nothingIsLeftToTheLibrary() {
        List<Expr> fs = Stream.of(Elementwise.SOFTPLUS, Elementwise.TANH, Elementwise.power(1.5f), Elementwise.SIGMOID)
                .map(Elementwise::function).toList();
        String text = ExpressionSource.of(fs).statements("", n -> "x" + n);
        assertFalse(text.matches("(?s).*\\b(exp|log|log1p|tanh|pow|fmin|fmax|native_\\w+|mad)\\(.*"), text);
        text.lines().forEach(line -> assertTrue(line.matches("float t\\d+ = .+;"), line));
        assertTrue(ProgramSource.ofKernels("none").text().contains("#pragma OPENCL FP_CONTRACT OFF"));
    }

    @Test
    void literalsAreExact() {
        assertEquals("0.0f", ExpressionSource.literal(0));
        assertEquals("as_float(0x80000000u)", ExpressionSource.literal(-0f));
        assertEquals("-2.0f", ExpressionSource.literal(-2));
        assertEquals("0x1.99999ap-4f", ExpressionSource.literal(0.1f));
        assertEquals("as_float(0x7fc00000u)", ExpressionSource.literal(Float.NaN));
        assertEquals("as_float(0xff800000u)", ExpressionSource.literal(Float.NEGATIVE_INFINITY));
        assertEquals("as_float(0x00000001u)", ExpressionSource.literal(Float.MIN_VALUE));
        assertEquals("0x1.fffffep127f", ExpressionSource.literal(Float.MAX_VALUE));
    }

    @Test
    void comparisonsAndPrimitivesAsWritten() {
        assertEquals("""
                float t0 = x0;
                float t1 = 0.0f;
                float t2 = t0 > t1 ? t0 : t1;
                float t3 = exact_max(t2, t0);
                """, ExpressionSource.of(List.of(Expr.apply(Prim.MAX, select(GT, arg(0), ZERO, arg(0), ZERO), arg(0))))
                .statements("", n -> "x" + n));
        assertEquals("t1", ExpressionSource.of(List.of(arg(0), con(2))).result(1));
    }

    @Test
    void foldsSayWhatTheyFold() {
        String text = ReduceSource.of("norm", Reduction.SUM, Axis.ROWS, mul(arg(0), arg(0)), List.of(FULL)).text();
        assertTrue(text.startsWith("// SUM over ROWS of (x0 * x0)\n// x0 FULL\n"), text);
        assertTrue(text.contains("reqd_work_group_size(256, 1, 1)") && text.contains("__local float partial[256];"), text);
    }
}
