package larch.docs;

import static larch.expr.Expr.arg;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.sigmoid;
import static larch.op.Elementwise.MUL;
import static larch.op.Elementwise.TANH;
import static larch.op.MatMul.MATMUL;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import larch.autodiff.GradCheck;
import larch.autodiff.Gradients;
import larch.autodiff.Parameter;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.autodiff.Workspace;
import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.op.BinaryCrossEntropy;
import larch.op.Elementwise;
import larch.op.Op;
import larch.op.Reduce;
import larch.optim.Adam;
import larch.tensor.Axis;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// The code of `docs/autodiff.md`; `DocsAreCurrentTest` holds the two together.
class AutodiffSnippetsTest {
    private final Backend backend = new ReferenceBackend();

    @Test
    void workedExample() {
        Tape tape = Tape.recording(backend);
        Var x = tape.variable("x", Tensor.vector(1, 2, 3));
        Var y = tape.variable("y", Tensor.vector(4, 5, 6));
        Var loss = x.apply(MUL, y).apply(Reduce.sum(Axis.ALL));   // L = Σ x·y = 32
        Gradients gradients = tape.backward(loss);
        Tensor dx = gradients.of(x);                              // ∂L/∂x = y = {4, 5, 6}
        Tensor dy = gradients.of(y);                              // ∂L/∂y = x = {1, 2, 3}

        assertEquals(32, loss.value().item());
        assertArrayEquals(new float[] {4, 5, 6}, dx.toArray());
        assertArrayEquals(new float[] {1, 2, 3}, dy.toArray());
    }

    @Test
    void trainingStep() {
        Parameter w = new Parameter("w", Tensor.matrix(new float[] {0.1f}, new float[] {-0.2f}));
        Tensor features = Tensor.matrix(new float[] {1, 2}, new float[] {-1, 0.5f});
        Tensor labels = Tensor.matrix(new float[] {1}, new float[] {0});
        float[] losses = new float[20];

        Workspace memory = new Workspace();
        try (Adam adam = new Adam(backend, List.of(w), Adam.Settings.DEFAULT)) {
            for (int step = 0; step < losses.length; step++) {
                Tape tape = Tape.recording(backend, memory);
                Var logits = tape.constant(features).apply(TANH).apply(MATMUL, tape.parameter(w));
                Var loss = logits.apply(new BinaryCrossEntropy(1), tape.constant(labels));
                losses[step] = loss.value().item();
                adam.step(tape.backward(loss));
            }
        }

        assertTrue(losses[19] < losses[0], () -> losses[19] + " after " + losses[0]);
    }

    @Test
    void newOp() {
        Op swish = Elementwise.of("swish", 1, mul(arg(0), sigmoid(arg(0))));
        GradCheck.Report report = GradCheck.check(swish, Tensor.vector(-2, 0, 0.5f, 3));

        assertTrue(report.passed(), report::toString);
    }
}
