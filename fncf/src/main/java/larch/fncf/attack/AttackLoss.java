package larch.fncf.attack;

import static larch.expr.Comparison.GT;
import static larch.expr.Expr.ZERO;
import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.select;
import static larch.expr.Expr.sigmoid;

import larch.expr.Derivative;
import larch.expr.Expr;

/// The term of the objective that pulls the logit down: a function of the logit z, the constant c and the
/// confidence κ.
public enum AttackLoss {
    /// `c · max(z + κ, 0)`: nothing more to gain once z has reached −κ. Source: Carlini and Wagner 2017, f₆,
    /// whose margin between two classes is z for one logit.
    HINGE(mul(arg(1), select(GT, add(arg(0), arg(2)), ZERO, add(arg(0), arg(2)), ZERO))),
    /// `c · z`: keeps pulling after success, so the distortion grows with c.
    LOGIT(mul(arg(1), arg(0))),
    /// `c · σ(z)`: Du et al., Eq. (4), word for word. Its gradient dies where the model is sure.
    PROBABILITY(mul(arg(1), sigmoid(arg(0))));

    private final Expr value;
    private final Expr slope;

    AttackLoss(Expr value) {
        this.value = value;
        this.slope = Derivative.of(value, 0);
    }

    /// @return the loss, of arguments z, c and κ
    Expr value() {
        return value;
    }

    /// @return its derivative by z, of the same arguments
    Expr slope() {
        return slope;
    }
}
