package larch.fncf.model;

/// The sizes of an FNCF network (Du et al., Table I).
///
/// @param numUsers     users
/// @param numItems     items
/// @param userFeatures width of a user's side information; 0 for none
/// @param itemFeatures width of an item's side information; 0 for none
/// @param numFactors   latent factor f: 64 for the paper's teacher, 32 for its students
public record FncfConfig(int numUsers, int numItems, int userFeatures, int itemFeatures, int numFactors) {
    /// Checks the sizes.
    public FncfConfig {
        if (numUsers < 1 || numItems < 1 || userFeatures < 0 || itemFeatures < 0 || numFactors < 1) {
            throw new IllegalArgumentException("fncf: expected users, items and factors >= 1 and features >= 0, got " + numUsers
                    + ", " + numItems + ", " + numFactors + ", " + userFeatures + ", " + itemFeatures);
        }
    }

    /// @param factors another latent factor
    /// @return the same network with that factor
    public FncfConfig withFactors(int factors) {
        return new FncfConfig(numUsers, numItems, userFeatures, itemFeatures, factors);
    }
}
