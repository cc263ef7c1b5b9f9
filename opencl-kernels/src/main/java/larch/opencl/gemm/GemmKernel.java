package larch.opencl.gemm;

import static larch.opencl.gemm.GemmDesign.Trait.ANY_SIZE;
import static larch.opencl.gemm.GemmDesign.Trait.ONE_ELEMENT;
import static larch.opencl.gemm.GemmDesign.Trait.ONE_SET_OF_NUMBERS;
import static larch.opencl.gemm.GemmDesign.Trait.PTX;
import static larch.opencl.gemm.GemmDesign.Trait.SQUARE_TILES;
import static larch.opencl.gemm.GemmDesign.Trait.STRIDES;
import static larch.opencl.gemm.GemmDesign.Trait.UNROLLED;
import static larch.opencl.gemm.GemmDesign.Trait.VECTORS;
import static larch.opencl.gemm.GemmDesign.Trait.WARPS;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import larch.device.DeviceInfo;
import larch.opencl.gemm.Arithmetic.Format;

/// The matrix kernels: the ladder from [#NAIVE] to [#WARP], [#DIRECT] beside it, and above it those of NVIDIA's devices.
///
/// A rung computes `C ← alpha · A · B + beta · C` for row-major matrices without gaps, which begin where their buffers
/// begin; [#DIRECT] takes any strides and offsets. The header of each file says what it adds and why.
///
/// | kernels | bits | on |
/// |---|---|---|
/// | [#ladder], [#DIRECT], [#DIRECT_CPU] | one chain of `fma` | every device |
/// | [#WARP_ASYNC] | the same | what [Admission] admits |
/// | [#TF32X3] to [#BF16] | tensor cores' own; see [Arithmetic] | what [Admission] admits |
///
/// Those that must be admitted are only taken where a [GemmChoice] names them.
public enum GemmKernel {
    /// One work-item per element, neighbours in neighbouring rows.
    NAIVE(GemmParams.scalar(32, 8, 1, 32, 8), GemmDesign.of("gemm_1_naive.cl").with(ANY_SIZE, ONE_ELEMENT)),
    /// One work-item per element, neighbours in neighbouring columns.
    COALESCED(GemmParams.scalar(8, 32, 1, 8, 32), GemmDesign.of("gemm_2_coalesced.cl").with(ANY_SIZE, ONE_ELEMENT)),
    /// Square tiles in local memory.
    LOCAL(GemmParams.scalar(16, 16, 16, 16, 16), GemmDesign.of("gemm_3_local.cl").with(ONE_ELEMENT, SQUARE_TILES)
            .with(new Tiles(false, 0, 0, 1))),
    /// Several elements per work-item.
    REGISTER(GemmParams.scalar(64, 64, 16, 16, 16), GemmDesign.of("gemm_4_register.cl").with(new Tiles(false, 0, 0, 1))),
    /// Vector loads, A transposed in local memory.
    VECTOR(new GemmParams(128, 128, 8, 16, 16, 1, 4, 4), GemmDesign.of("gemm_vectors.cl", "gemm_5_vector.cl").with(VECTORS)
            .with(new Tiles(false, 4, 0, 1))),
    /// Two buffers, loads one tile ahead.
    DOUBLE_BUFFER(new GemmParams(128, 128, 8, 16, 16, 8, 4, 4), GemmDesign.of("gemm_vectors.cl", "gemm_6_double_buffer.cl")
            .with(VECTORS, UNROLLED).with(new Tiles(false, 4, 0, 2))),
    /// Compact tiles for warps, operands one step ahead.
    WARP(new GemmParams(128, 128, 8, 16, 16, 8, 4, 4), GemmDesign.of("gemm_vectors.cl", "gemm_warps.cl", "gemm_7_warp.cl")
            .with(VECTORS, UNROLLED, WARPS).with(new Tiles(false, 4, 0, 2))),
    /// Any extents, strides and epilogue.
    DIRECT(GemmParams.scalar(64, 64, 16, 16, 16), GemmDesign.of("gemm_epilogue.cl", "gemm_direct.cl").with(ANY_SIZE, STRIDES)
            .with(new Tiles(false, 1, 1, 1))),
    /// The same for a CPU, which has neither local memory nor lanes that fetch together.
    DIRECT_CPU(GemmParams.scalar(4, 16, 1, 1, 1), GemmDesign.of("gemm_epilogue.cl", "gemm_direct_cpu.cl")
            .with(ANY_SIZE, STRIDES, ONE_SET_OF_NUMBERS)),
    /// Rung 7, with three or four tiles that asynchronous copies bring.
    WARP_ASYNC(new GemmParams(128, 128, 8, 16, 16, 8, 4, 4), GemmDesign.of("gemm_vectors.cl", "gemm_copies.cl", "gemm_warps.cl",
            "gemm_warp_async.cl").with(VECTORS, UNROLLED, WARPS, PTX).with(new Tiles(false, 4, 0, Tiles.AS_MANY_AS_FIT))),
    /// Tensor cores, three products of TF32 for one of floats: as accurate as floats.
    TF32X3(new GemmParams(128, 128, 8, 16, 16, 1, 4, 4), GemmDesign.onTensorCores(Format.TF32, 2, false)),
    /// Tensor cores, operands rounded to TF32: 10 bits of fraction.
    TF32(new GemmParams(128, 128, 8, 16, 16, 1, 4, 4), GemmDesign.onTensorCores(Format.TF32, 1, false)),
    /// [#TF32X3] with three or four tiles that asynchronous copies bring.
    TF32X3_ASYNC(new GemmParams(128, 128, 8, 16, 16, 1, 4, 4), GemmDesign.onTensorCores(Format.TF32, 2, true)),
    /// Tensor cores, six products of three bfloat16 for one of floats: as accurate as floats.
    BF16X3(new GemmParams(128, 128, 16, 16, 16, 1, 4, 4), GemmDesign.onTensorCores(Format.BF16, 3, false)),
    /// Tensor cores, operands rounded to bfloat16: 7 bits of fraction.
    BF16(new GemmParams(128, 128, 16, 16, 16, 1, 4, 4), GemmDesign.onTensorCores(Format.BF16, 1, false));

