package larch.op;

import static larch.expr.Expr.arg;
import static larch.expr.Expr.con;
import static larch.expr.Expr.div;
import static larch.expr.Expr.exp;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.sub;

import java.util.List;
import larch.backend.Reduction;
import larch.expr.Expr;
import larch.tensor.Axis;
import larch.tensor.Shape;
import larch.tensor.Signature;
import larch.tensor.Tensor;

/// Temperature softmax of each row: `p_ij = exp((z_ij − max_j z_ij)/T) / Σ_j exp(…)`. z: `[m,n]` logits, `T > 0`.
///
/// VJP: `z̄ += p ⊙ (p̄ − Σ_j p̄ p) / T`. Subtracting the row's maximum keeps every exponent at or below 0, so nothing
/// overflows. Source: Hinton et al. 2015; Du et al., Eq. (13).
public final class Softmax implements Op {
    private static final Expr PRODUCT = mul(arg(0), arg(1));
    private static final Expr QUOTIENT = div(arg(0), arg(1));

    static final List<OpSpec> SPECS = List.of(
            OpSpec.of(new Softmax(1), "p = softmax(z)", Domain.ALL),
            OpSpec.of(new Softmax(10), "p = softmax(z/T), T = 10", Domain.ALL));

    private final float temperature;
    private final Expr shiftedExp;
    private final Expr gradient;

    /// @param temperature T, positive
    public Softmax(float temperature) {
        this.temperature = checkTemperature("softmax", temperature);
        this.shiftedExp = exp(mul(sub(arg(0), arg(1)), con(1 / temperature)));
        this.gradient = mul(mul(arg(0), sub(arg(1), arg(2))), con(1 / temperature));
    }

    static float checkTemperature(String op, float temperature) {
        if (!(temperature > 0) || Float.isInfinite(temperature)) {
            throw new IllegalArgumentException(op + ": temperature must be positive and finite, got " + temperature);
        }
        return temperature;
    }

    @Override
    public String name() {
        return temperature == 1 ? "softmax" : "softmax(T=" + temperature + ")";
    }

    @Override
    public Signature signature() {
        return Signature.parse("[m,n] -> [m,n]");
    }

    @Override
    public void forward(Forward f) {
        Tensor perRow = f.temp(Shape.of(f.in(0).dim(0), 1));
        f.backend().reduce(Reduction.MAX, Axis.COLUMNS, arg(0), perRow, f.in(0));
        f.backend().elementwise(shiftedExp, f.out(), f.in(0), perRow);
        f.backend().reduce(Reduction.SUM, Axis.COLUMNS, arg(0), perRow, f.out());
        f.backend().elementwise(QUOTIENT, f.out(), f.out(), perRow);
    }

    @Override
    public void backward(Vjp v) {
        v.add(0, dZ -> {
            Tensor dot = v.temp(Shape.of(v.out().dim(0), 1));
            v.backend().reduce(Reduction.SUM, Axis.COLUMNS, PRODUCT, dot, v.cotangent(), v.out());
            v.backend().elementwise(gradient, dZ, v.out(), v.cotangent(), dot);
        });
    }
}
