package larch.op;

import static larch.expr.Expr.arg;
import static larch.expr.Expr.fma;

import java.util.List;
import larch.expr.Expr;
import larch.random.Rng;
import larch.tensor.Signature;
import larch.tensor.Tensor;

/// Additive noise: `y = x + σ·ε`, `ε ~ N(0,1)` for each element, drawn from a named random stream.   VJP: `x̄ += ȳ`.
///
/// The stream is an attribute, so the op is a fixed function: computing it again draws the same noise, and its gradient
/// can be checked. So that every step has noise of its own, let the stream follow a counter:
/// `rng.stream("noise/fc1", () -> step)`; a recorded plan refuses a fixed one. With σ = 0 the result has the bits of `x`
/// and nothing is drawn. Source: Du et al., Eq. (9), read as noise on a layer's input.
public final class GaussianNoise implements Op {
    private static final Expr SCALED_SUM = fma(arg(1), arg(2), arg(0));

    static final List<OpSpec> SPECS = List.of(
            OpSpec.of(new GaussianNoise(Rng.of(1).stream("spec"), 0.5f), "y = x + σ·ε, ε ~ N(0,1)", Domain.ALL));

    private final Rng stream;
    private final float sigma;

    /// @param stream where the noise comes from; used from its beginning
    /// @param sigma  standard deviation, not negative
    public GaussianNoise(Rng stream, float sigma) {
        if (!(sigma >= 0) || Float.isInfinite(sigma)) {
            throw new IllegalArgumentException("gaussian_noise: sigma must be finite and >= 0, got " + sigma);
        }
        this.stream = stream;
        this.sigma = sigma;
    }

    @Override
    public String name() {
        return "gaussian_noise";
    }

    @Override
    public Signature signature() {
        return Signature.parse("[...] -> [...]");
    }

    @Override
    public void forward(Forward f) {
        if (sigma == 0) {
            f.backend().elementwise(arg(0), f.out(), f.in(0));
            return;
        }
        Tensor noise = f.temp(f.out().shape());
        f.backend().normals(stream, noise);
        f.backend().elementwise(SCALED_SUM, f.out(), f.in(0), noise,
                f.backend().place(Tensor.scalar(sigma)));
    }

    @Override
    public void backward(Vjp v) {
        v.pass(0);
    }
}
