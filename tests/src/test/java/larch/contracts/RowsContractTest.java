package larch.contracts;

import static larch.gen.Bounds.assertSameBits;
import static larch.gen.Bounds.assertWithin;
import static larch.gen.Bounds.gamma;
import static larch.gen.Guarded.assertGuardsIntact;
import static larch.gen.TestBackend.REFERENCE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import larch.backend.Backend;
import larch.backend.Block;
import larch.gemm.Transpose;
import larch.gen.Bounds;
import larch.gen.Guarded;
import larch.gen.TestBackend;
import larch.random.Draws;
import larch.random.Rng;
import larch.tensor.Buffer;
import larch.tensor.CsrMatrix;
import larch.tensor.HostBuffer;
import larch.tensor.ShapeException;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every backend promises about the kernels that move, gather and scatter rows.
class RowsContractTest {
    private static final List<TestBackend> BACKENDS = TestBackend.all(2);
    /// Rows of the table, rows moved, columns; the last is large enough for several threads.
    private static final int[][] SIZES = {{1, 1, 1}, {3, 0, 4}, {4, 5, 0}, {7, 13, 8}, {31, 67, 17}, {400, 300, 130}};

    static List<TestBackend> backends() {
        return BACKENDS;
    }

    @AfterAll
    static void close() {
        BACKENDS.forEach(TestBackend::close);
    }

    private static int[] indices(int count, int bound) {
        Draws draws = Rng.of(4).stream("indices", count).draws();
        int[] indices = new int[count];
        for (int i = 0; i < count; i++) {
            indices[i] = draws.nextInt(bound);
        }
        return indices;
    }

