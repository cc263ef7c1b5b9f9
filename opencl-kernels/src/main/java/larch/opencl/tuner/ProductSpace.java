package larch.opencl.tuner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import larch.device.DeviceInfo;
import larch.opencl.gemm.GemmChoice;
import larch.opencl.gemm.GemmKernel;
import larch.opencl.gemm.GemmParams;
import larch.opencl.gemm.GemmThresholds;
import larch.opencl.tuner.ProductStage.Route;
import larch.tuner.GemmShape;

/// What is tried for the products of a device, and on which products.
///
/// | stage | values | measured on |
/// |---|---|---|
/// | fast | WARP, DOUBLE_BUFFER, WARP_ASYNC with tiles of 64 and 128, 8 or 16 steps; REGISTER with tiles of 32 to 128 | whole tiles |
/// | direct | tiles of 16 to 64, 8 to 32 steps | the layers of FNCF and a small cube |
/// | wholeTilesFrom | 64 to 1024 | cubes of whole tiles |
/// | indirectFrom | 256 to 4096 | cubes of no whole tiles, B transposed |
///
/// In all of them a work-item computes 4 to 64 elements, a group is one of 8×8, 8×16, 16×8 and 16×16 work-items, and what the
/// device's limits forbid is left out. A device that is no GPU is asked for smaller products, square tiles, square groups and one
/// number of steps: there a build takes seconds and a large product minutes.
///
/// All of them have the same bits ([GemmKernel#exact]), since results must not hang on whether a device was tuned: kernels on
/// tensor cores are not tried. A candidate that a device must be admitted to is refused, with the reason, where it is not.
final class ProductSpace {
    private static final int LEAST_ELEMENTS = 4;
    private static final int MOST_ELEMENTS = 64;
    private static final int[][] GROUPS = {{16, 16}, {8, 16}, {16, 8}, {8, 8}};
    private static final int[][] FAST_TILES = {{128, 128}, {64, 128}, {128, 64}, {64, 64}};
    private static final int[][] DIRECT_TILES = {{64, 64}, {32, 64}, {64, 32}, {32, 32}, {16, 16}};
    private static final int VECTOR = 4;

    private ProductSpace() {
    }

    /// @param device the device
    /// @return the stages, each on what the earlier ones chose
    static List<ProductStage> stages(DeviceInfo device) {
        boolean isGpu = isGpu(device);
        return List.of(
                new ProductStage("fast", Route.FAST, isGpu ? shapes("nn 1024x1024x1024", "nn 4096x512x512") : shapes("nn 256x256x64"),
                        choice -> choice.fast() + " " + text(choice.fastParams()), from -> fast(from, device)),
                new ProductStage("direct", Route.DIRECT, isGpu
                        ? shapes("nn 128x128x256", "nt 128x256x128", "tn 256x128x128", "nn 256x256x256")
                        : shapes("nn 128x64x128", "nt 128x128x64", "tn 128x64x128"),
                        choice -> text(choice.directParams()), from -> direct(from, device)),
                new ProductStage("wholeTilesFrom", Route.BY_SIZE, isGpu
                        ? shapes("nn 128x128x128", "nn 256x256x256", "nn 384x384x384", "nn 512x512x512", "nn 768x768x768")
                        : shapes("nn 128x128x128", "nn 256x256x256"),
                        choice -> String.valueOf(choice.thresholds().wholeTilesFrom()),
                        from -> IntStream.of(64, 128, 256, 384, 512, 768, 1024).mapToObj(edge -> from.withThresholds(
                                new GemmThresholds(edge, from.thresholds().indirectFrom()))).toList()),
                new ProductStage("indirectFrom", Route.BY_SIZE, isGpu
                        ? shapes("nt 300x300x300", "nt 600x600x600", "nt 900x900x900", "nt 1200x1200x1200", "nt 1800x1800x1800")
                        : shapes("nt 150x150x150", "nt 300x300x300"),
                        choice -> String.valueOf(choice.thresholds().indirectFrom()),
                        from -> IntStream.of(128, 256, 512, 768, 1024, 1408, 2048, 4096).mapToObj(edge -> from.withThresholds(
                                new GemmThresholds(from.thresholds().wholeTilesFrom(), edge))).toList()));
    }

    private static boolean isGpu(DeviceInfo device) {
        return device.type() == DeviceInfo.Type.GPU;
    }

    private static List<int[]> of(DeviceInfo device, int[][] sizes) {
        return Arrays.stream(sizes).filter(size -> isGpu(device) || size[0] == size[1]).toList();
    }

    private static List<GemmShape> shapes(String... texts) {
        return Arrays.stream(texts).map(GemmShape::of).toList();
    }

    private static List<GemmChoice> fast(GemmChoice from, DeviceInfo device) {
        List<GemmChoice> choices = new ArrayList<>();
        for (GemmKernel kernel : Stream.of(GemmKernel.WARP, GemmKernel.DOUBLE_BUFFER, GemmKernel.WARP_ASYNC)
                .filter(kernel -> kernel.isFor(device)).toList()) {
            for (int[] tile : of(device, FAST_TILES)) {
                for (int steps : isGpu(device) ? new int[] {8, 16} : new int[] {8}) {
                    for (int[] group : of(device, GROUPS)) {
                        add(choices, from, kernel, device, tile, steps, group, 8, VECTOR);
                    }
                }
            }
        }
        for (int[] tile : new int[][] {{128, 128}, {64, 64}, {32, 32}}) {
            for (int[] group : of(device, GROUPS)) {
                add(choices, from, GemmKernel.REGISTER, device, tile, 16, group, 1, 1);
            }
        }
        return choices;
    }

    private static List<GemmChoice> direct(GemmChoice from, DeviceInfo device) {
        List<GemmChoice> choices = new ArrayList<>();
        for (int[] tile : of(device, DIRECT_TILES)) {
            for (int steps : isGpu(device) ? new int[] {8, 16, 32} : new int[] {16}) {
                for (int[] group : of(device, GROUPS)) {
                    add(choices, from, GemmKernel.DIRECT, device, tile, steps, group, 1, 1);
                }
            }
        }
        return choices;
    }

    private static void add(List<GemmChoice> to, GemmChoice from, GemmKernel kernel, DeviceInfo device, int[] tile, int steps,
                            int[] group, int unrolled, int vector) {
        int elements = tile[0] * tile[1] / (group[0] * group[1]);
        if (elements < LEAST_ELEMENTS || elements > MOST_ELEMENTS) {
            return;
        }
        try {
            GemmParams params = new GemmParams(tile[0], tile[1], steps, group[0], group[1], unrolled, vector, vector);
            kernel.require(params, device);
            to.add(kernel == GemmKernel.DIRECT ? from.withDirect(params) : from.withFast(kernel, params));
        } catch (IllegalArgumentException _) {
            // The kernel or the device cannot take these numbers: they are not part of the space.
        }
    }

    private static String text(GemmParams p) {
        return p.mwg() + "x" + p.nwg() + "x" + p.kwg() + " by " + p.mdimc() + "x" + p.ndimc()
                + (p.kwi() == 1 ? "" : " k" + p.kwi()) + (p.vwm() == 1 && p.vwn() == 1 ? "" : " v" + p.vwm() + p.vwn());
    }
}
