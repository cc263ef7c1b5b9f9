package larch.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class CsrMatrixTest {
    // Row 0: 2 at 1 and 3 at 1 again; row 1: nothing; row 2: 4 at 0.
    private static final CsrMatrix S = new CsrMatrix(3, 2, new int[] {0, 2, 2, 3}, new int[] {1, 1, 0},
            new float[] {2, 3, 4});

    private static String refused(int rows, int cols, int[] pointers, int[] columns, float[] values) {
        return assertThrows(ShapeException.class, () -> new CsrMatrix(rows, cols, pointers, columns, values)).getMessage();
    }

    @Test
    void entriesOfOneColumnAddUp() {
        assertArrayEquals(new float[] {0, 5, 0, 0, 4, 0}, S.toDense().toArray());
    }

    @Test
    void rowsCanBeSelectedInAnyOrderAndTwice() {
        CsrMatrix selected = S.select(2, 0, 1, 2);
        assertEquals(4, selected.rows());
        assertArrayEquals(new float[] {4, 0, 0, 5, 0, 0, 4, 0}, selected.toDense().toArray());
        assertEquals(0, S.select().rows());
        assertThrows(IndexOutOfBoundsException.class, () -> S.select(3));
    }

    @Test
    void structureIsChecked() {
        assertEquals("csr: 2 rows need 3 row pointers that start at 0 and end within 1 columns and as many values;"
                + " got 2 pointers and 1 values", refused(2, 2, new int[] {0, 1}, new int[1], new float[1]));
        refused(1, 2, new int[] {1, 1}, new int[1], new float[1]);
        refused(1, 2, new int[] {0, 2}, new int[1], new float[1]);
        refused(1, 2, new int[] {0, 1}, new int[1], new float[2]);
        assertEquals("csr: row pointer 2 is smaller than the one before",
                refused(2, 2, new int[] {0, 1, 0}, new int[1], new float[1]));
        assertEquals("csr: column 2 of entry 0 is outside [0,2)",
                refused(1, 2, new int[] {0, 1}, new int[] {2}, new float[1]));
        assertEquals("csr: column -1 of entry 0 is outside [0,2)",
                refused(1, 2, new int[] {0, 1}, new int[] {-1}, new float[1]));
    }
}
