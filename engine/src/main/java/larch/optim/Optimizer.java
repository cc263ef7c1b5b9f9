package larch.optim;

import java.util.Map;
import larch.autodiff.Gradients;
import larch.tensor.Tensor;

/// Changes parameters along their gradients.
public interface Optimizer extends AutoCloseable {
    /// One update of every parameter that the loss depended on; others stay as they are.
    /// @param gradients of a loss by this optimizer's parameters
    void step(Gradients gradients);

    /// @return how many steps were taken
    long steps();

    /// What must be saved beside the parameters to go on later as if never stopped.
    /// @return tensors of the heap by name, sharing the optimizer's storage if that lies there; with [#steps] they are the whole state
    Map<String, Tensor> state();

    /// Takes a saved state over.
    /// @param steps the number of steps at that time
    /// @param state what [#state] returned; a missing name or another shape is an error
    void restore(long steps, Map<String, Tensor> state);

    /// Brings every parameter up to date and lets go of it.
    @Override
    void close();
}
