package larch.nn;

import static larch.op.Elementwise.ADD;
import static larch.op.MatMul.MATMUL;

import java.util.List;
import larch.autodiff.Parameter;
import larch.autodiff.Var;
import larch.random.Rng;
import larch.tensor.Shape;

/// A dense layer without activation: `y = x · W + b`. x: `[batch, in]`, W: `[in, out]`, b: `[out]`.
///
/// @param weight W
/// @param bias   b
public record Linear(Parameter weight, Parameter bias) implements Module {
    /// A new layer with zero bias.
    /// @param name name of the layer; its parameters are `name/weight` and `name/bias`
    /// @param in   columns of x
    /// @param out  columns of y
    /// @param init how W starts
    /// @param rng  randomness; the layer draws from the stream `init/name`
    /// @return the layer
    public static Linear create(String name, int in, int out, Init init, Rng rng) {
        return new Linear(new Parameter(name + "/weight", init.draw(rng.stream("init/" + name), Shape.of(in, out))),
                new Parameter(name + "/bias", Init.ZEROS.draw(rng, Shape.of(out))));
    }

    /// @param x `[batch, in]`
    /// @return `[batch, out]`
    public Var apply(Var x) {
        return x.apply(MATMUL, x.tape().parameter(weight)).apply(ADD, x.tape().parameter(bias));
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(weight, bias);
    }
}
