package larch.fncf.cli;

/// Small arithmetic of reports.
final class Numbers {
    private Numbers() {
    }

    /// @param logit z
    /// @return `σ(z)`, the probability that the item is relevant
    static double sigmoid(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }
}
