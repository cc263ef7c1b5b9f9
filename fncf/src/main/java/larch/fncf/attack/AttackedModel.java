package larch.fncf.attack;

import static larch.op.Elementwise.ADD;
import static larch.op.MatMul.MATMUL;

import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.backend.Backend;
import larch.tensor.Tensor;

/// A single logit as a differentiable function of attackable features, for a fixed list of (user, item)
/// pairs.
///
/// What the pairs are is the model's affair; it holds the rest of its input (the IDs of pair number `p`)
/// itself. It answers `z` at temperature 1, so that the predicted probability is `f = σ(z)` and `f ≤ 0.5`
/// means `z ≤ 0`.
///
/// A model must be deterministic, accept features outside their box, and treat rows independently: what it
/// answers for a row may not depend on the other rows, because rows leave the batch when they are done.
/// Weights should enter the tape as constants; then no gradient of theirs is computed.
public interface AttackedModel {
    /// @return the number of feature columns: user fields, then item fields
    int width();

    /// The logits of a batch. They must not have passed a sigmoid: see [LogitGuard].
    /// @param tape     where to compute; recording or not
    /// @param features `[n, width]`; the result must depend on it
    /// @param pairs    which pair each row belongs to; a pair may occur any number of times
    /// @return `[n, 1]` logits z
    Var logits(Tape tape, Var features, int[] pairs);

    /// The logits of some rows as a function of the columns that may change. A model that can multiply out what the
    /// other columns contribute overrides this; the result must be the same up to rounding.
    /// @param backend  the kernels, for what is computed once
    /// @param features `[n, width]`, the clean features; those of the free columns do not matter
    /// @param pairs    the pair of each row
    /// @param free     the columns that may change, ascending
    /// @return the logits of these n rows
    default RowLogits restrict(Backend backend, Tensor features, int[] pairs, int[] free) {
        Tensor fixed = features.copy();
        Tensor placement = Tensor.zeros(free.length, width());
        for (int j = 0; j < free.length; j++) {
            placement.set(1, j, free[j]);
            for (int i = 0; i < pairs.length; i++) {
                fixed.set(0, i, free[j]);
            }
        }
        return (tape, x) -> logits(tape, x.apply(MATMUL, tape.constant(placement)).apply(ADD, tape.constant(fixed)), pairs);
    }

    /// The logits by which success is judged: those of the model itself, where [#logits] may be the same function arranged for
    /// speed, and equal up to rounding only.
    /// @param tape     where to compute
    /// @param features `[n, width]`
    /// @param pairs    which pair each row belongs to
    /// @return `[n, 1]` logits z
    default Var judge(Tape tape, Tensor features, int[] pairs) {
        return logits(tape, tape.constant(features), pairs);
    }
}
