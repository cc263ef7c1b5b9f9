package larch.gen;

import static larch.gen.Bounds.U;

import java.util.List;
import larch.expr.Expr;
import larch.expr.Prim;

/// Evaluates an [Expr] in double together with a bound on how far its evaluation in float can be off.
///
/// Each primitive passes the errors of its arguments on and adds a rounding of its own: half an ulp if it is exact, the
/// documented 2 ulp of `Lowering` otherwise (4u, since an ulp is at most 2u of the value). Terms of second order are
/// covered by a factor of 1.01.
///
/// @param value the value in double precision
/// @param error bound of `|float result − value|`
public record RunningError(double value, double error) {
    private static final double LOWERED = 4 * U;

    /// @param f    the function
    /// @param args float arguments, exact
    /// @return value and bound
    public static RunningError of(Expr f, double... args) {
        return switch (f) {
            case Expr.Arg(int index) -> new RunningError(args[index], 0);
            case Expr.Const(float value) -> new RunningError(value, 0);
            case Expr.Select s -> select(s, args);
            case Expr.Apply apply -> {
                List<RunningError> in = apply.args().stream().map(arg -> of(arg, args)).toList();
                RunningError none = new RunningError(0, 0);
                RunningError x = in.get(0);
                RunningError y = in.size() > 1 ? in.get(1) : none;
                RunningError z = in.size() > 2 ? in.get(2) : none;
                double value = apply.prim().inDouble(x.value, y.value, z.value);
                double passed = passedOn(apply.prim(), x, y, z, value);
                yield new RunningError(value, 1.01 * passed + ownRounding(apply.prim(), x, y) * (Math.abs(value) + passed)
                        + Float.MIN_VALUE);
            }
        };
    }

    // Close to the jump either branch may have been taken.
    private static RunningError select(Expr.Select s, double[] args) {
        RunningError left = of(s.left(), args);
        RunningError right = of(s.right(), args);
        RunningError yes = of(s.ifTrue(), args);
        RunningError no = of(s.ifFalse(), args);
        RunningError chosen = s.comparison().holds(left.value, right.value) ? yes : no;
        boolean sure = left.error + right.error == 0 || Math.abs(left.value - right.value) > left.error + right.error;
        return sure ? chosen
                : new RunningError(chosen.value, Math.max(yes.error, no.error) + Math.abs(yes.value - no.value));
    }

    private static double passedOn(Prim prim, RunningError x, RunningError y, RunningError z, double value) {
        return switch (prim) {
            case ADD, SUB -> x.error + y.error;
            case MUL -> product(x, y);
            case FMA -> product(x, y) + z.error;
            case DIV -> (x.error + Math.abs(value) * y.error) / Math.max(0, Math.abs(y.value) - y.error);
            case MIN, MAX -> Math.max(x.error, y.error);
            case NEG, ABS, TANH -> x.error;
            case SQRT -> x.error == 0 ? 0 : Math.min(x.error / value, Math.sqrt(x.error));
            case EXP -> value * Math.expm1(x.error);
            case LOG -> x.error / Math.max(0, x.value - x.error);
            case LOG1P -> x.error / Math.max(0, 1 + x.value - x.error);
            case SIGMOID -> x.error / 4;
            case POW -> Math.abs(y.value * value / x.value) * x.error;
            case POW2, EXPONENT, MANTISSA -> throw new IllegalArgumentException(prim + " appears in lowered functions only");
        };
    }

    private static double product(RunningError x, RunningError y) {
        return Math.abs(x.value) * y.error + Math.abs(y.value) * x.error + x.error * y.error;
    }

    private static double ownRounding(Prim prim, RunningError x, RunningError y) {
        return switch (prim) {
            case NEG, ABS, MIN, MAX -> 0;
            case POW -> LOWERED + 2 * U * Math.abs(y.value * Math.log(Math.abs(x.value)));
            case LOG1P -> 2 * LOWERED;
            default -> prim.isExact() ? U : LOWERED;
        };
    }
}