    private final GemmParams defaults;
    private final GemmDesign design;

    GemmKernel(GemmParams defaults, GemmDesign design) {
        this.defaults = defaults;
        this.design = design;
    }

    /// @return the kernels of the ladder, lowest rung first
    public static List<GemmKernel> ladder() {
        return those(kernel -> !kernel.isDirect() && !kernel.mustBeAdmitted());
    }

    /// @return the kernels for large products, which may be a [GemmChoice#fast]: the ladder and what is above it
    public static List<GemmKernel> fast() {
        return those(kernel -> !kernel.isDirect());
    }

    /// @return those of [#fast] that have the ladder's bits, between which speed alone may choose
    public static List<GemmKernel> exact() {
        return those(kernel -> !kernel.isDirect() && !kernel.arithmetic().isShort());
    }

    /// @return the kernels that a device must be admitted to
    public static List<GemmKernel> candidates() {
        return those(GemmKernel::mustBeAdmitted);
    }

    private static List<GemmKernel> those(Predicate<GemmKernel> wanted) {
        return Arrays.stream(values()).filter(wanted).toList();
    }

    /// @return numbers that are valid on every device with work-groups of 256 and 32 KiB of local memory, or 48 KiB for those that
    ///     must be admitted; not tuned
    public GemmParams defaults() {
        return defaults;
    }

    /// @return the files below `/cl` that make up the program, in order
    public List<String> resources() {
        return design.resources();
    }

    /// @param p the numbers
    /// @return options for the compiler
    String options(GemmParams p) {
        return design.options(p);
    }

    /// @return the name of the kernel function
    public String function() {
        return isDirect() ? "gemm_direct" : "gemm";
    }

    /// @return whether it takes any strides, offsets and epilogue
    boolean isDirect() {
        return design.has(STRIDES);
    }

    /// @return whether it has instructions that a device must be admitted for
    public boolean mustBeAdmitted() {
        return design.has(PTX);
    }

    /// @param device a device
    /// @return whether it is worth asking to be admitted: the instructions are NVIDIA's
    public boolean isFor(DeviceInfo device) {
        return !mustBeAdmitted() || device.vendor().toLowerCase(Locale.ROOT).contains("nvidia");
    }

    /// @return in which numbers it multiplies
    Arithmetic arithmetic() {
        return design.arithmetic();
    }

    /// @param p the numbers
    /// @return how many tiles are in local memory at a time
    int stages(GemmParams p) {
        return (int) design.tiles().number(p);
    }

    /// @return whether extents need not be multiples of the tile
    public boolean anySize() {
        return design.has(ANY_SIZE);
    }

    /// @param p the numbers
    /// @return the local memory of a work-group
    public long localBytes(GemmParams p) {
        return design.tiles().bytes(p);
    }

    /// Checks what this kernel needs besides what every kernel needs.
    /// @param p the numbers
    /// @throws IllegalArgumentException naming the numbers, what they must be and why
    public void require(GemmParams p) {
        new GemmRules(this, design, p).check();
    }

    /// Checks what this kernel needs, on a device.
    /// @param p the numbers
    /// @param device the device
    /// @throws IllegalArgumentException if a number is wrong, or too large for the device
    public void require(GemmParams p, DeviceInfo device) {
        require(p);
        new GemmRules(this, design, p).check(device);
    }
}
