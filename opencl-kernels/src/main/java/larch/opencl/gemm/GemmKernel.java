package larch.opencl.gemm;

import java.util.Arrays;
import java.util.List;
import larch.device.DeviceInfo;

/// The matrix kernels: the ladder from [#NAIVE] to [#WARP], and [#DIRECT] beside it.
///
/// A rung computes `C ← alpha · A · B + beta · C` for row-major matrices without gaps, which begin where their buffers
/// begin; [#DIRECT] takes any strides and offsets. The header of each file says what it adds and why.
public enum GemmKernel {
    /// One work-item per element, neighbours in neighbouring rows.
    NAIVE(GemmParams.scalar(32, 8, 1, 32, 8), "gemm_1_naive.cl"),
    /// One work-item per element, neighbours in neighbouring columns.
    COALESCED(GemmParams.scalar(8, 32, 1, 8, 32), "gemm_2_coalesced.cl"),
    /// Square tiles in local memory.
    LOCAL(GemmParams.scalar(16, 16, 16, 16, 16), "gemm_3_local.cl"),
    /// Several elements per work-item.
    REGISTER(GemmParams.scalar(64, 64, 16, 16, 16), "gemm_4_register.cl"),
    /// Vector loads, A transposed in local memory.
    VECTOR(new GemmParams(128, 128, 8, 16, 16, 1, 4, 4), "gemm_vectors.cl", "gemm_5_vector.cl"),
    /// Two buffers, loads one tile ahead.
    DOUBLE_BUFFER(new GemmParams(128, 128, 8, 16, 16, 8, 4, 4), "gemm_vectors.cl", "gemm_6_double_buffer.cl"),
    /// Compact tiles for warps, operands one step ahead.
    WARP(new GemmParams(128, 128, 8, 16, 16, 8, 4, 4), "gemm_vectors.cl", "gemm_7_warp.cl"),
    /// Any extents, strides and epilogue.
    DIRECT(GemmParams.scalar(64, 64, 16, 16, 16), "gemm_epilogue.cl", "gemm_direct.cl"),
    /// The same for a CPU, which has neither local memory nor lanes that fetch together.
    DIRECT_CPU(GemmParams.scalar(4, 16, 1, 1, 1), "gemm_epilogue.cl", "gemm_direct_cpu.cl");

    /// The lanes of a warp along m and n in [#WARP].
    private static final int LANES_M = 8;
    private static final int LANES_N = 4;

    private final GemmParams defaults;
    private final List<String> resources;

    GemmKernel(GemmParams defaults, String... resources) {
        this.defaults = defaults;
        this.resources = List.of(resources);
    }

    /// @return the kernels of the ladder, lowest rung first
    public static List<GemmKernel> ladder() {
        return Arrays.stream(values()).filter(kernel -> !kernel.isDirect()).toList();
    }

    /// @return numbers that are valid on every device with work-groups of 256; not tuned
    public GemmParams defaults() {
        return defaults;
    }

    /// @return the files below `/cl` that make up the program, in order
    public List<String> resources() {
        return resources;
    }

    /// @param p the numbers
    /// @return options for the compiler
    String options(GemmParams p) {
        // Clang warns of every vector that is wider than the CPU's registers and passed to a built-in function.
        return p.options() + (this == DIRECT_CPU ? " -w" : "");
    }

    /// @return the name of the kernel function
    public String function() {
        return isDirect() ? "gemm_direct" : "gemm";
    }

    /// @return whether it takes any strides, offsets and epilogue
    boolean isDirect() {
        return this == DIRECT || this == DIRECT_CPU;
    }

    /// @return whether extents need not be multiples of the tile
    public boolean anySize() {
        return this == NAIVE || this == COALESCED || isDirect();
    }

