package larch.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/// Shapes, what axes leave of them, and how they broadcast.
class ShapeTest {
    private static String refused(Runnable action) {
        return assertThrows(ShapeException.class, action::run).getMessage();
    }

    @Test
    void countsElementsRowsAndColumns() {
        Shape shape = Shape.of(2, 3, 5);
        assertEquals(30, shape.size());
        assertEquals(6, shape.rows());
        assertEquals(5, shape.cols());
        assertEquals(3, shape.dim(1));
        assertEquals(5, shape.dim(-1));
        assertEquals("[2,3,5]", shape.toString());
        assertEquals(1, Shape.SCALAR.size());
        assertEquals(1, Shape.SCALAR.rows());
        assertEquals(1, Shape.SCALAR.cols());
        assertEquals(0, Shape.of(4, 0).size());
    }

    @Test
    void isAValue() {
        int[] dims = {2, 3};
        Shape shape = Shape.of(dims);
        dims[0] = 9;
        shape.dims()[0] = 9;
        assertEquals(Shape.of(2, 3), shape);
        assertEquals(Shape.of(2, 3).hashCode(), shape.hashCode());
        assertNotEquals(Shape.of(3, 2), shape);
        assertNotEquals(Shape.of(6), shape);
        assertEquals(Shape.SCALAR, Shape.of());
    }

    @Test
    void refusesImpossibleExtents() {
        assertEquals("shape: every extent must be >= 0; got [2, -1]", refused(() -> Shape.of(2, -1)));
        assertEquals("shape: [65536, 65536] has more than 2^31-1 elements, the most that one Java array holds; split the tensor",
                refused(() -> Shape.of(65536, 65536)));
        assertEquals("shape: axis 2 of [2,3], which has rank 2", refused(() -> Shape.of(2, 3).dim(2)));
        assertEquals("shape: axis -3 of [2,3], which has rank 2", refused(() -> Shape.of(2, 3).dim(-3)));
    }

    @Test
    void axesReduceToShapesThatBroadcastBack() {
        assertEquals(Shape.of(3), Axis.ROWS.reduce(Shape.of(2, 3)));
        assertEquals(Shape.of(2, 1), Axis.COLUMNS.reduce(Shape.of(2, 3)));
        assertEquals(Shape.of(4, 2, 1), Axis.COLUMNS.reduce(Shape.of(4, 2, 3)));
        assertEquals(Shape.SCALAR, Axis.ALL.reduce(Shape.of(2, 3)));
        assertEquals(Shape.of(1), Axis.COLUMNS.reduce(Shape.SCALAR));
        assertArrayEquals(new int[] {1}, Axis.COLUMNS.reduce(Shape.of(7)).dims());
    }

    @Test
    void argumentsBroadcastAsRowColumnOrScalar() {
        Shape result = Shape.of(4, 3);
        assertEquals(Broadcast.FULL, Broadcast.of(result, result));
        assertEquals(Broadcast.ROW, Broadcast.of(result, Shape.of(3)));
        assertEquals(Broadcast.ROW, Broadcast.of(result, Shape.of(1, 3)));
        assertEquals(Broadcast.COLUMN, Broadcast.of(result, Shape.of(4, 1)));
        assertEquals(Broadcast.SCALAR, Broadcast.of(result, Shape.SCALAR));
        assertEquals(Broadcast.SCALAR, Broadcast.of(result, Shape.of(1, 1)));
        assertEquals(Broadcast.COLUMN, Broadcast.of(Shape.of(2, 4, 3), Shape.of(2, 4, 1)));
        assertNull(Broadcast.of(result, Shape.of(4)));
        assertNull(Broadcast.of(result, Shape.of(2, 3)));
        assertNull(Broadcast.of(Shape.of(3), Shape.of(4, 3)));
        assertNull(Broadcast.of(Shape.of(2, 4, 3), Shape.of(4, 3)), "neither a row nor a column");
        assertNull(Broadcast.of(Shape.of(2, 4, 3), Shape.of(2, 1, 1)));
    }

    @Test
    void theResultIsTheSmallestCommonShape() {
        assertEquals(Shape.of(4, 3), Broadcast.resultShape("f", Shape.of(4, 1), Shape.of(3)));
        assertEquals(Shape.of(1, 3), Broadcast.resultShape("f", Shape.of(3), Shape.of(1, 1)));
        assertEquals(Shape.of(0, 3), Broadcast.resultShape("f", Shape.of(0, 3), Shape.of(3)));
        assertEquals(Shape.SCALAR, Broadcast.resultShape("f"));
        assertEquals("add: arguments must have one shape, or broadcast to it as a row [n], a column [m,1] or a scalar [];"
                + " got [4,3] [4]; reshape the smaller argument",
                refused(() -> Broadcast.resultShape("add", Shape.of(4, 3), Shape.of(4))));
        refused(() -> Broadcast.resultShape("add", Shape.of(2, 1, 3), Shape.of(2, 4, 3)));
    }
}
