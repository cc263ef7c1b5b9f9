package larch.op;

import static larch.expr.Expr.arg;
import static larch.expr.Expr.con;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.sub;

import java.util.List;
import larch.expr.Expr;
import larch.tensor.Signature;

/// Mean squared error: `L = (1/N) Σ (x − t)²`.   VJP: `x̄ += L̄ · 2(x − t)/N`, `t̄ −=` the same.
public final class MeanSquaredError implements Op {
    /// The op; it has no attributes.
    public static final MeanSquaredError MEAN_SQUARED_ERROR = new MeanSquaredError();

    static final List<OpSpec> SPECS = List.of(
            OpSpec.of(MEAN_SQUARED_ERROR, "L = mean (x−t)²", Domain.ALL, Domain.ALL));

    private final MeanLoss loss;

    private MeanSquaredError() {
        Expr difference = sub(arg(0), arg(1));
        loss = new MeanLoss(mul(difference, difference), mul(con(2), difference), mul(con(-2), difference));
    }

    @Override
    public String name() {
        return "mean_squared_error";
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
