package larch.backend.simd;

import static larch.expr.Comparison.GT;
import static larch.expr.Expr.ZERO;
import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.select;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.Reduction;
import larch.backend.reference.ReferenceBackend;
import larch.expr.Expr;
import larch.tensor.Axis;
import larch.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The shortest way to see whether kernels compile, load and compute at each width.
class CompiledKernelTest {
    private static final Expr F = add(mul(Expr.exp(arg(0)), arg(1)),
            select(GT, arg(2), ZERO, Expr.log(arg(2)), Expr.tanh(arg(3))));

    private final Backend reference = new ReferenceBackend();

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void elementwiseWithEveryAccessAgreesWithTheReference(int bits) {
        try (Backend simd = new SimdBackend(new BackendOptions(2, bits))) {
            Tensor[] args = arguments();
            Tensor expected = Tensor.zeros(5, 37);
            Tensor actual = Tensor.full(Float.NaN, 5, 37);
            reference.elementwise(F, expected, args);
            simd.elementwise(F, actual, args);
            assertArrayEquals(expected.data(), actual.data(), 1e-4f);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void reductionsOverEveryAxisAgreeWithTheReference(int bits) {
        try (Backend simd = new SimdBackend(new BackendOptions(2, bits))) {
            for (Reduction reduction : Reduction.values()) {
                for (Axis axis : Axis.values()) {
                    Tensor[] args = arguments();
                    Tensor expected = Tensor.zeros(axis.reduce(Tensor.zeros(5, 37).shape()));
                    Tensor actual = Tensor.full(Float.NaN, expected.shape().dims());
                    reference.reduce(reduction, axis, F, expected, args);
                    simd.reduce(reduction, axis, F, actual, args);
                    assertArrayEquals(expected.data(), actual.data(), 2e-3f, reduction + " over " + axis);
                }
            }
        }
    }

    private static Tensor[] arguments() {
        return new Tensor[] {ramp(5, 37), ramp(37), ramp(5, 1), Tensor.scalar(0.25f)};
    }

    private static Tensor ramp(int... dims) {
        Tensor tensor = Tensor.zeros(dims);
        for (int i = 0; i < tensor.size(); i++) {
            tensor.data()[i] = (i * 37 % 64 - 30) / 16f;
        }
        return tensor;
    }
}
