package larch.expr;

import static larch.expr.Comparison.GE;
import static larch.expr.Comparison.LE;
import static larch.expr.Expr.ONE;
import static larch.expr.Expr.ZERO;
import static larch.expr.Expr.add;
import static larch.expr.Expr.con;
import static larch.expr.Expr.div;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.neg;
import static larch.expr.Expr.pow;
import static larch.expr.Expr.select;
import static larch.expr.Expr.sub;

import java.util.List;

/// Symbolic differentiation of an [Expr]: the chain rule over the tree, one row per primitive.
///
/// At a kink it takes the side that [Expr.Select] takes at the point itself: the derivative of
/// `select(x > 0, x, 0)` at 0 is 0. `abs` has derivative +1 at 0; `min` and `max` follow their first argument in a tie.
public final class Derivative {
    private Derivative() {
    }

    /// @param expr a function
    /// @param arg  the argument to differentiate by
    /// @return `∂expr/∂arg`, with zeros and ones folded away
    public static Expr of(Expr expr, int arg) {
        return Nodes.fold(expr, Derivative::values, (node, derivative) -> switch (node) {
            case Expr.Arg(int index) -> index == arg ? ONE : ZERO;
            case Expr.Const _ -> ZERO;
            case Expr.Select s -> select(s.comparison(), s.left(), s.right(), derivative.apply(s.ifTrue()),
                    derivative.apply(s.ifFalse()));
            case Expr.Apply f -> ofApply(f, f.args().stream().map(derivative).toList());
        });
    }

    /// @return the parts whose values enter that of an expression; a choice depends on its sides in jumps alone
    private static List<Expr> values(Expr expr) {
        return expr instanceof Expr.Select s ? List.of(s.ifTrue(), s.ifFalse()) : Nodes.parts(expr);
    }

    private static Expr ofApply(Expr.Apply f, List<Expr> derivatives) {
        List<Expr> in = f.args();
        Expr x = in.get(0);
        Expr y = in.size() > 1 ? in.get(1) : ZERO;
        Expr dx = derivatives.get(0);
        Expr dy = in.size() > 1 ? derivatives.get(1) : ZERO;
        return switch (f.prim()) {
            case ADD -> add(dx, dy);
            case SUB -> sub(dx, dy);
            case MUL -> add(mul(dx, y), mul(x, dy));
            case DIV -> sub(div(dx, y), mul(div(f, y), dy));
            case MIN -> select(LE, x, y, dx, dy);
            case MAX -> select(GE, x, y, dx, dy);
            case NEG -> neg(dx);
            case ABS -> select(GE, x, ZERO, dx, neg(dx));
            case SQRT -> div(mul(con(0.5f), dx), f);
            case EXP -> mul(f, dx);
            case LOG -> div(dx, x);
            case LOG1P -> div(dx, add(ONE, x));
            case TANH -> mul(sub(ONE, mul(f, f)), dx);
            case SIGMOID -> mul(mul(f, sub(ONE, f)), dx);
            case POW -> {
                float p = ((Expr.Const) y).value();
                yield mul(mul(con(p), pow(x, p - 1)), dx);
            }
            case FMA -> add(add(mul(dx, y), mul(x, dy)), derivatives.get(2));
            case POW2, EXPONENT, MANTISSA -> throw new IllegalArgumentException(
                    "derivative: " + f.prim() + " has none; differentiate before lowering");
        };
    }
}
