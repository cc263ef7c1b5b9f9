package larch.expr;

/// The primitive functions an [Expr] is made of.
///
/// The first group is what ops are written in. The second exists for [Lowering]: with it every function of the first
/// group becomes a short sequence of operations that IEEE 754 rounds exactly, so scalar code, vector code and OpenCL
/// give the same bits. Adding a row here makes the compiler list every `switch` that has to learn it.
public enum Prim {
    /// `x + y`
    ADD(2, "+"),
    /// `x − y`
    SUB(2, "-"),
    /// `x · y`
    MUL(2, "*"),
    /// `x / y`
    DIV(2, "/"),
    /// the smaller; NaN if either is NaN
    MIN(2, "min"),
    /// the larger; NaN if either is NaN
    MAX(2, "max"),
    /// `−x`
    NEG(1, "-"),
    /// `|x|`
    ABS(1, "abs"),
    /// `√x`, exactly rounded
    SQRT(1, "sqrt"),
    /// `eˣ`
    EXP(1, "exp"),
    /// natural logarithm
    LOG(1, "log"),
    /// `log(1 + x)`, accurate near 0
    LOG1P(1, "log1p"),
    /// hyperbolic tangent
    TANH(1, "tanh"),
    /// `1 / (1 + e⁻ˣ)`
    SIGMOID(1, "sigmoid"),
    /// `xᵖ`; the exponent must be a constant
    POW(2, "pow"),

    /// `x · y + z` with one rounding
    FMA(3, "fma"),
    /// `2ⁿ` for an integral `n` in [−126, 127]
    POW2(1, "pow2"),
    /// the exponent `e` of a normal `|x| = m · 2ᵉ`, `1 ≤ m < 2`, as a float
    EXPONENT(1, "exponent"),
    /// the mantissa `m` in `[1, 2)` of a normal `|x| = m · 2ᵉ`
    MANTISSA(1, "mantissa");

    private final int arity;
    private final String symbol;

    Prim(int arity, String symbol) {
        this.arity = arity;
        this.symbol = symbol;
    }

    /// @return the number of arguments
    public int arity() {
        return arity;
    }

    /// @return an operator sign or a function name, for [Render]
    public String symbol() {
        return symbol;
    }

    /// @return whether the function is one correctly rounded IEEE operation (or an exact bit operation)
    public boolean isExact() {
        return switch (this) {
            case ADD, SUB, MUL, DIV, MIN, MAX, NEG, ABS, SQRT, FMA, POW2, EXPONENT, MANTISSA -> true;
            case EXP, LOG, LOG1P, TANH, SIGMOID, POW -> false;
        };
    }

    /// The value in double precision: the specification that every backend is held against. `StrictMath`, because
    /// `Math`'s intrinsics may give other bits once a method is compiled.
    ///
    /// @param x first argument
    /// @param y second argument, ignored where the arity is 1
    /// @param z third argument, ignored where the arity is below 3
    /// @return the function's value
    public double inDouble(double x, double y, double z) {
        return switch (this) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            case MIN -> Math.min(x, y);
            case MAX -> Math.max(x, y);
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case SQRT -> Math.sqrt(x);
            case EXP -> StrictMath.exp(x);
            case LOG -> StrictMath.log(x);
            case LOG1P -> StrictMath.log1p(x);
            case TANH -> StrictMath.tanh(x);
            case SIGMOID -> x >= 0 ? 1 / (1 + StrictMath.exp(-x)) : StrictMath.exp(x) / (1 + StrictMath.exp(x));
            case POW -> StrictMath.pow(x, y);
            case FMA -> Math.fma(x, y, z);
            case POW2 -> Math.scalb(1.0, (int) x);
            case EXPONENT -> Math.getExponent(x);
            case MANTISSA -> Math.abs(Math.scalb(x, -Math.getExponent(x)));
        };
    }
}
