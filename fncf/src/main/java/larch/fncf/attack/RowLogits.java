package larch.fncf.attack;

import larch.autodiff.Tape;
import larch.autodiff.Var;

/// The logits of a fixed list of rows as a function of their free columns alone: what a descent differentiates,
/// some thousand times. Whatever else the model needs to know of the rows is inside.
@FunctionalInterface
public interface RowLogits {
    /// @param tape where to compute; recording or not
    /// @param free `[n, columns]`, the free columns of all rows
    /// @return `[n, 1]` logits z
    Var of(Tape tape, Var free);
}
