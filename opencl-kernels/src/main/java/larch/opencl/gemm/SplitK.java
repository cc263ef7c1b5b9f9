package larch.opencl.gemm;

import larch.device.DeviceInfo;

/// Into how many chunks a long sum over k is cut, so that a product of few tiles keeps a device busy (*split-K*).
///
/// ```text
/// tiles  = ⌈m/64⌉ · ⌈n/64⌉
/// chunks = min(⌊k / leastSteps⌋, ⌊groups / tiles⌋), or 1 if that is below leastChunks
/// steps  = ⌈k / chunks⌉, rounded up to a multiple of 32; the last chunk is what is left
/// ```
///
/// A chunk is a chain of `fma` of its own; then their sums are added in ascending order. Roundings are those of the longest
/// chain, the additions, and the last step:
///
/// ```text
/// |C − C64| ≤ γ(steps + chunks + 1) · (|alpha| |A| |B| + |beta| |C0|)     γ(n) = n·u / (1 − n·u), u = 2⁻²⁴
/// ```
///
/// which is never more than γ(k + 2) of one chain (N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd edition,
/// 2002, §3.1 and 4.2).
///
/// The cut changes bits, so it hangs on the product's extents and these constants alone: neither on a device's number of
/// compute units nor on a tile that was tuned. All devices but CPUs, which have no use for it, get the same bits, tuned or not.
///
/// @param groups      work-groups that keep a device busy
/// @param leastSteps  steps for which a work-group is worth its start, and its partial sums their way through memory
/// @param leastChunks chunks for which a second launch is worth it
public record SplitK(int groups, int leastSteps, int leastChunks) {
    /// For large GPUs: two work-groups for each of the 132 multiprocessors of a Hopper. A guess that no GPU has measured.
    public static final SplitK DEFAULT = new SplitK(256, 128, 4);

    /// One chunk for every product.
    public static final SplitK NEVER = new SplitK(0, 1, 2);

    /// The tile of [GemmKernel#DIRECT] as it ships, whatever was tuned.
    private static final int TILE = 64;
    /// A multiple of every KWG that a search tries, so that no work-group has steps to no purpose.
    private static final int STEPS = 32;

    /// Checks the numbers.
    public SplitK {
        if (groups < 0 || leastSteps < 1 || leastChunks < 2) {
            throw new IllegalArgumentException("gemm: a split must have groups >= 0, steps >= 1 and chunks >= 2; got " + groups
                    + ", " + leastSteps + " and " + leastChunks);
        }
    }

    /// @param device a device
    /// @return how its products are cut
    static SplitK of(DeviceInfo device) {
        return device.type() == DeviceInfo.Type.CPU ? NEVER : DEFAULT;
    }

    /// @param m rows of C
    /// @param n columns of C
    /// @param k steps
    /// @return the steps of a chunk; k if there is but one
    int steps(int m, int n, int k) {
        long tiles = Math.max(1, (long) Math.ceilDiv(m, TILE) * Math.ceilDiv(n, TILE));
        int chunks = (int) Math.min(k / leastSteps, groups / tiles);
        return chunks < leastChunks ? k : Math.min(k, Math.ceilDiv(Math.ceilDiv(k, chunks), STEPS) * STEPS);
    }
}
