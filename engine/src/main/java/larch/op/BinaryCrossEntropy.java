package larch.op;

import static larch.expr.Comparison.GT;
import static larch.expr.Expr.ZERO;
import static larch.expr.Expr.abs;
import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.con;
import static larch.expr.Expr.exp;
import static larch.expr.Expr.log1p;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.neg;
import static larch.expr.Expr.select;
import static larch.expr.Expr.sigmoid;
import static larch.expr.Expr.sub;

import java.util.List;
import larch.expr.Expr;
import larch.tensor.Signature;

/// Mean binary cross-entropy of logits at a temperature: `L = −(1/N) Σ [t·log σ(z/T) + (1−t)·log(1−σ(z/T))]`.
///
/// Targets t lie in [0, 1]: hard labels or a teacher's probabilities. Computed without overflow as
/// `max(s,0) − s·t + log(1 + e^−|s|)`, `s = z/T`. VJP: `z̄ += L̄ · (σ(s) − t) / (N·T)`, `t̄ += −L̄ · s / N`.
/// Source: Du et al., Eq. (8) with the missing plus sign between its two terms; no factor T².
public final class BinaryCrossEntropy implements Op {
    static final List<OpSpec> SPECS = List.of(
            OpSpec.of(new BinaryCrossEntropy(1), "L = mean BCE(t, σ(z))", Domain.ALL, Domain.UNIT),
            OpSpec.of(new BinaryCrossEntropy(10), "L = mean BCE(t, σ(z/T)), T = 10", Domain.ALL, Domain.UNIT));

    private final float temperature;
    private final MeanLoss loss;

    /// @param temperature T, positive
    public BinaryCrossEntropy(float temperature) {
        this.temperature = Softmax.checkTemperature("binary_cross_entropy", temperature);
        Expr inverseT = con(1 / temperature);
        Expr s = mul(arg(0), inverseT);
        Expr t = arg(1);
        Expr value = add(sub(select(GT, s, ZERO, s, ZERO), mul(s, t)), log1p(exp(neg(abs(s)))));
        loss = new MeanLoss(value, mul(sub(sigmoid(s), t), inverseT), neg(s));
    }

    @Override
    public String name() {
        return temperature == 1 ? "binary_cross_entropy" : "binary_cross_entropy(T=" + temperature + ")";
    }

    @Override
    public Signature signature() {
        return Signature.parse("[...] [...] -> []");
    }

    @Override
    public void forward(Forward f) {
        loss.forward(f, f.in(0).size());
    }

    @Override
    public void backward(Vjp v) {
        loss.backward(v, v.in(0).size());
    }
}
