package larch.fncf.data;

import java.util.List;

/// One named feature and the columns that hold it; attacks are masked and rounded back per field.
///
/// | kind | columns | labels |
/// |---|---|---|
/// | `ONE_HOT` | one per label, at most one is 1 | what each column means |
/// | `MULTI_HOT` | one per label, any number are 1 | what each column means |
/// | `BINARY` | one | what 0 and what 1 mean |
/// | `SCALAR` | one, in [0,1] | the numbers that 0 and 1 stand for |
///
/// @param name   such as `age`
/// @param kind   how the columns are to be read
/// @param from   the first column
/// @param to     one past the last column
/// @param labels see the table
public record Field(String name, Kind kind, int from, int to, List<String> labels) {
    /// How the columns of a field are to be read.
    public enum Kind {
        /// At most one column is 1.
        ONE_HOT,
        /// Any number of columns are 1.
        MULTI_HOT,
        /// One column that is 0 or 1.
        BINARY,
        /// One column with a number scaled to [0,1].
        SCALAR
    }

    /// Checks that the labels fit the columns.
    public Field {
        labels = List.copyOf(labels);
        boolean hot = kind == Kind.ONE_HOT || kind == Kind.MULTI_HOT;
        int columns = hot ? labels.size() : 1;
        if (from < 0 || to - from != columns || labels.size() != (hot ? columns : 2)) {
            throw new IllegalArgumentException("field " + name + ": " + kind + " with " + labels.size()
                    + " labels needs " + columns + " column(s) and " + (hot ? "a label for each" : "2 labels")
                    + "; got columns [" + from + "," + to + ")");
        }
    }

    /// @return the number of columns
    public int width() {
        return to - from;
    }

    /// The field of one feature row in words. Rows between valid profiles (a perturbed one) are read as the
    /// nearest: the largest one-hot column, columns above 0.5.
    /// @param row a whole feature row, all fields
    /// @return such as `25-34`, `Comedy|Drama`, `1995`; `none` when no column is set
    public String describe(float[] row) {
        return switch (kind) {
            case ONE_HOT -> {
                int best = from;
                for (int c = from; c < to; c++) {
                    best = row[c] > row[best] ? c : best;
                }
                yield row[best] > 0 ? labels.get(best - from) : "none";
            }
            case MULTI_HOT -> {
                StringBuilder set = new StringBuilder();
                for (int c = from; c < to; c++) {
                    if (row[c] > 0.5f) {
                        set.append(set.isEmpty() ? "" : "|").append(labels.get(c - from));
                    }
                }
                yield set.isEmpty() ? "none" : set.toString();
            }
            case BINARY -> labels.get(row[from] > 0.5f ? 1 : 0);
            case SCALAR -> {
                double low = Double.parseDouble(labels.get(0));
                double high = Double.parseDouble(labels.get(1));
                yield Long.toString(Math.round(low + row[from] * (high - low)));
            }
        };
    }
}
