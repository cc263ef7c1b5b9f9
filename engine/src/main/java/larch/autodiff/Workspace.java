package larch.autodiff;

import java.util.ArrayList;
import java.util.List;
import larch.backend.Backend;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// Memory that successive tapes of the same kind use again, so that a training step allocates no arrays.
///
/// Tensors are handed out in order, and a step asks for the same sizes in the same order as the step before. Starting a
/// tape takes everything back: **tensors of an earlier tape then change under their readers.** Copy what must outlive a
/// step. One workspace serves one thread and one backend.
public final class Workspace {
    private final List<Tensor> blocks = new ArrayList<>();
    private int next;

    /// An empty workspace.
    public Workspace() {
    }

    /// Takes all memory back.
    void reset() {
        next = 0;
    }

    /// @param backend where new memory comes from, the same each time
    /// @param shape   the shape
    /// @return a tensor whose content is arbitrary
    Tensor take(Backend backend, Shape shape) {
        int i = next++;
        if (i == blocks.size()) {
            blocks.add(backend.allocate(shape));
        } else if (blocks.get(i).size() < shape.size()) {
            blocks.set(i, backend.allocate(shape));
        }
        return Tensor.wrap(shape, blocks.get(i).buffer(), 0);
    }
}
