package larch.fncf.attack;

/// The term of the objective that keeps the perturbation `δ = x' − x` small.
public enum Distance {
    /// `‖δ‖²`: c sets the trade-off, and a linear model gives way from `c = 2·z₀/‖w‖²` on. Source: Carlini
    /// and Wagner 2017.
    L2_SQUARED,
    /// `‖δ‖`: Du et al., Eq. (4), word for word. All or nothing: a linear model gives way if and only if
    /// `c·‖w‖ > 1`.
    L2;

    /// @param squared `‖δ‖²`
    /// @return the term's value
    double of(double squared) {
        return this == L2 ? Math.sqrt(squared) : squared;
    }
}
