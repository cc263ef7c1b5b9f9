package larch.op;

import java.util.function.Consumer;
import larch.backend.Backend;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// What an [Op] sees while it computes a vector-Jacobian product: with result `Y = f(X…)` and cotangent `Ȳ = ∂L/∂Y` it
/// adds `X̄ᵢ += (∂Y/∂Xᵢ)ᵀ · Ȳ`.
public interface Vjp {
    /// @return the kernels
    Backend backend();

    /// @return the arguments of the forward call; not to be modified
    Tensor[] in();

    /// @param i which
    /// @return one argument; not to be modified
    default Tensor in(int i) {
        return in()[i];
    }

    /// @return the result of the forward call; not to be modified
    Tensor out();

    /// @return `Ȳ`, the gradient of the loss by the result; not to be modified
    Tensor cotangent();

    /// @param i which argument
    /// @return whether anything needs its gradient
    boolean wants(int i);

    /// Adds one contribution to the gradient of an argument. Nothing is computed if nobody wants it.
    /// @param i      which argument
    /// @param writer overwrites the tensor it is given, which has the argument's shape, with the contribution
    void add(int i, Consumer<Tensor> writer);

    /// Adds the cotangent itself as the contribution to the gradient of an argument of the same shape: what `add` with a
    /// copy would do, without the copy.
    /// @param i which argument
    void pass(int i);

    /// Adds a contribution that touches some rows of a `[r,n]` argument only; a gathered table's gradient stays sparse.
    /// @param i      which argument
    /// @param rows   indices of rows; may repeat
    /// @param values `[rows.length, n]`, one contribution each; must stay unchanged
    void addRows(int i, int[] rows, Tensor values);

    /// @param shape the shape
    /// @return memory for the length of this call; its content is arbitrary
    Tensor temp(Shape shape);
}
