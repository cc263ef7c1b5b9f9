package larch.opencl.gemm;

/// How a product is computed.
public enum GemmPath {
    /// C has no elements: nothing is launched.
    NOTHING,
    /// The guarded kernel on the matrices as they are.
    DIRECT,
    /// The guarded kernel on chunks of k, whose sums are then added: see [SplitK].
    SPLIT,
    /// The fast kernel on the matrices as they are.
    WHOLE_TILES,
    /// The fast kernel on padded copies.
    INDIRECT
}
