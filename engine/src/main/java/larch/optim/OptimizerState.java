package larch.optim;

import java.util.Map;
import larch.tensor.Tensor;

/// Copies saved optimizer tensors back.
final class OptimizerState {
    private OptimizerState() {
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
