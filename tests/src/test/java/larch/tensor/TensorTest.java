package larch.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TensorTest {
    private final Tensor x = Tensor.matrix(new float[] {1, 2, 3}, new float[] {4, 5, 6});

    private static String refused(Runnable action) {
        return assertThrows(ShapeException.class, action::run).getMessage();
    }

    @Test
    void elementsLieRowByRow() {
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, x.data());
        assertEquals(6, x.get(1, 2));
        x.set(9, 0, 1);
        assertEquals(9, x.data()[1]);
        assertEquals(7, Tensor.scalar(7).item());
        assertEquals(7, Tensor.full(7, 1, 1).item());
        assertArrayEquals(new float[] {2, 2}, Tensor.full(2, 2).toArray());
    }

    @Test
    void factoriesCopyAndWrapDoesNot() {
        float[] values = {1, 2};
        Tensor vector = Tensor.vector(values);
        Tensor of = Tensor.of(Shape.of(2, 1), values);
        Tensor wrapped = Tensor.wrap(Shape.of(1), values, 1);
        values[1] = 8;
        assertEquals(2, vector.get(1));
        assertEquals(2, of.get(1, 0));
        assertEquals(8, wrapped.item());
    }

    @Test
    void viewsShareStorage() {
        Tensor second = x.rows(1, 2);
        assertEquals(Shape.of(1, 3), second.shape());
        second.set(-4, 0, 0);
        assertEquals(-4, x.get(1, 0));
        Tensor flat = x.reshape(6);
        assertSame(x.data(), flat.data());
        assertEquals(-4, flat.get(3));
        assertArrayEquals(new float[] {-4, 5, 6}, second.toArray());
        assertEquals(5, second.reshape(3, 1).get(1, 0), "a view of a view keeps its offset");
    }

    @Test
    void copiesDoNot() {
        Tensor copy = x.rows(1, 2).copy();
        assertNotSame(x.data(), copy.data());
        assertEquals(0, copy.offset());
        assertArrayEquals(new float[] {4, 5, 6}, copy.data());
    }

    @Test
    void emptyRowsAreAllowed() {
        assertEquals(Shape.of(0, 3), x.rows(2, 2).shape());
        assertEquals(Shape.of(0, 4), Tensor.zeros(0, 4).rows(0, 0).shape());
        assertEquals(0, Tensor.matrix().size());
    }

    @Test
    void misuseIsRefusedInOneLine() {
        assertEquals("matrix: every row must have the length of row 0, 2; got 1 in row 1",
                refused(() -> Tensor.matrix(new float[2], new float[1])));
        assertEquals("tensor: [2,2] needs 4 values; got 3", refused(() -> Tensor.of(Shape.of(2, 2), 1, 2, 3)));
        assertEquals("tensor: [2] at offset 1 needs 2 elements; the buffer holds 2",
                refused(() -> Tensor.wrap(Shape.of(2), new float[2], 1)));
        assertEquals("tensor: [2] at offset -1 needs 2 elements; the buffer holds 2",
                refused(() -> Tensor.wrap(Shape.of(2), new float[2], -1)));
        assertEquals("get/set: [2,3] needs 2 indices; got 1", refused(() -> x.get(1)));
        assertEquals("get/set: index [1, 3] is outside [2,3]", refused(() -> x.get(1, 3)));
        assertEquals("item: needs a tensor with one element; got [2,3]; use get(index) for one of several", refused(x::item));
        assertEquals("reshape: [2,3] has 6 elements, [4] needs 4", refused(() -> x.reshape(4)));
        assertEquals("rows: [1,3) of [2,3]", refused(() -> x.rows(1, 3)));
        assertEquals("rows: [0,0) of []", refused(() -> Tensor.scalar(1).rows(0, 0)));
    }

    @Test
    void printsForPeople() {
        assertEquals("[2,3] {{1, 2, 3}, {4, 5, 6}}", x.toString());
        assertEquals("[] 0.25000", Tensor.scalar(0.25f).toString());
        assertEquals("[9] {0, 0, 0, ..., 0, 0, 0}", Tensor.zeros(9).toString());
        assertEquals("[2,0] {{}, {}}", Tensor.zeros(2, 0).toString());
        assertEquals("[2] {NaN, -Infinity}", Tensor.vector(Float.NaN, Float.NEGATIVE_INFINITY).toString());
        assertEquals("[1,3] {{-4, 5, 6}}", Tensor.wrap(Shape.of(1, 3), new float[] {0, -4, 5, 6}, 1).toString());
    }
}
