package larch.fncf.model;

/// The outputs of FNCF that a hint may be taken from or given to, from shallow to deep.
public enum Layer {
    /// The concatenated embeddings and side features, `[batch, 4f]`.
    CONCAT,
    /// After the first ReLU layer, `[batch, 2f]`: the paper's single hint.
    HIDDEN1,
    /// After the second ReLU layer, `[batch, f]`: the paper's second hint.
    HIDDEN2,
    /// The logit before the sigmoid, `[batch, 1]`.
    LOGIT;

    /// @param numFactors latent factor f
    /// @return the width of this output
    public int width(int numFactors) {
        return switch (this) {
            case CONCAT -> 4 * numFactors;
            case HIDDEN1 -> 2 * numFactors;
            case HIDDEN2 -> numFactors;
            case LOGIT -> 1;
        };
    }
}
