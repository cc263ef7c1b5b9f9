package larch.autodiff;

import static larch.expr.Expr.arg;
import static larch.op.Elementwise.SQUARE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import larch.backend.Backend;
import larch.backend.KernelCall;
import larch.backend.reference.ReferenceBackend;
import larch.expr.Expr;
import larch.op.Elementwise;
import larch.op.Forward;
import larch.op.MatMul;
import larch.op.Op;
import larch.op.Vjp;
import larch.tensor.Signature;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// The gradient check itself: it must find what is wrong and say where.
class GradCheckTest {
    /// Matrix product whose gradient by B is off by 1% in one coordinate.
    private static final class SlightlyWrong implements Op {
        @Override
        public String name() {
            return "slightly_wrong";
        }

        @Override
        public Signature signature() {
            return MatMul.MATMUL.signature();
        }

        @Override
        public void forward(Forward f) {
            MatMul.MATMUL.forward(f);
        }

        @Override
        public void backward(Vjp v) {
            MatMul.MATMUL.backward(v);
            v.add(1, dB -> {
                v.backend().elementwise(Expr.ZERO, dB);
                dB.set(0.01f, 1, 2);
            });
        }
    }

    /// The reference's kernels, but every result is doubled.
    private static final class Doubling extends Backend {
        private final Backend reference = new ReferenceBackend();
        private int calls;

        @Override
        public Runnable prepare(KernelCall call) {
            Runnable kernel = reference.prepare(call);
            return () -> {
                kernel.run();
                calls++;
                if (call instanceof KernelCall.Elementwise e) {
                    e.outs().forEach(out -> reference.elementwise(Expr.add(arg(0), arg(0)), out, out));
                }
            };
        }

        @Override
        public String name() {
            return "doubling";
        }

        @Override
        public String describe() {
            return name();
        }

        @Override
        public String numerics() {
            return name();
        }
    }

    private static final Tensor A = Tensor.matrix(new float[] {1, -2}, new float[] {0.5f, 3});
    private static final Tensor B = Tensor.matrix(new float[] {2, 1, -1}, new float[] {0.25f, 4, 1.5f});

    @Test
    void findsAWrongCoordinateAndNamesIt() {
        GradCheck.Report report = GradCheck.check(new SlightlyWrong(), A, B);
        assertFalse(report.passed());
        assertEquals("slightly_wrong", report.name());
        assertEquals(1, report.argument());
        assertEquals(5, report.coordinate());
        assertEquals(0.01, report.analytic() - report.numeric(), 1e-4);
        String text = report.toString();
        assertTrue(text.startsWith("slightly_wrong: FAILED; worst at argument 1, coordinate 5: analytic "), text);
    }

    /// A check that took its gradients from elsewhere would pass.
    @Test
    void gradientsAreThoseOfTheGivenBackendAndDifferencesAreNot() {
        Tensor x = Tensor.scalar(3);
        Tensor y = Tensor.scalar(5);
        GradCheck.Report right = GradCheck.check(Elementwise.MUL, x, y);
        assertTrue(right.passed(), right::toString);
        Doubling doubling = new Doubling();
        GradCheck.Report report = GradCheck.check(doubling, Elementwise.MUL, x, y);
        assertFalse(report.passed(), report::toString);
        assertEquals(2, report.analytic() / report.numeric(), 1e-3, report::toString);
        assertTrue(doubling.calls <= 4, () -> "one pass forward and one backward, and no difference of eight passes, got "
                + doubling.calls + " calls");
    }

    @Test
    void aMissingContributionIsFoundToo() {
        Op forgetful = new Op() {
            @Override
            public String name() {
                return "forgetful";
            }

            @Override
            public Signature signature() {
                return Signature.parse("[...] -> [...]");
            }

            @Override
            public void forward(Forward f) {
                SQUARE.forward(f);
            }

            @Override
            public void backward(Vjp v) {
                v.add(0, dX -> v.backend().elementwise(arg(0), dX, v.cotangent()));
            }
        };
        assertFalse(GradCheck.check(forgetful, A).passed());
    }

    @Test
    void oneNaNFailsWhateverComesAfterIt() {
        Elementwise rootOfSquare = Elementwise.of("root_of_square", 1, Expr.sqrt(Expr.mul(arg(0), arg(0))));
        GradCheck.Report report = GradCheck.check(rootOfSquare, Tensor.vector(0, 1, 2));
        assertFalse(report.passed(), report::toString);
        assertEquals(0, report.coordinate());
        assertTrue(Double.isNaN(report.analytic()));
    }

    @Test
    void worksOnArgumentsInTheMiddleOfAnArray() {
        Tensor window = Tensor.wrap(A.shape(), new float[] {9, 9, 1, -2, 0.5f, 3, 9}, 2);
        GradCheck.Report report = GradCheck.check(SQUARE, window);
        assertTrue(report.passed(), report::toString);
        assertTrue(GradCheck.check(MatMul.MATMUL, window, B).passed());
    }
}
