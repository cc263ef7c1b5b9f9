package larch.fncf.data;

/// The held-out items and their negatives, where a format brings its own (the NCF files do).
///
/// @param testItem  per user the held-out item, -1 for a user without one; shared, not to be written to
/// @param negatives per user the items to rank it against, in file order; shared, not to be written to
public record FixedTest(int[] testItem, int[][] negatives) {
    /// Checks that both speak of the same users.
    public FixedTest {
        if (testItem.length != negatives.length) {
            throw new IllegalArgumentException("fixed test: expected one list of negatives per user, got "
                    + testItem.length + " users and " + negatives.length + " lists");
        }
    }
}
