package larch.backend;

import java.util.List;
import larch.tensor.Tensor;

/// A program written down: what a backend compiles.
///
/// @param calls    kernel calls in their order
/// @param internal memory that the program made for itself and of which nobody else knows
/// @param kept     tensors, among that memory, that must be readable after each run
public record Trace(List<KernelCall> calls, List<Tensor> internal, List<Tensor> kept) {
    /// Copies the lists.
    public Trace {
        calls = List.copyOf(calls);
        internal = List.copyOf(internal);
        kept = List.copyOf(kept);
    }
}
