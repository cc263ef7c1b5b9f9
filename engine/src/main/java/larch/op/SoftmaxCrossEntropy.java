package larch.op;

import static larch.expr.Expr.arg;
import static larch.expr.Expr.con;
import static larch.expr.Expr.exp;
import static larch.expr.Expr.log;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.neg;
import static larch.expr.Expr.sub;

import java.util.List;
import larch.backend.Backend;
import larch.backend.Reduction;
import larch.expr.Expr;
import larch.tensor.Axis;
import larch.tensor.Shape;
import larch.tensor.Signature;
import larch.tensor.Tensor;

/// Mean cross-entropy of L classes with soft targets: `L = −(1/m) Σ_i Σ_l t_il · log softmax(z_i/T)_l`.
///
/// z: `[m,n]` logits, t: `[m,n]` targets, rows usually sums of 1. VJP: `z̄ += L̄ · (softmax(z/T)·Σ_l t − t)/(m·T)`,
/// `t̄ += −L̄ · log softmax(z/T)/m`. Source: Du et al., Eq. (7).
public final class SoftmaxCrossEntropy implements Op {
    static final List<OpSpec> SPECS = List.of(
            OpSpec.of(new SoftmaxCrossEntropy(1), "L = −mean Σ t·log softmax(z)", Domain.ALL, Domain.UNIT),
            OpSpec.of(new SoftmaxCrossEntropy(10), "L = −mean Σ t·log softmax(z/T), T = 10", Domain.ALL, Domain.UNIT));

    private final float temperature;
    // Arguments: z, t, max_l z, Σ_l exp((z − max)/T), 1/m, L̄, Σ_l t.
    private final Expr shifted;
    private final Expr logSoftmax;
    private final Expr byLogits;
    private final Expr byTargets;

    /// @param temperature T, positive
    public SoftmaxCrossEntropy(float temperature) {
        this.temperature = Softmax.checkTemperature("softmax_cross_entropy", temperature);
        Expr inverseT = con(1 / temperature);
        shifted = mul(sub(arg(0), arg(2)), inverseT);
        logSoftmax = sub(shifted, log(arg(3)));
        Expr scale = mul(arg(4), arg(5));
        byLogits = mul(mul(scale, inverseT), sub(mul(exp(logSoftmax), arg(6)), arg(1)));
        byTargets = mul(scale, neg(logSoftmax));
    }

    @Override
    public String name() {
        return temperature == 1 ? "softmax_cross_entropy" : "softmax_cross_entropy(T=" + temperature + ")";
    }

    @Override
    public Signature signature() {
        return Signature.parse("[m,n] [m,n] -> []");
    }

    @Override
    public void forward(Forward f) {
        Tensor z = f.in(0);
        Tensor max = f.temp(perRow(z));
        Tensor sum = f.temp(perRow(z));
        f.backend().reduce(Reduction.MAX, Axis.COLUMNS, arg(0), max, z);
        f.backend().reduce(Reduction.SUM, Axis.COLUMNS, exp(shifted), sum, z, z, max);
        f.backend().reduce(Reduction.SUM, Axis.ALL, neg(mul(arg(1), logSoftmax)), f.out(), z, f.in(1), max, sum);
        f.backend().elementwise(mul(arg(0), arg(1)), f.out(), f.out(), inverse(f.backend(), z));
    }

    @Override
    public void backward(Vjp v) {
        Tensor z = v.in(0);
        Tensor max = v.temp(perRow(z));
        Tensor sum = v.temp(perRow(z));
        v.backend().reduce(Reduction.MAX, Axis.COLUMNS, arg(0), max, z);
        v.backend().reduce(Reduction.SUM, Axis.COLUMNS, exp(shifted), sum, z, z, max);
        v.add(0, dZ -> {
            Tensor mass = v.temp(perRow(z));
            v.backend().reduce(Reduction.SUM, Axis.COLUMNS, arg(0), mass, v.in(1));
            v.backend().elementwise(byLogits, dZ, z, v.in(1), max, sum, inverse(v.backend(), z), v.cotangent(), mass);
        });
        v.add(1, dT -> v.backend().elementwise(byTargets, dT, z, v.in(1), max, sum, inverse(v.backend(), z),
                v.cotangent()));
    }

    private static Shape perRow(Tensor z) {
        return Shape.of(z.dim(0), 1);
    }

    private static Tensor inverse(Backend backend, Tensor z) {
        return backend.place(Tensor.scalar(1f / z.dim(0)));
    }
}
