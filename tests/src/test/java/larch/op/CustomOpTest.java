package larch.op;

import static larch.expr.Expr.arg;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.sigmoid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import larch.autodiff.GradCheck;
import larch.autodiff.Tape;
import larch.backend.reference.ReferenceBackend;
import larch.expr.Derivative;
import larch.expr.Expr;
import larch.tensor.Signature;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// An op defined outside the engine works like any other. This is the example in the doc of [Op].
class CustomOpTest {
    static final class Swish implements Op {
        private static final Expr F = mul(arg(0), sigmoid(arg(0)));
        private static final Expr DF = mul(arg(1), Derivative.of(F, 0));

        @Override
        public String name() {
            return "swish";
        }

        @Override
        public Signature signature() {
            return Signature.parse("[...] -> [...]");
        }

        @Override
        public void forward(Forward f) {
            f.backend().elementwise(F, f.out(), f.in(0));
        }

        @Override
        public void backward(Vjp v) {
            v.add(0, dX -> v.backend().elementwise(DF, dX, v.in(0), v.cotangent()));
        }
    }

    private static final Tensor X = Tensor.matrix(new float[] {-2, -0.5f, 0}, new float[] {0.25f, 1, 3});

    @Test
    void computesItsFormula() {
        Tape tape = Tape.inference(new ReferenceBackend());
        float[] y = tape.constant(X).apply(new Swish()).value().toArray();
        for (int i = 0; i < y.length; i++) {
            assertEquals((float) (X.data()[i] / (1 + Math.exp(-X.data()[i]))), y[i], 1e-7f);
        }
    }

    @Test
    void passesTheGradientCheck() {
        GradCheck.Report report = GradCheck.check(new Swish(), X);
        assertTrue(report.passed(), report::toString);
    }

    @Test
    void oneLineIsEnoughForAnElementWiseOp() {
        Elementwise swish = Elementwise.of("swish", 1, mul(arg(0), sigmoid(arg(0))));
        GradCheck.Report report = GradCheck.check(swish, X);
        assertTrue(report.passed(), report::toString);
    }
}
