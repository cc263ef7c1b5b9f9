package larch.op;

import static larch.expr.Comparison.GE;
import static larch.expr.Expr.ZERO;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.select;

import java.util.List;
import larch.backend.Backend;
import larch.expr.Expr;
import larch.random.Rng;
import larch.tensor.Signature;
import larch.tensor.Tensor;

/// Inverted dropout: `y = x/(1−p)` with probability `1−p`, else 0; drawn from a named random stream.
///
/// VJP: `x̄ += ȳ/(1−p)` where x was kept. The mask is drawn again in the backward pass instead of being stored. So that
/// every step has a mask of its own, let the stream follow a counter: `rng.stream("drop/fc1", () -> step)`; a recorded
/// plan refuses a fixed one.
/// Source: Srivastava et al. 2014.
public final class Dropout implements Op {
    // Of x, u ~ U[0,1), p and 1/(1−p).
    private static final Expr KEEP = select(GE, arg(1), arg(2), mul(arg(0), arg(3)), ZERO);

    static final List<OpSpec> SPECS = List.of(
            OpSpec.of(new Dropout(Rng.of(1).stream("spec"), 0.25f), "y = x/(1−p) with probability 1−p, else 0", Domain.ALL));

    private final Rng stream;
    private final float rate;

    /// @param stream where the mask comes from; used from its beginning
    /// @param rate   p, the probability of 0; in [0, 1)
    public Dropout(Rng stream, float rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("dropout: rate must lie in [0,1), got " + rate);
        }
        this.stream = stream;
        this.rate = rate;
    }

    @Override
    public String name() {
        return "dropout";
    }

    @Override
    public Signature signature() {
        return Signature.parse("[...] -> [...]");
    }

    @Override
    public void forward(Forward f) {
        apply(f.backend(), f.in(0), f.temp(f.out().shape()), f.out());
    }

    @Override
    public void backward(Vjp v) {
        v.add(0, dX -> apply(v.backend(), v.cotangent(), v.temp(dX.shape()), dX));
    }

    private void apply(Backend backend, Tensor x, Tensor uniforms, Tensor out) {
        backend.uniforms(stream, uniforms);
        backend.elementwise(KEEP, out, x, uniforms, backend.place(Tensor.scalar(rate)),
                backend.place(Tensor.scalar(1 / (1 - rate))));
    }
}
