package larch.backend;

/// How a reduction folds its elements into one.
public enum Reduction {
    /// The sum; 0 for no elements.
    SUM(0),
    /// The largest; NaN if any is NaN, −∞ for no elements.
    MAX(Float.NEGATIVE_INFINITY);

    private final float identity;

    Reduction(float identity) {
        this.identity = identity;
    }

    /// @return the result for no elements
    public float identity() {
        return identity;
    }
}
