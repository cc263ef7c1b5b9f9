package larch.fncf.attack;

import larch.autodiff.Tape;
import larch.autodiff.Var;

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
}
