package larch.backend;

import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.gemm.Transpose.NO;
import static larch.gemm.Transpose.YES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import larch.backend.reference.ReferenceBackend;
import larch.backend.simd.SimdBackend;
import larch.expr.Expr;
import larch.gemm.Epilogue;
import larch.gemm.Gemm;
import larch.gemm.Operand;
import larch.tensor.Axis;
import larch.tensor.Buffer;
import larch.tensor.CsrMatrix;
import larch.tensor.Shape;
import larch.tensor.ShapeException;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A result that overlaps what is read is refused; windows side by side in one array are not.
class OverlapTest {
    private static final String OWN = " overlaps the result; give the result memory of its own and copy it afterwards";
    private static final Expr SUM = add(arg(0), arg(1));

    static List<Backend> backends() {
        return List.of(new ReferenceBackend(), new SimdBackend(new BackendOptions(1, 128)));
    }

    private static void refuses(String message, Runnable call) {
        assertEquals(message, assertThrows(ShapeException.class, call::run).getMessage());
    }

    private static Tensor at(float[] data, int offset, int... dims) {
        return Tensor.wrap(Shape.of(dims), data, offset);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void products(Backend backend) {
        float[] data = new float[40];
        Tensor apart = Tensor.zeros(3, 3);
        Tensor square = at(data, 0, 3, 3);
        for (int shift : new int[] {0, 1, 8}) {
            Tensor out = at(data, shift, 3, 3);
            refuses("gemm: A" + OWN, () -> backend.gemm(NO, NO, 1, square, apart, 0, out));
            refuses("gemm: A" + OWN, () -> backend.gemm(YES, NO, 1, square, apart, 1, out));
            refuses("gemm: B" + OWN, () -> backend.gemm(NO, YES, 1, apart, square, 0, out));
            refuses("gemm: B" + OWN, () -> backend.gemm(NO, NO, 1, apart, square, 0, out, SUM, Tensor.scalar(1)));
            refuses("gemm: operand 0 of the epilogue overlaps the result; let the old values enter through beta",
                    () -> backend.gemm(NO, NO, 1, apart, apart, 0, out, SUM, square));
        }
        backend.gemm(NO, NO, 1, square, square, 0, at(data, 9, 3, 3));
        backend.close();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void productsInTermsOfBlas(Backend backend) {
        float[] data = new float[64];
        // [A | C] side by side, rows of 8: A in columns 0 to 2, C from `column` on.
        for (int column = 0; column < 6; column++) {
            int at = column;
            Runnable call = () -> backend.gemm(new Gemm(NO, NO, 5, 3, 3, 1, data, 0, 8, new float[9], 0, 3, 0, data, at, 8));
            if (column < 3) {
                refuses("gemm: A" + OWN, call);
            } else {
                call.run();
            }
        }
        // Beyond the last column C would reach into A's next row.
        refuses("gemm: A" + OWN,
                () -> backend.gemm(new Gemm(NO, NO, 5, 3, 3, 1, data, 0, 8, new float[9], 0, 3, 0, data, 6, 8)));
        Gemm plain = new Gemm(NO, NO, 5, 3, 3, 1, new float[15], 0, 3, new float[9], 0, 3, 0, data, 5, 8);
        String operand = "gemm: operand 0 of the epilogue overlaps the result; let the old values enter through beta";
        for (Operand read : List.of(Operand.full(data, 3, 8), Operand.row(data, 12), Operand.column(data, 36),
                Operand.scalar(data, 5))) {
            refuses(operand, () -> backend.gemm(plain.with(new Epilogue(SUM, read))));
        }
        for (Operand read : List.of(Operand.full(data, 2, 8), Operand.row(data, 9), Operand.column(data, 40),
                Operand.scalar(data, 4))) {
            backend.gemm(plain.with(new Epilogue(SUM, read)));
        }
        refuses(operand, () -> backend.gemm(plain.with(new Epilogue(SUM, Operand.full(data, 5, 8)))));
        backend.gemm(plain.with(new Epilogue(arg(0), Operand.full(data, 5, 8))));
        backend.close();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void elementwiseResultsReplaceWholeArgumentsOnly(Backend backend) {
        float[] data = new float[20];
        for (int i = 0; i < data.length; i++) {
            data[i] = i;
        }
        Tensor x = at(data, 0, 2, 4);
        String message = "elementwise: argument 0 overlaps the result; a result may replace an argument of its shape, whole,"
                + " and nothing else";
        refuses(message, () -> backend.elementwise(arg(0), at(data, 1, 2, 4), x));
        refuses(message, () -> backend.elementwise(arg(0), x, at(data, 2, 4)));
        refuses(message, () -> backend.elementwise(arg(0), x, at(data, 7)));
        refuses("elementwise: results 0 and 1 overlap; give each memory of its own", () -> backend.elementwise(
                new Expr[] {Expr.ONE, Expr.ZERO}, new Tensor[] {x, at(data, 7, 2, 4)}));
        backend.elementwise(add(arg(0), arg(0)), x, x, at(data, 1, 4));
        assertArrayEquals(new float[] {0, 2, 4, 6, 8, 10, 12, 14, 8, 9}, Arrays.copyOf(data, 10));
        backend.elementwise(arg(0), at(data, 8, 2, 4), x);
        refuses("rowUpdate: argument 0" + OWN,
                () -> backend.rowUpdate(new Expr[] {SUM}, new Tensor[] {x}, RowSelection.of(0), at(data, 7, 2, 4)));
        refuses("rowUpdate: results 0 and 1 overlap; give each memory of its own", () -> backend.rowUpdate(
                new Expr[] {arg(0), arg(1)}, new Tensor[] {x, at(data, 4, 2, 4)}, RowSelection.of(0)));
        backend.close();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void foldsAndRows(Backend backend) {
        float[] data = new float[20];
        Tensor x = at(data, 0, 3, 4);
        refuses("reduce: argument 0" + OWN, () -> backend.reduce(Reduction.SUM, Axis.ROWS, arg(0), at(data, 11, 4), x));
        refuses("reduce: argument 0" + OWN, () -> backend.reduce(Reduction.SUM, Axis.ALL, arg(0), at(data, 0), x));
        backend.reduce(Reduction.SUM, Axis.ROWS, arg(0), at(data, 12, 4), x);
        int[] rows = {2, 0};
        refuses("gatherRows: what is read" + OWN, () -> backend.gatherRows(x, rows, at(data, 8, 2, 4)));
        refuses("scatterRows: what is read" + OWN, () -> backend.scatterRows(at(data, 11, 2, 4), rows, x));
        refuses("scatterAddRows: what is read" + OWN, () -> backend.scatterAddRows(at(data, 11, 2, 4), rows, x));
        backend.gatherRows(x, rows, at(data, 12, 2, 4));
        backend.scatterRows(at(data, 12, 2, 4), rows, x);
        backend.scatterAddRows(at(data, 12, 2, 4), rows, x);
        float[] values = {1, 1};
        CsrMatrix sparse = new CsrMatrix(2, 3, new int[] {0, 1, 2}, new int[] {2, 0}, values);
        refuses("sparseMatmul: what is read" + OWN, () -> backend.sparseMatmul(sparse, x, at(data, 11, 2, 4)));
        refuses("sparseTransposedMatmul: what is read" + OWN,
                () -> backend.sparseTransposedMatmul(sparse, at(data, 11, 2, 4), x));
        refuses("sparseMatmul: the sparse matrix" + OWN,
                () -> backend.sparseMatmul(sparse, Tensor.zeros(3, 1), at(values, 0, 2, 1)));
        backend.sparseMatmul(sparse, x, at(data, 12, 2, 4));
        backend.close();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void copies(Backend backend) {
        Buffer data = Tensor.zeros(32).buffer();
        refuses("copyBlock: the source overlaps the result; copy through memory of its own",
                () -> backend.copyBlock(new Block(3, 3, data, 0, 8, 1, data, 2, 8, 1)));
        backend.copyBlock(new Block(3, 3, data, 0, 8, 1, data, 3, 8, 1));
        refuses("copyBlock: the source overlaps the result; copy through memory of its own",
                () -> backend.copyBlock(new Block(3, 3, data, 0, 1, 8, data, 2, 8, 1)));
        backend.copyBlock(new Block(3, 3, data, 0, 1, 8, data, 3, 8, 1));
        backend.copyBlock(new Block(0, 3, data, 0, 8, 1, data, 0, 8, 1));
        backend.close();
    }

    /// Against sets of elements.
    @Test
    void windowsMeetWhereTheyShareAnElement() {
        SplittableRandom random = new SplittableRandom(4);
        Buffer data = Tensor.zeros(0).buffer();
        int met = 0;
        int rounds = 200_000;
        for (int i = 0; i < rounds; i++) {
            Window x = draw(random, data);
            Window y = draw(random, data);
            boolean shared = elements(x).intersects(elements(y));
            assertEquals(shared, x.meets(y), () -> x + " and " + y);
            met += shared ? 1 : 0;
        }
        int seen = met;
        assertTrue(met > rounds / 10 && met < rounds / 2, () -> seen + " of " + rounds + " met; both cases must be frequent");
    }

    private static Window draw(SplittableRandom random, Buffer data) {
        return new Window(data, random.nextInt(20), random.nextInt(5), random.nextInt(9), random.nextInt(5),
                random.nextInt(9));
    }

    private static BitSet elements(Window w) {
        BitSet elements = new BitSet();
        for (int i = 0; i < w.rows(); i++) {
            for (int j = 0; j < w.cols(); j++) {
                elements.set(w.at() + i * w.step() + j * w.unit());
            }
        }
        return elements;
    }
}
