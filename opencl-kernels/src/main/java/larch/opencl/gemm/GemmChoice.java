package larch.opencl.gemm;

import larch.device.DeviceInfo;

/// Which kernels an [OpenClGemm] takes, with which numbers, and when. All of them give the same bits, except those on tensor
/// cores ([GemmKernel#TF32X3] to [GemmKernel#BF16]), which nothing but such a choice takes. Where sums are cut, which changes
/// bits, is not chosen here: [SplitK].
///
/// @param fast         the kernel for large products, one of [GemmKernel#fast]
/// @param fastParams   its numbers
/// @param directParams the numbers of the direct kernel
/// @param thresholds   when to take which
public record GemmChoice(GemmKernel fast, GemmParams fastParams, GemmParams directParams, GemmThresholds thresholds) {
    /// The top of the ladder with its default numbers; measured nowhere.
    public static final GemmChoice SHIPPED = new GemmChoice(GemmKernel.WARP, GemmKernel.WARP.defaults(),
            GemmKernel.DIRECT.defaults(), GemmThresholds.DEFAULT);

    /// Checks the kernel.
    public GemmChoice {
        if (!GemmKernel.fast().contains(fast)) {
            throw new IllegalArgumentException("gemm: the fast kernel must be one of " + GemmKernel.fast() + "; got " + fast);
        }
        fast.require(fastParams);
        GemmKernel.DIRECT.require(directParams);
    }

    /// What ships is for GPUs; a CPU has a kernel of its own. What a search found holds as it was found.
    private boolean isForCpu(DeviceInfo device) {
        return equals(SHIPPED) && device.type() == DeviceInfo.Type.CPU;
    }

    GemmKernel direct(DeviceInfo device) {
        return isForCpu(device) ? GemmKernel.DIRECT_CPU : GemmKernel.DIRECT;
    }

    GemmParams directParams(DeviceInfo device) {
        return isForCpu(device) ? GemmKernel.DIRECT_CPU.defaults() : directParams;
    }

    GemmThresholds thresholds(DeviceInfo device) {
        return isForCpu(device) ? GemmThresholds.NEVER : thresholds;
    }

    /// @param device a device
    /// @throws IllegalArgumentException if a number is too large for it
    public void require(DeviceInfo device) {
        fast.require(fastParams, device);
        GemmKernel.DIRECT.require(directParams, device);
    }

    /// @param kernel another fast kernel
    /// @param params its numbers
    /// @return this choice with that
    public GemmChoice withFast(GemmKernel kernel, GemmParams params) {
        return new GemmChoice(kernel, params, directParams, thresholds);
    }

    /// @param params other numbers of the direct kernel
    /// @return this choice with these
    public GemmChoice withDirect(GemmParams params) {
        return new GemmChoice(fast, fastParams, params, thresholds);
    }

    /// @param sizes other thresholds
    /// @return this choice with these
    public GemmChoice withThresholds(GemmThresholds sizes) {
        return new GemmChoice(fast, fastParams, directParams, sizes);
    }
}
