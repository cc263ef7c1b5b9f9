package larch.opencl.source;

import static larch.gen.Bounds.assertSameBits;
import static larch.gen.Guarded.assertGuardsIntact;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import larch.gen.Guarded;
import larch.gen.TestBackend;
import larch.random.Draws;
import larch.random.Rng;
import larch.tensor.CsrMatrix;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `cl/rows.cl` on a device against the SIMD backend, bit by bit.
@Tag("opencl")
class RowsDeviceTest {
    private static final TestBackend SIMD = TestBackend.simd(1, 256);
    private static final int[] COLS = {1, 7, 64};
    private static KernelRunner device;

    @BeforeAll
    static void build() {
        device = KernelRunner.ofFile("rows.cl");
    }

    @AfterAll
    static void close() {
        SIMD.close();
        if (device != null) {
            device.close();
        }
    }

    /// Numbers whose sums round, so that another order gives other bits.
    private static Tensor normals(String name, int rows, int cols) {
        Tensor tensor = Guarded.filled(0, rows, cols);
        Rng.of(4).stream(name).normals(tensor.data(), tensor.offset(), tensor.size(), 0);
        return tensor;
    }

    @Test
    void gatherAndScatter() {
        int[] indices = {8, 0, 3, 11, 5};
        for (int cols : COLS) {
            Tensor table = normals("table", 12, cols);
            Tensor rows = normals("rows", 5, cols);
            Tensor gathered = Guarded.filled(7, 5, cols);
            Tensor expected = Guarded.filled(7, 5, cols);
            SIMD.backend().gatherRows(table, indices, expected);
            device.run("gather_rows", gathered.size(), table.data(), table.offset(), indices, gathered.data(),
                    gathered.offset(), 5, cols, cols);
            assertSameBits("gather", expected, gathered);
            assertGuardsIntact("gather", gathered);

            Tensor scattered = Guarded.copy(table);
            SIMD.backend().scatterRows(rows, indices, table);
            device.run("scatter_rows", rows.size(), rows.data(), rows.offset(), indices, scattered.data(),
                    scattered.offset(), 5, cols);
            assertSameBits("scatter", table, scattered);
            assertGuardsIntact("scatter", scattered);
        }
    }

    @Test
    void scatterAddKeepsTheOrderOfTheIndices() {
        Draws draws = Rng.of(5).draws();
        RowSegments segments = new RowSegments(40);
        for (int length : new int[] {1, 300, 17}) {
            for (int cols : COLS) {
                int[] indices = draws.ints(length, 3, 29).toArray();
                Tensor rows = normals("rows", length, cols);
                Tensor expected = normals("sums", 40, cols);
                Tensor actual = Guarded.copy(expected);
                SIMD.backend().scatterAddRows(rows, indices, expected);
                segments.group(indices, length);
                device.run("scatter_add_rows", (long) segments.count() * cols, rows.data(), rows.offset(), segments.order(),
                        segments.starts(), segments.targets(), actual.data(), actual.offset(), segments.count(), cols);
                assertSameBits(length + " rows of " + cols, expected, actual);
                assertGuardsIntact("scatter add", actual);
            }
        }
    }

    @Test
    void sparseProductsKeepTheOrderOfTheEntries() {
        // Entries of a row in any order, one column twice in a row, a row and a column without entries.
        Draws draws = Rng.of(6).draws();
        int[] pointers = new int[24];
        for (int r = 0; r < 23; r++) {
            pointers[r + 1] = pointers[r] + (r == 4 ? 0 : 1 + r % 5);
        }
        int entries = pointers[23];
        float[] values = new float[entries];
        Rng.of(6).stream("values").normals(values, 0, entries, 0);
        values[0] = -0f;
        CsrMatrix s = new CsrMatrix(23, 10, pointers, draws.ints(entries, 0, 9).toArray(), values);
        for (int cols : COLS) {
            assertProduct("sparse_matmul", s, normals("dense", 10, cols), s, false);
            assertProduct("sparse_transposed_matmul", s, normals("tall", 23, cols), CsrTranspose.of(s), true);
        }
    }

    private static void assertProduct(String kernel, CsrMatrix s, Tensor dense, CsrMatrix walked, boolean transposed) {
        int cols = dense.dim(1);
        // A product of -0 alone tells whether the sum began with it or with +0.
        dense.data()[dense.offset()] = 0;
        Tensor expected = Guarded.filled(7, walked.rows(), cols);
        Tensor actual = Guarded.filled(7, walked.rows(), cols);
        if (transposed) {
            SIMD.backend().sparseTransposedMatmul(s, dense, expected);
        } else {
            SIMD.backend().sparseMatmul(s, dense, expected);
        }
        device.run(kernel, actual.size(), walked.rowPointers(), walked.columns(), walked.values(), dense.data(),
                dense.offset(), actual.data(), actual.offset(), walked.rows(), cols);
        assertSameBits(kernel + " with " + cols + " columns", expected, actual);
        assertGuardsIntact(kernel, actual);
    }

    @Test
    void blocksAreCopiedBetweenAnyStrides() {
        float[] from = normals("from", 20, 20).data();
        int[][] sides = {{3, 20, 1}, {0, 1, 13}, {40, 17, 2}};
        for (int[] source : sides) {
            for (int[] target : sides) {
                float[] expected = new float[500];
                float[] actual = new float[500];
                for (int i = 0; i < 11; i++) {
                    for (int j = 0; j < 7; j++) {
                        expected[target[0] + i * target[1] + j * target[2]] = from[source[0] + i * source[1] + j * source[2]];
                    }
                }
                device.run("copy_block", 77, from, source[0], source[1], source[2], actual, target[0], target[1], target[2],
                        11, 7);
                assertArrayEquals(expected, actual);
            }
        }
    }

    @Test
    void fillStaysInside() {
        Tensor out = Guarded.filled(7, 130);
        device.run("fill", 130, out.data(), out.offset(), 130, -0f);
        assertSameBits("fill", Tensor.full(-0f, 130), out);
        assertGuardsIntact("fill", out);
    }
}
