package larch.op;

import static larch.expr.Expr.arg;
import static larch.expr.Expr.mul;

import larch.backend.Backend;
import larch.backend.Reduction;
import larch.expr.Expr;
import larch.tensor.Axis;
import larch.tensor.Tensor;

/// The mean of a function of corresponding elements, and its gradient: what several losses share.
///
/// `L = (1/N) Σ ℓ(x, t)`; VJP: `x̄ += L̄/N · ∂ℓ/∂x`, likewise for t. The factor 1/N enters as an argument, so that one
/// compiled kernel serves every batch size.
final class MeanLoss {
    private final Expr scaledLoss;
    private final Expr scaledByPrediction;
    private final Expr scaledByTarget;

    /// @param loss         ℓ of prediction `x0` and target `x1`
    /// @param byPrediction ∂ℓ/∂x0
    /// @param byTarget     ∂ℓ/∂x1
    MeanLoss(Expr loss, Expr byPrediction, Expr byTarget) {
        scaledLoss = mul(arg(2), loss);
        scaledByPrediction = mul(mul(arg(2), arg(3)), byPrediction);
        scaledByTarget = mul(mul(arg(2), arg(3)), byTarget);
    }

    void forward(Forward f, int count) {
        f.backend().reduce(Reduction.SUM, Axis.ALL, scaledLoss, f.out(), f.in(0), f.in(1), inverse(count));
    }

    void backward(Vjp v, int count) {
        Backend backend = v.backend();
        v.add(0, dX -> backend.elementwise(scaledByPrediction, dX, v.in(0), v.in(1), inverse(count), v.cotangent()));
        v.add(1, dT -> backend.elementwise(scaledByTarget, dT, v.in(0), v.in(1), inverse(count), v.cotangent()));
    }

    private static Tensor inverse(int count) {
        return Tensor.scalar(count == 0 ? Float.NaN : 1f / count);
    }
}
