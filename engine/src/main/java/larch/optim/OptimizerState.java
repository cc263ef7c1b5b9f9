package larch.optim;

import java.util.LinkedHashMap;
import java.util.Map;
import larch.tensor.HostBuffer;
import larch.tensor.Tensor;

/// Brings optimizer tensors to those who save them, and back.
final class OptimizerState {
    private OptimizerState() {
    }

    /// @param tensors moments and the like by name, wherever they lie
    /// @return the same on the heap, where everybody can read them
    static Map<String, Tensor> onHeap(Map<String, Tensor> tensors) {
        Map<String, Tensor> state = new LinkedHashMap<>(tensors);
        state.replaceAll((_, tensor) -> tensor.buffer() instanceof HostBuffer ? tensor : tensor.copy());
        return state;
    }

    static void copy(String name, Map<String, Tensor> saved, Tensor target) {
        Tensor source = saved.get(name);
        if (source == null || !source.shape().equals(target.shape())) {
            throw new IllegalArgumentException("optimizer state: expected '" + name + "' with shape " + target.shape() + ", got "
                    + (source == null ? "nothing" : source.shape()) + "; the checkpoint belongs to another model");
        }
        target.write(source.toArray(), 0);
    }
}
