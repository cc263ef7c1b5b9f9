package larch.opencl.gemm;

import larch.device.DeviceInfo;
import larch.opencl.gemm.GemmDesign.Trait;

/// What a kernel needs of its numbers besides what [GemmParams] demands of all.
///
/// @param kernel the kernel, for messages
/// @param design what it is made of
/// @param p      its numbers
record GemmRules(GemmKernel kernel, GemmDesign design, GemmParams p) {
    /// The lanes of a warp along m and n.
    private static final int LANES_M = 8;
    private static final int LANES_N = 4;
    /// Steps of A that the copies of `gemm_warp_async.cl` take together.
    private static final int TOGETHER = 8;
    private static final int LEAST_STAGES = 3;

    /// @throws IllegalArgumentException naming the numbers, what they must be and why
    void check() {
        workItems();
        tiles();
        if (design.has(Trait.WARPS)) {
            GemmParams.divides("LANES_M", LANES_M, "MDIMC", p.mdimc(), "a work-group is made of whole warps");
            GemmParams.divides("LANES_N", LANES_N, "NDIMC", p.ndimc(), "a work-group is made of whole warps");
        }
        if (design.arithmetic().isShort()) {
            int steps = design.arithmetic().format().steps();
            GemmParams.divides("two", 2, "MWI", p.mwi(), "a warp owns whole fragments of 16 rows");
            GemmParams.divides("two", 2, "NWI", p.nwi(), "a warp owns whole fragments of 8 columns");
            GemmParams.divides(steps == TOGETHER ? "eight" : "sixteen", steps, "KWG", p.kwg(), "a tile is whole fragments of "
                    + steps + " steps");
        }
        if (design.tiles().isStaged()) {
            staged();
        }
    }

    private void workItems() {
        if (design.has(Trait.ONE_ELEMENT)) {
            equal("MWG", p.mwg(), "MDIMC", p.mdimc(), "each work-item computes one element");
            equal("NWG", p.nwg(), "NDIMC", p.ndimc(), "each work-item computes one element");
        }
        if (design.has(Trait.SQUARE_TILES)) {
            equal("MWG", p.mwg(), "NWG", p.nwg(), "each work-item loads one element of either tile");
            equal("KWG", p.kwg(), "MWG", p.mwg(), "each work-item loads one element of either tile");
        }
        if (!design.has(Trait.VECTORS)) {
            equal("VWM", p.vwm(), "one", 1, "it loads no vectors");
            equal("VWN", p.vwn(), "one", 1, "it loads no vectors");
        }
        if (!design.has(Trait.UNROLLED)) {
            equal("KWI", p.kwi(), "one", 1, "it does not unroll the steps");
        }
        if (design.has(Trait.ONE_SET_OF_NUMBERS) && !p.equals(kernel.defaults())) {
            throw new IllegalArgumentException("gemm: the numbers of " + kernel + " must be " + kernel.defaults().options()
                    + ", as its vectors have 16 floats; got " + p.options());
        }
    }

    private void tiles() {
        if (design.tiles().equals(Tiles.NONE)) {
            equal("KWG", p.kwg(), "one", 1, "it has no tiles");
            return;
        }
        String reason = "all work-items load the same share of a tile";
        GemmParams.divides("MDIMC * NDIMC", p.items(), "MWG * KWG / VWM", (long) p.mwg() * p.kwg() / p.vwm(), reason);
        GemmParams.divides("MDIMC * NDIMC", p.items(), "KWG * NWG / VWN", (long) p.kwg() * p.nwg() / p.vwn(), reason);
    }

    private void staged() {
        if (!design.arithmetic().isShort()) {
            GemmParams.divides("eight", TOGETHER, "KWG", p.kwg(), "8 steps of a row are copied together");
        }
        long stages = design.tiles().number(p);
        if (stages < LEAST_STAGES) {
            throw new IllegalArgumentException("gemm: 48 KiB must hold the tiles of " + LEAST_STAGES + " stages in " + kernel
                    + ", as two are on their way while one is multiplied; got room for " + stages
                    + "; choose smaller parameters");
        }
    }

    /// @param device a device
    /// @throws IllegalArgumentException if a number is too large for it
    void check(DeviceInfo device) {
        atMost("MDIMC * NDIMC", p.items(), "work-items in a work-group", device.maxWorkGroupSize(), device);
        atMost("the tiles", design.tiles().bytes(p), "bytes of local memory", device.localMemoryBytes(), device);
    }

    private void equal(String name, int value, String other, int expected, String reason) {
        if (value != expected) {
            throw new IllegalArgumentException("gemm: " + name + " must be " + other + " in " + kernel + ", as " + reason
                    + "; got " + value + " and " + expected);
        }
    }

    private void atMost(String name, long value, String unit, long limit, DeviceInfo device) {
        if (value > limit) {
            throw new IllegalArgumentException("gemm: " + name + " of " + kernel + " must be at most " + limit + " " + unit
                    + " on " + device.summary() + "; got " + value + "; choose smaller parameters");
        }
    }
}
