package larch.backend;

/// A function of some rows of tables, prepared once and run for other rows each time; see [Backend#rowUpdate].
public interface RowUpdate {
    /// Applies the function to row `rows[i]` of every table, for `i < count`, with row `i` of the other arguments.
    /// @param rows  which rows, each at most once among the first `count`
    /// @param count how many of them; at most the capacity, which is the number of rows of the other arguments
    void run(int[] rows, int count);
}
