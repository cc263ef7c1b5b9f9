package larch.autodiff;

import static larch.op.Elementwise.ADD;
import static larch.op.Elementwise.EXP;
import static larch.op.Elementwise.MUL;
import static larch.op.Elementwise.RELU;
import static larch.op.Elementwise.SQUARE;
import static larch.op.MatMul.MATMUL;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.op.Reduce;
import larch.tensor.Axis;
import larch.tensor.ShapeException;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Test;

class TapeTest {
    private static final Reduce SUM = Reduce.sum(Axis.ALL);

    private final Backend backend = new ReferenceBackend();
    private final Tape tape = Tape.recording(backend);

    private static String message(Class<? extends RuntimeException> type, Runnable action) {
        return assertThrows(type, action::run).getMessage();
    }

    @Test
    void gradientOfAHandComputedExpression() {
        // L = Σ (x·y + x²): ∂L/∂x = y + 2x, ∂L/∂y = x.
        Var x = tape.variable("x", Tensor.vector(1, 2, -3));
        Var y = tape.variable("y", Tensor.vector(4, 0, 5));
        Gradients gradients = tape.backward(x.apply(MUL, y).apply(ADD, x.apply(SQUARE)).apply(SUM));
        assertArrayEquals(new float[] {6, 4, -1}, gradients.of(x).toArray());
        assertArrayEquals(new float[] {1, 2, -3}, gradients.of(y).toArray());
    }

    @Test
    void contributionsOfSeveralUsesAddUp() {
        Var x = tape.variable("x", Tensor.scalar(3));
        Var sum = x;
        for (int i = 0; i < 4; i++) {
            sum = sum.apply(ADD, x);
        }
        assertEquals(5, tape.backward(sum).of(x).item());
    }

    @Test
    void aCotangentWeighsTheResult() {
        Var x = tape.variable("x", Tensor.vector(1, 2));
        Tensor cotangent = Tensor.vector(10, -1);
        Gradients gradients = tape.backward(x.apply(SQUARE), cotangent);
        assertArrayEquals(new float[] {20, -4}, gradients.of(x).toArray());
        assertArrayEquals(new float[] {10, -1}, cotangent.toArray(), "the caller's cotangent stays as it was");
    }

    @Test
    void theGradientOfALeafByItselfIsTheCotangent() {
        Var x = tape.variable("x", Tensor.vector(1, 2));
        assertArrayEquals(new float[] {7, 8}, tape.backward(x, Tensor.vector(7, 8)).of(x).toArray());
    }

    @Test
    void detachStopsTheGradient() {
        Var x = tape.variable("x", Tensor.vector(2, 3));
        Var y = x.apply(SQUARE);
        Var stopped = y.detach();
        // L = Σ y·stop(y): ∂L/∂x = 2x·y, not 4x³ = twice that.
        Gradients gradients = tape.backward(y.apply(MUL, stopped).apply(SUM));
        assertArrayEquals(new float[] {16, 54}, gradients.of(x).toArray());
        assertThrows(IllegalArgumentException.class, () -> gradients.of(stopped), "it is a constant");
    }

    @Test
    void constantsGetNoGradientAndCostNoBackwardPass() {
        Var c = tape.constant(Tensor.vector(1, 2));
        Var x = tape.variable("x", Tensor.vector(3, 4));
        Gradients gradients = tape.backward(x.apply(MUL, c.apply(EXP)).apply(SUM));
        assertEquals("gradient: constant is a constant or depends on constants only; make it a variable or a parameter",
                message(IllegalArgumentException.class, () -> gradients.of(c)));
        assertTrue(tape.toDot().contains("label=\"exp\\n[2]\", color=gray"), tape::toDot);
    }

    @Test
    void aTapeServesOneBackwardPass() {
        Var x = tape.variable("x", Tensor.scalar(1));
        Var loss = x.apply(SQUARE);
        tape.backward(loss);
        assertEquals("backward: was already run on this tape; record again",
                message(IllegalStateException.class, () -> tape.backward(loss)));
        assertEquals("tape: square after backward; each tape serves one backward pass, so start another one",
                message(IllegalStateException.class, () -> x.apply(SQUARE)));
        assertEquals("tape: constant after backward; each tape serves one backward pass, so start another one",
                message(IllegalStateException.class, () -> tape.constant(Tensor.scalar(1))));
    }

