package larch.fncf.attack;

import larch.tensor.Tensor;

/// What an attack did to each pair.
///
/// A pair is *trivial* if its clean logit is at or below 0 already: it succeeds with `x' = x` and nothing was
/// done to it. The distortion of a pair without success is +∞: not a measurement, but the statement that no
/// perturbation was found.
///
/// @param cleanLogits       z of the clean features
/// @param adversarial       `[n, width]`, x'; the clean features where there is no success
/// @param adversarialLogits z of `adversarial`, from a forward pass of its own after the attack, by the model that was
///                          attacked; at the boundary another form of the same network may round to the other side
/// @param success           whether `adversarialLogits` is at or below 0, that is `f ≤ 0.5`
/// @param distortion        `‖x' − x‖₂`; 0 if trivial, +∞ without success
/// @param iterations        gradient steps spent, over all constants and starts; 0 if trivial
/// @param constants         the c that led to x'; the last one tried without success, 0 if trivial
public record AttackResult(float[] cleanLogits, Tensor adversarial, float[] adversarialLogits, boolean[] success,
                           float[] distortion, int[] iterations, float[] constants) {
    /// @return the number of pairs
    public int size() {
        return success.length;
    }

    /// @param i which pair
    /// @return whether it succeeds without any change
    public boolean isTrivial(int i) {
        return cleanLogits[i] <= 0;
    }

    /// One point of the security curve: what an attacker with a limited budget achieves.
    /// @param budget largest distortion allowed
    /// @return the share of all pairs, trivial ones included, with a success of at most that distortion; NaN
    ///         for no pairs
    public double successRateWithin(double budget) {
        int count = 0;
        for (int i = 0; i < size(); i++) {
            count += success[i] && distortion[i] <= budget ? 1 : 0;
        }
        return (double) count / size();
    }

    /// @return the rates and means that a table shows
    public AttackSummary summary() {
        return AttackSummary.of(this);
    }
}
