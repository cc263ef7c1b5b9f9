package larch.op;

import larch.backend.Backend;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// What an [Op] sees while it computes its result.
public interface Forward {
    /// @return the kernels
    Backend backend();

    /// @return the arguments; not to be modified
    Tensor[] in();

    /// @param i which
    /// @return one argument; not to be modified
    default Tensor in(int i) {
        return in()[i];
    }

    /// @return where the result goes; its old content is arbitrary and must be overwritten completely
    Tensor out();

    /// @param shape the shape
    /// @return memory for the length of this call; its content is arbitrary
    Tensor temp(Shape shape);
}
