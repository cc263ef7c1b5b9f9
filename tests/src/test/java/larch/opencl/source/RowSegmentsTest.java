package larch.opencl.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import larch.random.Draws;
import larch.random.Rng;
import larch.tensor.CsrMatrix;
import org.junit.jupiter.api.Test;

class RowSegmentsTest {
    @Test
    void theExampleInTheDocs() {
        RowSegments segments = new RowSegments(8);
        segments.group(new int[] {7, 2, 7, 7, 2}, 5);
        assertEquals(2, segments.count());
        assertArrayEquals(new int[] {7, 2}, Arrays.copyOf(segments.targets(), 2));
        assertArrayEquals(new int[] {0, 3, 5}, Arrays.copyOf(segments.starts(), 3));
        assertArrayEquals(new int[] {0, 2, 3, 1, 4}, Arrays.copyOf(segments.order(), 5));
    }

    @Test
    void everyPositionOnceAndAscendingAmongItsRow() {
        Draws draws = Rng.of(8).draws();
        RowSegments segments = new RowSegments(50);
        for (int length : new int[] {40, 0, 1, 200, 13}) {
            int[] indices = draws.ints(length, 0, 50).toArray();
            segments.group(indices, length);
            boolean[] seen = new boolean[length];
            assertEquals(Arrays.stream(indices).distinct().count(), segments.count());
            assertEquals(0, segments.starts()[0]);
            assertEquals(length, segments.starts()[segments.count()]);
            for (int s = 0; s < segments.count(); s++) {
                int before = -1;
                for (int e = segments.starts()[s]; e < segments.starts()[s + 1]; e++) {
                    int position = segments.order()[e];
                    assertEquals(segments.targets()[s], indices[position]);
                    assertEquals(Math.max(before, position), position);
                    assertEquals(false, seen[position]);
                    seen[position] = true;
                    before = position;
                }
            }
        }
    }

    @Test
    void aPartOfTheListMayBeGroupedAndMemoryIsKept() {
        RowSegments segments = new RowSegments(3);
        segments.group(new int[] {2, 1, 0}, 3);
        int[] order = segments.order();
        segments.group(new int[] {1, 1, 0}, 2);
        assertEquals(1, segments.count());
        assertSame(order, segments.order());
    }

    @Test
    void transposedEntriesKeepTheirOrder() {
        CsrMatrix s = new CsrMatrix(3, 4, new int[] {0, 3, 3, 5}, new int[] {2, 0, 2, 2, 3, 1},
                new float[] {1, 2, 3, 4, 5, 9});
        CsrMatrix transposed = CsrTranspose.of(s);
        assertEquals(4, transposed.rows());
        assertEquals(3, transposed.cols());
        assertArrayEquals(new int[] {0, 1, 1, 4, 5}, transposed.rowPointers());
        assertArrayEquals(new int[] {0, 0, 0, 2, 2}, transposed.columns());
        assertArrayEquals(new float[] {2, 1, 3, 4, 5}, transposed.values());
    }
}
