package larch.op;

import static larch.expr.Expr.arg;
import static larch.expr.Expr.con;
import static larch.expr.Expr.exp;
import static larch.expr.Expr.log;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.sub;

import java.util.List;
import larch.backend.Reduction;
import larch.expr.Expr;
import larch.tensor.Axis;
import larch.tensor.Shape;
import larch.tensor.Signature;
import larch.tensor.Tensor;

/// Logarithm of the temperature softmax of each row: `y_ij = z_ij/T − log Σ_j exp(z_ij/T)`. z: `[m,n]`, `T > 0`.
///
/// VJP: `z̄ += (ȳ − e^y ⊙ Σ_j ȳ) / T`. Computed as `(z − max)/T − log Σ exp((z − max)/T)`: the sum is at least 1, so
/// its logarithm loses nothing.
public final class LogSoftmax implements Op {
    static final List<OpSpec> SPECS = List.of(
            OpSpec.of(new LogSoftmax(1), "y = log softmax(z)", Domain.ALL),
            OpSpec.of(new LogSoftmax(10), "y = log softmax(z/T), T = 10", Domain.ALL));

    private final float temperature;
    private final Expr shifted;
    private final Expr gradient;

    /// @param temperature T, positive
    public LogSoftmax(float temperature) {
        this.temperature = Softmax.checkTemperature("log_softmax", temperature);
        this.shifted = mul(sub(arg(0), arg(1)), con(1 / temperature));
        this.gradient = mul(sub(arg(1), mul(exp(arg(0)), arg(2))), con(1 / temperature));
    }

    @Override
    public String name() {
        return temperature == 1 ? "log_softmax" : "log_softmax(T=" + temperature + ")";
    }

    @Override
    public Signature signature() {
        return Signature.parse("[m,n] -> [m,n]");
    }

    @Override
    public void forward(Forward f) {
        Tensor max = f.temp(Shape.of(f.in(0).dim(0), 1));
        Tensor sum = f.temp(Shape.of(f.in(0).dim(0), 1));
        f.backend().reduce(Reduction.MAX, Axis.COLUMNS, arg(0), max, f.in(0));
        f.backend().reduce(Reduction.SUM, Axis.COLUMNS, exp(shifted), sum, f.in(0), max);
        f.backend().elementwise(sub(shifted, log(arg(2))), f.out(), f.in(0), max, sum);
    }

    @Override
    public void backward(Vjp v) {
        v.add(0, dZ -> {
            Tensor total = v.temp(Shape.of(v.out().dim(0), 1));
            v.backend().reduce(Reduction.SUM, Axis.COLUMNS, arg(0), total, v.cotangent());
            v.backend().elementwise(gradient, dZ, v.out(), v.cotangent(), total);
        });
    }
}
