package larch.opencl.source;

import java.util.List;
import java.util.function.IntFunction;
import larch.expr.Expr;
import larch.expr.Prim;
import larch.expr.Program;

/// Expressions as OpenCL C: one line for each step of their [Program].
///
/// ```c
/// float t0 = arg0[offset0 + i];
/// float t1 = arg1[offset1 + column];
/// float t2 = t0 * t1;
/// ```
///
/// The steps are exactly rounded on the CPU, and so they are here, hence the bits are equal. It takes four things: `fma`,
/// which OpenCL rounds exactly; no contraction of `x * y + z` behind our back ([#PRELUDE] forbids it); a device that rounds
/// division and square root exactly if told to (`CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT`); and one that keeps subnormals
/// (without `CL_FP_DENORM` it gives zeros for them). NaN keeps being NaN, but its payload and sign are the device's.
public final class ExpressionSource {
    /// What the head of every program holds: the switch against contraction, and functions for those primitives that
    /// are no operator or builtin of OpenCL C.
    public static final String PRELUDE = """
            #pragma OPENCL FP_CONTRACT OFF

            // The smaller and the larger: NaN if either is NaN, and -0 below +0, whose bits differ in the sign only.
            // The builtins fmin and fmax drop a NaN and leave the order of zeros open.
            float exact_min(float x, float y) {
                return x < y ? x : x > y ? y : x == y ? as_float(as_uint(x) | as_uint(y)) : x + y;
            }
            float exact_max(float x, float y) {
                return x > y ? x : x < y ? y : x == y ? as_float(as_uint(x) & as_uint(y)) : x + y;
            }
            // 2^n for an integral n in [-126, 127]: 1.5*2^23 puts n into the low bits, which become the exponent.
            float exact_pow2(float n) {
                return as_float((as_uint(n + 0x1.8p23f) << 23) + 0x3f800000u);
            }
            // The exponent of a normal x: its biased bits as the low bits of 2^23, minus 2^23 and the bias.
            float exact_exponent(float x) {
                return as_float(((as_uint(x) >> 23) & 0xffu) | 0x4b000000u) - 8388735.0f;
            }
            // The mantissa of a normal x, in [1, 2).
            float exact_mantissa(float x) {
                return as_float((as_uint(x) & 0x007fffffu) | 0x3f800000u);
            }
            """;

    private static final float INTEGRAL_BELOW = 0x1p24f;

    private final Program program;

    private ExpressionSource(Program program) {
        this.program = program;
    }

    /// @param exprs expressions; they share what they have in common
    /// @return their text
    public static ExpressionSource of(List<Expr> exprs) {
        return new ExpressionSource(Program.of(exprs.toArray(Expr[]::new)));
    }

    /// @param indent   what each line begins with
    /// @param argument text that reads argument number 0, 1, …
    /// @return the steps in order, a line for each
    public String statements(String indent, IntFunction<String> argument) {
        StringBuilder text = new StringBuilder();
        List<Program.Step> steps = program.steps();
        for (int i = 0; i < steps.size(); i++) {
            text.append(indent).append("float ").append(variable(i)).append(" = ").append(value(steps.get(i), argument))
                    .append(";\n");
        }
        return text.toString();
    }

    /// @param expr number of an expression, from 0
    /// @return the variable that holds its value after [#statements]
    public String result(int expr) {
        return variable(program.results().get(expr));
    }

    private static String variable(int step) {
        return "t" + step;
    }

    private static String value(Program.Step step, IntFunction<String> argument) {
        return switch (step) {
            case Program.Step.Load(int index) -> argument.apply(index);
            case Program.Step.Literal literal -> literal(literal.value());
            case Program.Step.Call(Prim prim, int x, int y, int z) -> call(prim, variable(x), variable(y), variable(z));
            case Program.Step.Choose c -> variable(c.left()) + " " + c.comparison().symbol() + " " + variable(c.right())
                    + " ? " + variable(c.ifTrue()) + " : " + variable(c.ifFalse());
        };
    }

    private static String call(Prim prim, String x, String y, String z) {
        return switch (prim) {
            case ADD, SUB, MUL, DIV -> x + " " + prim.symbol() + " " + y;
            case MIN, MAX -> "exact_" + prim.symbol() + "(" + x + ", " + y + ")";
            case NEG -> "-" + x;
            case ABS -> "fabs(" + x + ")";
            case FMA -> "fma(" + x + ", " + y + ", " + z + ")";
            case SQRT -> "sqrt(" + x + ")";
            case POW2, EXPONENT, MANTISSA -> "exact_" + prim.symbol() + "(" + x + ")";
            case EXP, LOG, LOG1P, TANH, SIGMOID, POW -> throw new IllegalStateException(prim + " should have been lowered");
        };
    }

    /// A number without any rounding: small integers in decimal, others by their bits, in hexadecimal notation where the
    /// language has one that every compiler must read exactly.
    /// @param value any float
    /// @return an OpenCL C expression of that value
    public static String literal(float value) {
        boolean plain = Math.abs(value) >= Float.MIN_NORMAL && Math.abs(value) <= Float.MAX_VALUE;
        if (Float.floatToRawIntBits(value) == 0 || plain && value == Math.rint(value) && Math.abs(value) < INTEGRAL_BELOW) {
            return (int) value + ".0f";
        }
        return plain ? Float.toHexString(value) + "f" : "as_float(0x%08xu)".formatted(Float.floatToRawIntBits(value));
    }
}
