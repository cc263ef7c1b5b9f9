package larch.opencl.gemm;

/// From which size on a product takes which path. A size is the edge of the cube with as many multiply-adds: ∛(m·n·k).
///
/// The defaults are not measured here. Copies cost about `2·(m·k + k·n + m·n)` floats of traffic and pay from 1408 on,
/// which is what CLBlast's tuner found on a V100 (an A100 has 1984, an RTX 4090 1728). Without copies the only question is
/// whether there are tiles of 128×128 enough to keep a device busy, which the 4 times as many tiles of the direct kernel do
/// earlier: 512 is a guess.
/// @param wholeTilesFrom the least size for [GemmPath#WHOLE_TILES]
/// @param indirectFrom   the least size for [GemmPath#INDIRECT]
public record GemmThresholds(int wholeTilesFrom, int indirectFrom) {
    /// For a large GPU; not measured.
    public static final GemmThresholds DEFAULT = new GemmThresholds(512, 1408);

    /// Always the direct kernel.
    static final GemmThresholds NEVER = new GemmThresholds(Integer.MAX_VALUE, Integer.MAX_VALUE);

    /// Checks the sizes.
    public GemmThresholds {
        if (wholeTilesFrom < 0 || indirectFrom < 0) {
            throw new IllegalArgumentException("gemm: thresholds must be >= 0; got " + wholeTilesFrom + " and "
                    + indirectFrom);
        }
    }

    /// @param work multiply-adds of a product
    /// @param edge a threshold
    /// @return whether the product is at least as large
    static boolean reaches(double work, int edge) {
        return work >= (double) edge * edge * edge;
    }
}
