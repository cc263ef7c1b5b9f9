package larch.autodiff;

import java.util.Arrays;
import larch.op.Op;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// A value on a [Tape]: what an op returned, or a leaf.
public final class Var {
    private final Tape tape;
    private final int index;
    private final Tensor value;

    Var(Tape tape, int index, Tensor value) {
        this.tape = tape;
        this.index = index;
        this.value = value;
    }

    /// Applies an op with this as its first argument: `x.apply(MATMUL, w).apply(ADD, b).apply(RELU)`.
    /// @param op   the op
    /// @param more its further arguments
    /// @return the result
    public Var apply(Op op, Var... more) {
        Var[] all = new Var[more.length + 1];
        all[0] = this;
        System.arraycopy(more, 0, all, 1, more.length);
        return tape.apply(op, all);
    }

    /// @return the same value as a constant: gradients stop here
    public Var detach() {
        return tape.constant(value);
    }

    /// @return the value; valid until the tape's workspace is used again
    public Tensor value() {
        return value;
    }

    /// @return the value's shape
    public Shape shape() {
        return value.shape();
    }

    /// @return the tape it lives on
    public Tape tape() {
        return tape;
    }

    /// @return its place on the tape; −1 on a tape that does not record
    int index() {
        return index;
    }

    @Override
    public String toString() {
        return "Var " + index + " " + Arrays.toString(value.shape().dims());
    }
}
