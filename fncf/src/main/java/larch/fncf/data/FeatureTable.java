package larch.fncf.data;

import java.util.ArrayList;
import java.util.List;
import larch.tensor.CsrMatrix;
import larch.tensor.Tensor;

/// The side information of all users or of all items: one row each, every value in [0,1].
///
/// The fields lie side by side and cover the columns without a gap. A format without features gives a table
/// without fields, of width 0.
///
/// @param fields what the columns mean, from left to right
/// @param rows   the values, `[users or items, width]`
public record FeatureTable(List<Field> fields, CsrMatrix rows) {
    /// Checks that the fields cover the columns.
    public FeatureTable {
        fields = List.copyOf(fields);
        int column = 0;
        for (Field field : fields) {
            if (field.from() != column) {
                throw new IllegalArgumentException("feature table: field " + field.name() + " should start at column "
                        + column + ", where the field before it ends; got " + field.from());
            }
            column = field.to();
        }
        if (column != rows.cols()) {
            throw new IllegalArgumentException("feature table: the fields cover " + column + " columns, the rows have "
                    + rows.cols());
        }
    }

    /// @param numRows how many users or items there are
    /// @return a table of width 0
    public static FeatureTable none(int numRows) {
        return new FeatureTable(List.of(), new CsrMatrix(numRows, 0, new int[numRows + 1], new int[0], new float[0]));
    }

    /// @param fields what the columns mean
    /// @param values one dense row per user or item; zeros are dropped
    /// @return the table
    static FeatureTable ofDense(List<Field> fields, float[][] values) {
        int width = fields.isEmpty() ? 0 : fields.getLast().to();
        int entries = 0;
        for (float[] row : values) {
            for (float value : row) {
                entries += value == 0 ? 0 : 1;
            }
        }
        int[] pointers = new int[values.length + 1];
        int[] columns = new int[entries];
        float[] kept = new float[entries];
        int at = 0;
        for (int r = 0; r < values.length; r++) {
            for (int c = 0; c < width; c++) {
                if (values[r][c] != 0) {
                    columns[at] = c;
                    kept[at++] = values[r][c];
                }
            }
            pointers[r + 1] = at;
        }
        return new FeatureTable(fields, new CsrMatrix(values.length, width, pointers, columns, kept));
    }

    /// @return the number of columns; 0 when there are no features
    public int width() {
        return rows.cols();
    }

    /// @return the values as a new dense `[rows, width]` tensor
    public Tensor dense() {
        return rows.toDense();
    }

    /// @param name the name of a field
    /// @return that field
    public Field field(String name) {
        for (Field field : fields) {
            if (field.name().equals(name)) {
                return field;
            }
        }
        throw new IllegalArgumentException("feature table: expected one of the fields "
                + fields.stream().map(Field::name).toList() + ", got \"" + name + "\"");
    }

    /// @param row which user or item
    /// @return its values, one per column; a copy
    public float[] row(int row) {
        return rows.select(row).toDense().toArray();
    }

    /// @param row which user or item
    /// @return its fields in words, such as `F, 25-34, writer`; empty when there are no features
    public String describe(int row) {
        return describe(row(row));
    }

    /// @param values one feature row, which need not be in this table (a perturbed one)
    /// @return its fields in words, each read as the nearest valid value
    public String describe(float[] values) {
        if (values.length != width()) {
            throw new IllegalArgumentException("describe: expected a row of " + width() + " values, got "
                    + values.length);
        }
        List<String> words = new ArrayList<>();
        fields.forEach(field -> words.add(field.describe(values)));
        return String.join(", ", words);
    }
}
