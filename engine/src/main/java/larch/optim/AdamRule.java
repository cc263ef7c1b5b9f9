package larch.optim;

import static larch.expr.Expr.ONE;
import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.con;
import static larch.expr.Expr.div;
import static larch.expr.Expr.fma;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.sqrt;
import static larch.expr.Expr.sub;

import larch.expr.Expr;

/// Adam's arithmetic on one element, as expressions of the weight w, its moments m and v, and more; each array of three
/// gives the new w, m and v, so that one pass does all.
final class AdamRule {
    /// New w, m, v of w, m, v, the gradient and the step's learning rate.
    private final Expr[] step;
    /// New w, m, v of w, m, v and, for each row, `lr·S(β₁)`, `lr·S(β₁/√β₂)`, `β₁ᵏ`, `β₂ᵏ`; see [AdamDrift].
    private final Expr[] drift;
    private final AdamDrift distances;
    private final double learningRate;

    AdamRule(Adam.Settings settings) {
        learningRate = settings.learningRate();
        distances = settings.rows() == Adam.Rows.DENSE ? new AdamDrift(settings.beta1(), settings.beta2()) : null;
        Expr epsilon = con(settings.epsilon());
        Expr w = arg(0);
        Expr m = arg(1);
        Expr v = arg(2);
        Expr g = arg(3);
        Expr newM = fma(con(settings.beta1()), m, mul(con(1 - settings.beta1()), g));
        Expr newV = fma(con(settings.beta2()), v, mul(con(1 - settings.beta2()), mul(g, g)));
        step = new Expr[] {sub(w, div(mul(arg(4), newM), add(sqrt(newV), epsilon))), newM, newV};
        Expr root = sqrt(v);
        Expr theta = div(root, add(root, epsilon));
        Expr sum = fma(theta, arg(4), mul(sub(ONE, theta), arg(3)));
        drift = new Expr[] {sub(w, mul(div(m, add(root, epsilon)), sum)), mul(m, arg(5)), mul(v, arg(6))};
    }

    Expr[] step() {
        return step;
    }

    Expr[] drift() {
        return drift;
    }

    /// @return how far rows without a gradient move; null if they rest
    AdamDrift distances() {
        return distances;
    }

    double learningRate() {
        return learningRate;
    }
}
