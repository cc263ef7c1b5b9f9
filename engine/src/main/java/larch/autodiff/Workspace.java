package larch.autodiff;

import java.util.ArrayList;
import java.util.List;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// Memory that successive tapes of the same kind use again, so that a training step allocates no arrays.
///
/// Tensors are handed out in order, and a step asks for the same sizes in the same order as the step before. Starting a
/// tape takes everything back: **tensors of an earlier tape then change under their readers.** Copy what must outlive a
/// step. One workspace serves one thread.
public final class Workspace {
    private final List<float[]> arrays = new ArrayList<>();
    private int next;

    /// An empty workspace.
    public Workspace() {
    }

    /// Takes all memory back.
    void reset() {
        next = 0;
    }

    /// @param shape the shape
    /// @return a tensor whose content is arbitrary
    Tensor take(Shape shape) {
        int i = next++;
        if (i == arrays.size()) {
            arrays.add(new float[shape.size()]);
        } else if (arrays.get(i).length < shape.size()) {
            arrays.set(i, new float[shape.size()]);
        }
        return Tensor.wrap(shape, arrays.get(i), 0);
    }
}
