package larch.contracts;

import static larch.expr.Comparison.GT;
import static larch.expr.Expr.ZERO;
import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.select;
import static larch.gen.TestBackend.REFERENCE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import larch.backend.Backend;
import larch.expr.Expr;
import larch.gemm.Epilogue;
import larch.gemm.Gemm;
import larch.gemm.Operand;
import larch.gemm.Transpose;
import larch.gen.TestBackend;
import larch.tensor.Broadcast;
import larch.tensor.HostBuffer;
import larch.tensor.Shape;
import larch.tensor.ShapeException;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every backend owes to a product with an epilogue.
class EpilogueContractTest {
    private static final Transpose N = Transpose.NO;
    private static final Expr BIAS_RELU = select(GT, add(arg(0), arg(1)), ZERO, add(arg(0), arg(1)), ZERO);
    private static final Expr SUM = add(arg(0), arg(1));

    private static final List<TestBackend> BACKENDS = Stream.concat(TestBackend.all(2).stream(),
            Stream.of(new TestBackend("reference", 1, REFERENCE))).toList();

    static List<TestBackend> backends() {
        return BACKENDS;
    }

    @AfterAll
    static void close() {
        BACKENDS.forEach(TestBackend::close);
    }

    /// ```text
    ///   1 2      1 0         1  2       10 −20        11   0
    ///   3 4  ·   0 1   =     3  4   +   10 −20   →    13   0   after relu
    /// ```
    @ParameterizedTest
    @MethodSource("backends")
    void everyKindOfOperandComputedByHand(TestBackend backend) {
        Tensor a = Tensor.of(Shape.of(2, 2), 1, 2, 3, 4);
        Tensor one = Tensor.of(Shape.of(2, 2), 1, 0, 0, 1);
        assertArrayEquals(new float[] {11, 0, 13, 0},
                product(backend.backend(), a, one, 0, BIAS_RELU, Tensor.of(Shape.of(2), 10, -20)));
        assertArrayEquals(new float[] {11, 12, -17, -16},
                product(backend.backend(), a, one, 0, SUM, Tensor.of(Shape.of(2, 1), 10, -20)));
        assertArrayEquals(new float[] {1.5f, 2.5f, 3.5f, 4.5f}, product(backend.backend(), a, one, 0, SUM, Tensor.scalar(0.5f)));
        assertArrayEquals(new float[] {2, 4, 6, 8}, product(backend.backend(), a, one, 0, SUM, a));
        assertArrayEquals(new float[] {202, 204, 206, 208}, product(backend.backend(), a, one, 2, SUM, a));
    }

    /// @return `f(A·B + beta·C)` with C full of 100
    private static float[] product(Backend backend, Tensor a, Tensor b, float beta, Expr f, Tensor operand) {
        Tensor out = Tensor.full(beta == 0 ? Float.NaN : 100, 2, 2);
        backend.gemm(N, N, 1, a, b, beta, out, f, operand);
        return out.data();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void anEmptyProductStillHasItsEpilogue(TestBackend backend) {
        Tensor out = Tensor.full(Float.NaN, 2, 3);
        backend.backend().gemm(N, N, 1, Tensor.zeros(2, 0), Tensor.zeros(0, 3), 0, out, SUM, Tensor.of(Shape.of(3), 1, 2, 3));
        assertArrayEquals(new float[] {1, 2, 3, 1, 2, 3}, out.data());
        backend.backend().gemm(N, N, 1, Tensor.zeros(0, 5), Tensor.zeros(5, 3), 0, Tensor.zeros(0, 3), SUM, Tensor.zeros(3));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void refusesOperandsThatDoNotFit(TestBackend backend) {
        Tensor square = Tensor.zeros(4, 4);
        Tensor a = Tensor.zeros(4, 4);
        assertMessage("gemm: argument 0 [3] does not broadcast to [4,4]",
                () -> backend.backend().gemm(N, N, 1, a, a, 0, square, SUM, Tensor.zeros(3)));
        assertMessage("gemm: the epilogue (x0 + x1) needs 1 operands; got 0",
                () -> backend.backend().gemm(N, N, 1, a, a, 0, square, SUM));
        assertMessage("gemm: operand 0 of the epilogue overlaps the result; let the old values enter through beta",
                () -> backend.backend().gemm(N, N, 1, a, a, 0, square, SUM, square));
        float[] c = new float[6];
        assertMessage("gemm: operand 0 of the epilogue, ROW beside C 2x3 at offset 1 with row stride 0, ends at element 4; "
                        + "the buffer holds 3",
                () -> new Gemm(N, N, 2, 3, 1, 1, new float[2], 0, 1, new float[3], 0, 3, 0, c, 0, 3)
                        .with(new Epilogue(SUM, Operand.row(new float[3], 1))));
        assertMessage("gemm: operand 0 of the epilogue, FULL beside C 2x3 at offset 0 with row stride 2, must have a leading "
                        + "dimension >= 3",
                () -> new Gemm(N, N, 2, 3, 1, 1, new float[2], 0, 1, new float[3], 0, 3, 0, c, 0, 3)
                        .with(new Epilogue(SUM, Operand.full(new float[6], 0, 2))));
        assertEquals("gemm: the leading dimension of a ROW operand must be 0; got 3", assertThrows(
                IllegalArgumentException.class, () -> new Operand(Broadcast.ROW, new HostBuffer(c), 0, 3)).getMessage());
    }

    private static void assertMessage(String expected, Runnable action) {
        assertEquals(expected, assertThrows(ShapeException.class, action::run).getMessage());
    }
}