    @Test
    void variablesOfAnotherTapeAreRefused() {
        Tape other = Tape.recording(backend);
        Var stranger = other.variable("stranger", Tensor.scalar(1));
        Var x = tape.variable("x", Tensor.scalar(1));
        assertEquals("add: argument 1 comes from another tape; pass its value through constant(var.value())",
                message(IllegalArgumentException.class, () -> x.apply(ADD, stranger)));
        assertEquals("backward: the value comes from another tape",
                message(IllegalArgumentException.class, () -> tape.backward(stranger)));
        Gradients gradients = tape.backward(x.apply(SQUARE));
        assertEquals("gradient: the variable comes from another tape",
                message(IllegalArgumentException.class, () -> gradients.of(stranger)));
    }

    @Test
    void aLossMustBeScalarAndACotangentMustFit() {
        Var x = tape.variable("x", Tensor.vector(1, 2));
        assertEquals("backward: expected a scalar loss, got [2]; reduce it, or pass a cotangent of that shape",
                message(IllegalArgumentException.class, () -> tape.backward(x)));
        assertEquals("backward: the cotangent must have the value's shape [2]; got [3]",
                message(IllegalArgumentException.class, () -> tape.backward(x, Tensor.zeros(3))));
        // Neither attempt used the tape up.
        assertArrayEquals(new float[] {2, 4}, tape.backward(x.apply(SQUARE).apply(SUM)).of(x).toArray());
    }

    @Test
    void gradientsThatDoNotExistAreErrors() {
        Var x = tape.variable("x", Tensor.scalar(1));
        Var unused = tape.variable("unused", Tensor.scalar(1));
        Parameter used = new Parameter("fc/weight", Tensor.scalar(2));
        Parameter never = new Parameter("fc/bias", Tensor.scalar(2));
        Var y = x.apply(MUL, tape.parameter(used));
        Gradients gradients = tape.backward(y.apply(SQUARE));
        assertEquals("gradient: the loss does not depend on unused",
                message(IllegalArgumentException.class, () -> gradients.of(unused)));
        assertEquals("gradient: mul is not a leaf; only variables and parameters have one",
                message(IllegalArgumentException.class, () -> gradients.of(y)));
        assertEquals("gradient: fc/bias was not used on this tape",
                message(IllegalArgumentException.class, () -> gradients.of(never)));
        assertEquals("gradient: fc/weight is dense; use of(parameter)",
                message(IllegalStateException.class, () -> gradients.rowsOf(used)));
        assertTrue(gradients.has(used));
        assertFalse(gradients.has(never));
        assertEquals(4, gradients.of(used).item());
    }

    @Test
    void aParameterIsOneLeafHoweverOftenItIsUsed() {
        Parameter w = new Parameter("w", Tensor.scalar(3));
        assertSame(tape.parameter(w), tape.parameter(w));
        assertEquals(6, tape.backward(tape.parameter(w).apply(MUL, tape.parameter(w))).of(w).item());
    }

    @Test
    void inferenceComputesAndRecordsNothing() {
        Tape inference = Tape.inference(backend);
        Var x = inference.variable("x", Tensor.vector(-1, 2));
        Var y = x.apply(RELU);
        assertArrayEquals(new float[] {0, 2}, y.value().toArray());
        assertEquals("digraph tape {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n}\n", inference.toDot());
        assertEquals("backward: this tape does not record; use Tape.recording",
                message(IllegalStateException.class, () -> inference.backward(y, Tensor.zeros(2))));
    }

    @Test
    void shapeErrorsComeFromTheOp() {
        Var x = tape.variable("x", Tensor.zeros(64, 32));
        Var w = tape.variable("w", Tensor.zeros(16, 10));
        assertEquals("matmul: signature [m,k] [k,n] -> [m,n]; got [64,32] [16,10]: k is 32 in argument 0 but 16 in argument 1",
                message(ShapeException.class, () -> x.apply(MATMUL, w)));
    }

    @Test
    void drawingNamesOpsShapesAndLeaves() {
        Var x = tape.constant(Tensor.zeros(2, 3));
        Var w = tape.parameter(new Parameter("fc\"1\"/weight", Tensor.zeros(3, 4)));
        x.apply(MATMUL, w).apply(RELU);
        assertEquals("""
                digraph tape {
                  rankdir=LR;
                  node [fontname="sans-serif"];
                  n0 [label="constant\\n[2,3]", shape=box, color=gray, fontcolor=gray];
                  n1 [label="fc'1'/weight\\n[3,4]", shape=box];
                  n2 [label="matmul\\n[2,4]"];
                  n0 -> n2;
                  n1 -> n2;
                  n3 [label="relu\\n[2,4]"];
                  n2 -> n3;
                }
                """, tape.toDot());
    }
}
