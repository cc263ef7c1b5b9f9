package larch.expr;

import java.util.List;

/// Text of an [Expr]: the formula for docs and errors, and straight-line code for people.
public final class Render {
    /// Characters; what anybody would read.
    private static final int LONGEST_FORMULA = 1000;

    private Render() {
    }

    /// @param expr any expression
    /// @return infix text such as `x0 * sigmoid(x0)`; of a long one the beginning and `…`
    public static String formula(Expr expr) {
        StringBuilder text = new StringBuilder();
        write(text, expr);
        return text.length() <= LONGEST_FORMULA ? text.toString() : text.substring(0, LONGEST_FORMULA) + "…";
    }

    // Text repeats what a tree shares, so it may be exponentially longer. Each level adds a character before it descends:
    // the limit bounds the depth, too.
    private static void write(StringBuilder text, Expr expr) {
        if (text.length() > LONGEST_FORMULA) {
            return;
        }
        switch (expr) {
            case Expr.Arg(int index) -> text.append('x').append(index);
            case Expr.Const(float value) -> text.append(number(value));
            case Expr.Select s -> {
                write(text.append('('), s.left());
                write(text.append(' ').append(s.comparison().symbol()).append(' '), s.right());
                write(text.append(" ? "), s.ifTrue());
                write(text.append(" : "), s.ifFalse());
                text.append(')');
            }
            case Expr.Apply f -> writeApply(text, f);
        }
    }

    private static void writeApply(StringBuilder text, Expr.Apply f) {
        String symbol = f.prim().symbol();
        switch (f.prim()) {
            case ADD, SUB, MUL, DIV -> {
                write(text.append('('), f.args().get(0));
                write(text.append(' ').append(symbol).append(' '), f.args().get(1));
                text.append(')');
            }
            case NEG -> write(text.append(symbol), f.args().get(0));
            case MIN, MAX, ABS, SQRT, EXP, LOG, LOG1P, TANH, SIGMOID, POW, FMA, POW2, EXPONENT, MANTISSA -> {
                text.append(symbol);
                String before = "(";
                for (Expr arg : f.args()) {
                    write(text.append(before), arg);
                    before = ", ";
                }
                text.append(')');
            }
        }
    }

    private static String number(float value) {
        boolean integral = Float.compare((int) value, value) == 0;   // −0 is not
        return integral && Math.abs(value) < 1e7 ? Integer.toString((int) value) : Float.toString(value);
    }

    /// The straight-line code of the lowered function as Java text, for readers of compiled kernels.
    /// @param expr any expression
    /// @return statements over `x0, x1, …`, ending in `return`
    public static String java(Expr expr) {
        List<Program.Step> steps = Program.of(expr).steps();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < steps.size(); i++) {
            String value = switch (steps.get(i)) {
                case Program.Step.Load(int index) -> "x" + index;
                case Program.Step.Literal literal -> literal(literal.value());
                case Program.Step.Call(Prim prim, int x, int y, int z) -> call(prim, "t" + x, "t" + y, "t" + z);
                case Program.Step.Choose c -> "t%d %s t%d ? t%d : t%d".formatted(c.left(), c.comparison().symbol(), c.right(),
                        c.ifTrue(), c.ifFalse());
            };
            text.append("float t").append(i).append(" = ").append(value).append(";\n");
        }
        return text.append("return t").append(steps.size() - 1).append(";\n").toString();
    }

    private static String literal(float value) {
        if (Float.isNaN(value)) {
            return "Float.NaN";
        }
        if (Float.isInfinite(value)) {
            return value > 0 ? "Float.POSITIVE_INFINITY" : "Float.NEGATIVE_INFINITY";
        }
        return Float.toHexString(value) + "f";
    }

    private static String call(Prim prim, String x, String y, String z) {
        return switch (prim) {
            case ADD, SUB, MUL, DIV -> x + " " + prim.symbol() + " " + y;
            case NEG -> "-" + x;
            case MIN, MAX, ABS, SQRT -> "Math." + prim.symbol() + "(" + x + (prim.arity() == 2 ? ", " + y : "") + ")";
            case FMA -> "Math.fma(" + x + ", " + y + ", " + z + ")";
            case POW2 -> "intBitsToFloat((floatToRawIntBits(" + x + " + 12582912f) << 23) + 0x3f800000)";
            case EXPONENT -> "intBitsToFloat((floatToRawIntBits(" + x + ") >> 23 & 255) | 0x4b000000) - 8388735f";
            case MANTISSA -> "intBitsToFloat(floatToRawIntBits(" + x + ") & 0x007fffff | 0x3f800000)";
            case EXP, LOG, LOG1P, TANH, SIGMOID, POW -> throw new IllegalStateException(prim + " should have been lowered");
        };
    }
}
