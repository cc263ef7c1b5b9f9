package larch.fncf.model;

/// The inputs of dense layers, where a noise layer may stand (Du et al., Sec. IV-C: "before each dense layer").
public enum NoiseSite {
    /// The user's side features: the coordinates that an attacker changes.
    USER_SIDE,
    /// The item's side features.
    ITEM_SIDE,
    /// The concatenation.
    FC1,
    /// The first hidden layer.
    FC2,
    /// The second hidden layer.
    OUT
}
