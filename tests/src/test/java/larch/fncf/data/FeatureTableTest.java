package larch.fncf.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import larch.tensor.CsrMatrix;
import org.junit.jupiter.api.Test;

class FeatureTableTest {
    private static final List<Field> FIELDS = List.of(
            new Field("size", Field.Kind.ONE_HOT, 0, 3, List.of("S", "M", "L")),
            new Field("tags", Field.Kind.MULTI_HOT, 3, 5, List.of("red", "round")),
            new Field("new", Field.Kind.BINARY, 5, 6, List.of("old", "new")),
            new Field("price", Field.Kind.SCALAR, 6, 7, List.of("10", "30")));

    @Test
    void keepsValuesAndDescribesThem() {
        float[][] values = {{0, 1, 0, 1, 1, 0, 0.25f}, {0, 0, 0, 0, 0, 1, 1}};
        FeatureTable table = FeatureTable.ofDense(FIELDS, values);
        assertEquals(7, table.width());
        assertArrayEquals(values[0], table.row(0));
        assertArrayEquals(values[1], table.dense().rows(1, 2).toArray());
        assertEquals(6, table.rows().values().length, "zeros are not stored");
        assertEquals("M, red|round, old, 15", table.describe(0));
        assertEquals("none, none, new, 30", table.describe(1));
        assertEquals("L, red, new, 20", table.describe(new float[] {0.2f, 0.1f, 0.3f, 0.6f, 0.5f, 0.51f, 0.5f}),
                "a perturbed row is read as the nearest valid one");
        assertThrows(IllegalArgumentException.class, () -> table.describe(new float[6]));
    }

    @Test
    void findsFieldsByName() {
        FeatureTable table = FeatureTable.ofDense(FIELDS, new float[1][7]);
        assertEquals(3, table.field("tags").from());
        assertEquals(2, table.field("tags").width());
        assertThrows(IllegalArgumentException.class, () -> table.field("colour"));
    }

    @Test
    void aFormatWithoutFeaturesHasWidthZero() {
        FeatureTable none = FeatureTable.none(3);
        assertEquals(0, none.width());
        assertEquals(3, none.dense().dim(0));
        assertEquals("", none.describe(2));
    }

    @Test
    void refusesGapsAndWrongLabels() {
        CsrMatrix rows = new CsrMatrix(1, 7, new int[2], new int[0], new float[0]);
        assertThrows(IllegalArgumentException.class, () -> new FeatureTable(FIELDS.subList(1, 4), rows));
        assertThrows(IllegalArgumentException.class, () -> new FeatureTable(FIELDS.subList(0, 3), rows));
        assertThrows(IllegalArgumentException.class,
                () -> new Field("x", Field.Kind.ONE_HOT, 0, 3, List.of("a", "b")));
        assertThrows(IllegalArgumentException.class, () -> new Field("x", Field.Kind.SCALAR, 0, 1, List.of("a")));
    }
}
