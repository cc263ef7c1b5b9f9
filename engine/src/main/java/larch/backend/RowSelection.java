package larch.backend;

/// Rows of a table that a call picks, looked at anew by each of its runs; see [Backend#rowUpdate].
public interface RowSelection {
    /// @return the rows' indices, each at most once among the first [#count]
    int[] rows();

    /// @return how many of them count
    int count();

    /// @param rows indices, each at most once
    /// @return all of them
    static RowSelection of(int... rows) {
        return new RowSelection() {
            @Override
            public int[] rows() {
                return rows;
            }

            @Override
            public int count() {
                return rows.length;
            }
        };
    }
}
