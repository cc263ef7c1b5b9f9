package larch.op;

import static larch.expr.Comparison.EQ;
import static larch.expr.Expr.ONE;
import static larch.expr.Expr.ZERO;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.div;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.select;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import larch.backend.Backend;
import larch.backend.Reduction;
import larch.expr.Expr;
import larch.tensor.Axis;
import larch.tensor.Shape;
import larch.tensor.Signature;
import larch.tensor.Tensor;

/// Folds over the rows, the columns or all elements ([Axis]).
///
/// | fold | `y` | VJP |
/// |---|---|---|
/// | sum | `Σ x` | `x̄ += ȳ` |
/// | mean | `(1/N) Σ x` over `N` elements; NaN for none | `x̄ += ȳ / N` |
/// | max | `max x`; −∞ for none | `x̄ += ȳ / (number of maxima)` at each maximum |
/// | l2_norm | `√(Σ x²)` | `x̄ += ȳ · x / y`, 0 where `y = 0` |
public final class Reduce implements Op {
    private enum Fold { SUM, MEAN, MAX, L2_NORM }

    private static final Expr X = arg(0);
    private static final Expr FIRST_TIMES_SECOND = mul(arg(0), arg(1));
    private static final Expr IS_MAXIMUM = select(EQ, arg(0), arg(1), ONE, ZERO);
    // Of x, y, ȳ and the number of maxima.
    private static final Expr MAX_GRADIENT = select(EQ, arg(0), arg(1), div(arg(2), arg(3)), ZERO);
    // Of x, y, ȳ.
    private static final Expr NORM_GRADIENT = select(EQ, arg(1), ZERO, ZERO, div(mul(arg(2), arg(0)), arg(1)));

    static final List<OpSpec> SPECS = specs();

    private final Fold fold;
    private final Axis axis;

    private Reduce(Fold fold, Axis axis) {
        this.fold = fold;
        this.axis = axis;
    }

    /// @param axis what to fold
    /// @return the sum
    public static Reduce sum(Axis axis) {
        return new Reduce(Fold.SUM, axis);
    }

    /// @param axis what to fold
    /// @return the mean
    public static Reduce mean(Axis axis) {
        return new Reduce(Fold.MEAN, axis);
    }

    /// @param axis what to fold
    /// @return the largest element
    public static Reduce max(Axis axis) {
        return new Reduce(Fold.MAX, axis);
    }

    /// @param axis what to fold
    /// @return the Euclidean norm
    public static Reduce l2Norm(Axis axis) {
        return new Reduce(Fold.L2_NORM, axis);
    }

    private static List<OpSpec> specs() {
        List<OpSpec> specs = new ArrayList<>();
        for (Axis axis : Axis.values()) {
            String over = " over " + axis.name().toLowerCase(Locale.ROOT);
            specs.add(OpSpec.of(sum(axis), "y = Σ x" + over, Domain.ALL));
            specs.add(OpSpec.of(mean(axis), "y = (Σ x)/N" + over, Domain.ALL));
            specs.add(OpSpec.of(max(axis), "y = max x" + over, Domain.DISTINCT));
            specs.add(OpSpec.of(l2Norm(axis), "y = √Σx²" + over, Domain.NONZERO));
        }
        return List.copyOf(specs);
    }

    @Override
    public String name() {
        return fold.name().toLowerCase(Locale.ROOT) + "_" + axis.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Signature signature() {
        return Signature.parse("[m,n] -> " + switch (axis) {
            case ROWS -> "[n]";
            case COLUMNS -> "[m,1]";
            case ALL -> "[]";
        });
    }

    @Override
    public Shape resultShape(Shape... in) {
        return in.length == 1 ? axis.reduce(in[0]) : Op.super.resultShape(in);
    }

    @Override
    public void forward(Forward f) {
        switch (fold) {
            case SUM -> f.backend().reduce(Reduction.SUM, axis, X, f.out(), f.in(0));
            case MEAN -> {
                f.backend().reduce(Reduction.SUM, axis, X, f.out(), f.in(0));
                f.backend().elementwise(FIRST_TIMES_SECOND, f.out(), f.out(),
                        inverseCount(f.backend(), f.in(0)));
            }
            case MAX -> f.backend().reduce(Reduction.MAX, axis, X, f.out(), f.in(0));
            case L2_NORM -> {
                f.backend().reduce(Reduction.SUM, axis, mul(X, X), f.out(), f.in(0));
                f.backend().elementwise(Expr.sqrt(X), f.out(), f.out());
            }
        }
    }

    @Override
    public void backward(Vjp v) {
        Tensor x = v.in(0);
        Tensor y = v.out();
        Tensor dY = v.cotangent();
        v.add(0, dX -> {
            switch (fold) {
                case SUM -> v.backend().elementwise(X, dX, dY);
                case MEAN -> v.backend().elementwise(FIRST_TIMES_SECOND, dX, dY, inverseCount(v.backend(), x));
                case MAX -> {
                    Tensor maxima = v.temp(v.out().shape());
                    v.backend().reduce(Reduction.SUM, axis, IS_MAXIMUM, maxima, x, y);
                    v.backend().elementwise(MAX_GRADIENT, dX, x, y, dY, maxima);
                }
                case L2_NORM -> v.backend().elementwise(NORM_GRADIENT, dX, x, y, dY);
            }
        });
    }

    // Infinite for no elements, so that their mean is 0 · ∞ = NaN.
    private Tensor inverseCount(Backend backend, Tensor x) {
        return backend.place(Tensor.scalar((float) axis.reduce(x.shape()).size() / x.size()));
    }
}