    /// @param p the numbers
    /// @return the local memory of a work-group
    public long localBytes(GemmParams p) {
        long floats = switch (this) {
            case NAIVE, COALESCED, DIRECT_CPU -> 0;
            case LOCAL, REGISTER -> (long) p.kwg() * (p.mwg() + p.nwg());
            case VECTOR -> (long) p.kwg() * (p.mwg() + 4 + p.nwg());
            case DOUBLE_BUFFER, WARP -> 2L * p.kwg() * (p.mwg() + 4 + p.nwg());
            case DIRECT -> (long) p.kwg() * (p.mwg() + 1 + p.nwg() + 1);
        };
        return floats * Float.BYTES;
    }

    /// Checks what this kernel needs besides what every kernel needs.
    /// @param p the numbers
    /// @throws IllegalArgumentException naming the numbers, what they must be and why
    public void require(GemmParams p) {
        if (this == NAIVE || this == COALESCED || this == LOCAL) {
            equal("MWG", p.mwg(), "MDIMC", p.mdimc(), "each work-item computes one element");
            equal("NWG", p.nwg(), "NDIMC", p.ndimc(), "each work-item computes one element");
        }
        if (this == LOCAL) {
            equal("MWG", p.mwg(), "NWG", p.nwg(), "each work-item loads one element of either tile");
            equal("KWG", p.kwg(), "MWG", p.mwg(), "each work-item loads one element of either tile");
        }
        if (this != VECTOR && this != DOUBLE_BUFFER && this != WARP) {
            equal("VWM", p.vwm(), "one", 1, "it loads no vectors");
            equal("VWN", p.vwn(), "one", 1, "it loads no vectors");
        }
        if (this != DOUBLE_BUFFER && this != WARP) {
            equal("KWI", p.kwi(), "one", 1, "it does not unroll the steps");
        }
        if (this == DIRECT_CPU && !p.equals(defaults)) {
            throw new IllegalArgumentException("gemm: the numbers of DIRECT_CPU must be " + defaults.options()
                    + ", as its vectors have 16 floats; got " + p.options());
        }
        if (this == NAIVE || this == COALESCED || this == DIRECT_CPU) {
            equal("KWG", p.kwg(), "one", 1, "it has no tiles");
        } else {
            String reason = "all work-items load the same share of a tile";
            GemmParams.divides("MDIMC * NDIMC", p.items(), "MWG * KWG / VWM", (long) p.mwg() * p.kwg() / p.vwm(), reason);
            GemmParams.divides("MDIMC * NDIMC", p.items(), "KWG * NWG / VWN", (long) p.kwg() * p.nwg() / p.vwn(), reason);
        }
        if (this == WARP) {
            GemmParams.divides("LANES_M", LANES_M, "MDIMC", p.mdimc(), "a work-group is made of whole warps");
            GemmParams.divides("LANES_N", LANES_N, "NDIMC", p.ndimc(), "a work-group is made of whole warps");
        }
    }

    /// Checks what this kernel needs, on a device.
    /// @param p the numbers
    /// @param device the device
    /// @throws IllegalArgumentException if a number is wrong, or too large for the device
    public void require(GemmParams p, DeviceInfo device) {
        require(p);
        atMost("MDIMC * NDIMC", p.items(), "work-items in a work-group", device.maxWorkGroupSize(), device);
        atMost("the tiles", localBytes(p), "bytes of local memory", device.localMemoryBytes(), device);
    }

    private void equal(String name, int value, String other, int expected, String reason) {
        if (value != expected) {
            throw new IllegalArgumentException("gemm: " + name + " must be " + other + " in " + this + ", as " + reason
                    + "; got " + value + " and " + expected);
        }
    }

    private void atMost(String name, long value, String unit, long limit, DeviceInfo device) {
        if (value > limit) {
            throw new IllegalArgumentException("gemm: " + name + " of " + this + " must be at most " + limit + " " + unit
                    + " on " + device.summary() + "; got " + value + "; choose smaller parameters");
        }
    }
}
