package larch.expr;

/// A comparison of two numbers, as in [Expr.Select]; every comparison with NaN is false, but `NE`, which is true.
public enum Comparison {
    /// `x < y`
    LT("<"),
    /// `x ≤ y`
    LE("<="),
    /// `x > y`
    GT(">"),
    /// `x ≥ y`
    GE(">="),
    /// `x = y`
    EQ("=="),
    /// `x ≠ y`
    NE("!=");

    private final String symbol;

    Comparison(String symbol) {
        this.symbol = symbol;
    }

    /// @return the operator as Java and OpenCL C write it
    public String symbol() {
        return symbol;
    }

    /// @param x left side
    /// @param y right side
    /// @return whether the comparison holds
    public boolean holds(double x, double y) {
        return switch (this) {
            case LT -> x < y;
            case LE -> x <= y;
            case GT -> x > y;
            case GE -> x >= y;
            case EQ -> x == y;
            case NE -> x != y;
        };
    }
}