    @ParameterizedTest
    @MethodSource("backends")
    void gatherCopiesRows(TestBackend backend) {
        for (int[] size : SIZES) {
            Tensor table = Guarded.random("table", size[0], size[2]);
            Tensor expected = Guarded.filled(Float.NaN, size[1], size[2]);
            Tensor actual = Guarded.filled(Float.NaN, size[1], size[2]);
            REFERENCE.gatherRows(table, indices(size[1], size[0]), expected);
            backend.backend().gatherRows(table, indices(size[1], size[0]), actual);
            assertSameBits(backend + " gather", expected, actual);
            assertGuardsIntact("gather", actual);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void scatterWritesRowsAndLeavesTheOthers(TestBackend backend) {
        for (int[] size : SIZES) {
            int[] all = new int[size[0]];
            for (int i = 0; i < all.length; i++) {
                all[i] = i;
            }
            Rng.of(2).stream("order").draws().shuffle(all, 0, all.length);
            int[] some = Arrays.copyOf(all, Math.min(size[0], size[1]));
            Tensor rows = Guarded.random("rows", some.length, size[2]);
            Tensor expected = Guarded.random("old", size[0], size[2]);
            Tensor actual = Guarded.copy(expected);
            REFERENCE.scatterRows(rows, some, expected);
            backend.backend().scatterRows(rows, some, actual);
            assertSameBits(backend + " scatter", expected, actual);
            assertGuardsIntact("scatter", actual);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void scatterAddAddsInOrderOfTheRows(TestBackend backend) {
        for (int[] size : SIZES) {
            int[] indices = indices(size[1], size[0]);
            Tensor rows = Guarded.random("rows", size[1], size[2]);
            for (int i = 0; i < rows.size(); i++) {
                rows.data()[rows.offset() + i] *= 1 + i * 1e-6f;
            }
            Tensor expected = Guarded.random("old", size[0], size[2]);
            Tensor actual = Guarded.copy(expected);
            Tensor inOrder = Guarded.copy(expected);
            for (int i = 0; i < indices.length; i++) {
                for (int j = 0; j < size[2]; j++) {
                    inOrder.data()[inOrder.offset() + indices[i] * size[2] + j] += rows.data()[rows.offset()
                            + i * size[2] + j];
                }
            }
            REFERENCE.scatterAddRows(rows, indices, expected);
            backend.backend().scatterAddRows(rows, indices, actual);
            assertSameBits(backend + " scatterAdd in order", inOrder, actual);
            assertWithin(backend + " scatterAdd", expected, actual, _ -> gamma(size[1] + 1) * 5 * (size[1] + 1));
            assertGuardsIntact("scatterAdd", actual);
        }
    }

    private static CsrMatrix sparse(int rows, int cols) {
        Draws draws = Rng.of(8).stream("sparse", rows).draws();
        int[] pointers = new int[rows + 1];
        for (int i = 0; i < rows; i++) {
            pointers[i + 1] = pointers[i] + (cols == 0 || i % 5 == 2 ? 0 : draws.nextInt(6));
        }
        int[] columns = new int[pointers[rows]];
        float[] values = new float[columns.length];
        for (int e = 0; e < columns.length; e++) {
            columns[e] = e % 3 == 1 ? columns[e - 1] : draws.nextInt(cols);
            values[e] = draws.nextNormal();
        }
        return new CsrMatrix(rows, cols, pointers, columns, values);
    }

    private static CsrMatrix magnitude(CsrMatrix s) {
        float[] values = s.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]);
        }
        return new CsrMatrix(s.rows(), s.cols(), s.rowPointers(), s.columns(), values);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void sparseProductsAgree(TestBackend backend) {
        for (int[] size : SIZES) {
            CsrMatrix s = sparse(size[1], size[0]);
            for (boolean transposed : new boolean[] {false, true}) {
                Tensor dense = Guarded.random("dense", transposed ? size[1] : size[0], size[2]);
                int[] out = {transposed ? size[0] : size[1], size[2]};
                Tensor expected = Guarded.filled(Float.NaN, out);
                Tensor actual = Guarded.filled(Float.NaN, out);
                Tensor scale = Guarded.filled(Float.NaN, out);
                multiply(REFERENCE, transposed, s, dense, expected);
                multiply(REFERENCE, transposed, magnitude(s), magnitude(dense), scale);
                multiply(backend.backend(), transposed, s, dense, actual);
                // At most as many products for one element as there are rows or entries in a row, plus one rounding each.
                assertWithin(backend + (transposed ? " Sᵀ·D" : " S·D"), expected, actual,
                        i -> gamma(Math.max(6, size[1]) + 2) * scale.data()[scale.offset() + i]);
                assertGuardsIntact("sparse", actual);
            }
        }
    }

    private static void multiply(Backend backend, boolean transposed, CsrMatrix s, Tensor dense, Tensor out) {
        if (transposed) {
            backend.sparseTransposedMatmul(s, dense, out);
        } else {
            backend.sparseMatmul(s, dense, out);
        }
    }

    private static Tensor magnitude(Tensor x) {
        Tensor magnitude = Guarded.copy(x);
        for (int i = 0; i < x.data().length; i++) {
            magnitude.data()[i] = Math.abs(magnitude.data()[i]);
        }
        return magnitude;
    }

    @ParameterizedTest
    @MethodSource("backends")
    void blocksOfAnyStrideAreCopied(TestBackend backend) {
        Buffer from = Guarded.random("from", 200_000).buffer();
        int[][] blocks = {
            // rows, cols, fromAt, fromStep, fromUnit, toAt, toStep, toUnit
            {3, 5, 0, 5, 1, 0, 5, 1}, {3, 5, 7, 11, 1, 2, 9, 1}, {4, 6, 1, 1, 4, 3, 6, 1}, {4, 6, 1, 6, 1, 3, 1, 4},
            {1, 9, 2, 0, 3, 1, 0, 2}, {9, 1, 2, 3, 0, 1, 2, 0}, {0, 5, 0, 5, 1, 0, 5, 1}, {300, 400, 5, 450, 1, 9, 401, 1},
            {400, 300, 5, 1, 400, 9, 300, 1}, {5, 4, 3, 0, 0, 0, 4, 1}};
        for (int[] b : blocks) {
            float[] expected = new float[200_000];
            float[] actual = new float[200_000];
            REFERENCE.copyBlock(new Block(b[0], b[1], from, b[2], b[3], b[4], new HostBuffer(expected), b[5], b[6], b[7]));
            backend.backend().copyBlock(new Block(b[0], b[1], from, b[2], b[3], b[4], new HostBuffer(actual), b[5], b[6], b[7]));
            assertArrayEquals(expected, actual, Arrays.toString(b));
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void drawsAreThoseOfTheStream(TestBackend backend) {
        Rng stream = Rng.of(6).stream("draws");
        for (int n : new int[] {0, 1, 5, 1023, 70_001}) {
            Tensor normals = Guarded.filled(9, n);
            Tensor uniforms = Guarded.filled(9, n);
            backend.backend().normals(stream, normals);
            backend.backend().uniforms(stream, uniforms);
            float[] expected = new float[n];
            stream.normals(expected, 0, n, 0);
            Bounds.assertSameBits(backend + " normals", Tensor.vector(expected), normals);
            stream.uniforms(expected, 0, n, 0);
            Bounds.assertSameBits(backend + " uniforms", Tensor.vector(expected), uniforms);
            assertGuardsIntact("normals", normals);
            assertGuardsIntact("uniforms", uniforms);
        }
    }

    @Test
    void doorsRefuseWhatDoesNotFit() {
        Backend backend = BACKENDS.getFirst().backend();
        Tensor table = Tensor.zeros(3, 2);
        assertEquals("gather_rows [3,2] -> [2,2]: index 3 at position 1 is outside the table's 3 rows",
                assertThrows(ShapeException.class,
                () -> backend.gatherRows(table, new int[] {0, 3}, Tensor.zeros(2, 2))).getMessage());
        assertEquals("scatter_add_rows [1,2] -> [3,2]: index -1 at position 0 is outside the table's 3 rows",
                assertThrows(ShapeException.class,
                () -> backend.scatterAddRows(Tensor.zeros(1, 2), new int[] {-1}, table)).getMessage());
        assertEquals("gatherRows: expected a table [r,n] and rows [1,n]; got table [3,2], rows [1,3]",
                assertThrows(ShapeException.class,
                        () -> backend.gatherRows(table, new int[1], Tensor.zeros(1, 3))).getMessage());
        CsrMatrix s = sparse(4, 3);
        assertEquals("sparseMatmul: sparse [4,3] expects dense [3,n] -> [4,n]; got [2,5] -> [4,5]",
                assertThrows(ShapeException.class,
                        () -> backend.sparseMatmul(s, Tensor.zeros(2, 5), Tensor.zeros(4, 5))).getMessage());
        assertEquals("sparseTransposedMatmul: sparse [4,3] expects dense [4,n] -> [3,n]; got [3,5] -> [4,5]",
                assertThrows(ShapeException.class,
                        () -> backend.sparseTransposedMatmul(s, Tensor.zeros(3, 5), Tensor.zeros(4, 5))).getMessage());
        String block = assertThrows(ShapeException.class,
                () -> new Block(2, 3, Tensor.zeros(5).buffer(), 0, 3, 1, Tensor.zeros(6).buffer(), 0, 3, 1)).getMessage();
        assertEquals("copyBlock: the source ends at element 5; the buffer holds 5", block);
        String negative = assertThrows(ShapeException.class,
                () -> new Block(2, 3, Tensor.zeros(6).buffer(), 0, 3, 1, Tensor.zeros(6).buffer(), 0, -3, 1)).getMessage();
        assertTrue(negative.contains("destination must be >= 0"), negative);
        String gemm = assertThrows(ShapeException.class, () -> backend.gemm(Transpose.YES, Transpose.NO, 1,
                Tensor.zeros(3, 2), Tensor.zeros(4, 5), 0, Tensor.zeros(2, 5))).getMessage();
        assertEquals("gemm: expected [m,k] [k,n] -> [m,n] after transposing; got [3,2]ᵀ [4,5] -> [2,5]", gemm);
    }
}
