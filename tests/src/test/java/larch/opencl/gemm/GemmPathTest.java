package larch.opencl.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import larch.device.DeviceInfo;
import larch.opencl.OpenClMachine;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.InventedMemory;
import larch.opencl.runtime.Prepared;
import larch.opencl.tuning.InventedDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which path a product takes and what it launches; needs no device.
class GemmPathTest {
    private final RecordingRuntime runtime = new RecordingRuntime(OpenClMachine.device(256, 1 << 15));
    private final OpenClGemm gemm = new OpenClGemm(runtime, GemmKernel.WARP, GemmKernel.WARP.defaults(),
            GemmKernel.DIRECT.defaults(), GemmThresholds.DEFAULT);
    private final DeviceMemory memory = InventedMemory.of(1L << 34);

    private DeviceGemm product(int m, int n, int k) {
        return new DeviceGemm(m, n, k, 1, DeviceMatrix.of(memory, k), DeviceMatrix.of(memory, n), 0,
                DeviceMatrix.of(memory, n));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 5, 5, NOTHING", "5, 0, 5, NOTHING", "5, 5, 0, DIRECT", "2048, 2048, 0, DIRECT", "100, 100, 100, DIRECT",
        "512, 512, 512, WHOLE_TILES", "384, 512, 512, DIRECT", "512, 512, 513, DIRECT", "1407, 1408, 1408, DIRECT",
        "1409, 1408, 1408, INDIRECT", "4096, 4096, 4095, INDIRECT", "127, 65536, 4096, DIRECT", "46340, 46340, 8, DIRECT"})
    void theSizeChoosesThePath(int m, int n, int k, GemmPath path) {
        assertEquals(path, gemm.path(product(m, n, k)));
    }

    private DeviceGemm gradient(int m, int n, int k) {
        return new DeviceGemm(m, n, k, 1, DeviceMatrix.of(memory, m).transposed(), DeviceMatrix.of(memory, n), 0,
                DeviceMatrix.of(memory, n));
    }

    /// Sums over a batch are cut, whatever the thresholds; a batch's own rows never, as their number must not change bits.
    @Test
    void productsOfFewTilesAndManyStepsAreSplit() {
        OpenClGemm tuned = new OpenClGemm(runtime, GemmKernel.WARP, GemmKernel.WARP.defaults(),
                GemmParams.scalar(16, 16, 8, 8, 8), new GemmThresholds(0, 0));
        for (OpenClGemm gpu : List.of(gemm, tuned)) {
            assertEquals(GemmPath.SPLIT, gpu.path(gradient(256, 128, 1024)));
            assertEquals(GemmPath.SPLIT, gpu.path(gradient(512, 512, 65536)));
        }
        assertEquals(GemmPath.DIRECT, gemm.path(gradient(256, 128, 511)));
        assertEquals(GemmPath.INDIRECT, gemm.path(gradient(2048, 1024, 65536)));
        assertEquals(GemmPath.DIRECT, gemm.path(product(256, 128, 1024)));
        DeviceGemm g = gradient(256, 128, 1024);
        assertEquals(GemmPath.DIRECT, gemm.path(new DeviceGemm(256, 128, 1024, 0, g.a(), g.b(), 0, g.c())));
        RecordingRuntime cpu = new RecordingRuntime(InventedDevice.limited(DeviceInfo.Type.CPU, 256, 1 << 15));
        assertEquals(GemmPath.DIRECT, new OpenClGemm(cpu, GemmKernel.WARP, GemmKernel.WARP.defaults(),
                GemmKernel.DIRECT.defaults(), GemmThresholds.DEFAULT).path(g));
    }

    @Test
    void aSplitProductIsTwoLaunches() {
        gemm.run(gradient(256, 120, 1100));
        assertEquals(List.of("gemm_direct 32 x 64 x 7 in groups of 16 x 16 x 1", "add_chunks 30720 in groups of 256",
                "give back"), runtime.launches);
        long c = 4L * 256 * 120;
        long operands = 4L * 1100 * (256 + 120);
        assertEquals(List.of("gemm_direct 67584000 " + (operands + 7 * c), "add_chunks 0 " + 8 * c), runtime.costs);
    }

    @Test
    void gapsAndEpiloguesNeedOtherPaths() {
        DeviceGemm g = product(2048, 2048, 2048);
        assertEquals(GemmPath.WHOLE_TILES, gemm.path(g));
        GemmEpilogue half = new GemmEpilogue("half", "#define EPILOGUE(acc, row, col) (0.5f * (acc))", List.of());
        assertEquals(GemmPath.INDIRECT, gemm.path(new DeviceGemm(2048, 2048, 2048, 1, g.a(), g.b(), 0, g.c(), half)));
        assertEquals(GemmPath.INDIRECT,
                gemm.path(new DeviceGemm(2048, 2048, 2048, 1, g.a().transposed(), g.b(), 0, g.c())));
        assertEquals(GemmPath.DIRECT, gemm.path(new DeviceGemm(2048, 2048, 2048, 0, g.a(), g.b(), 0, g.c())));
    }

    @Test
    void onlyWhatHasGapsIsCopied() {
        gemm.run(product(2000, 2048, 2048), GemmPath.INDIRECT);
        // A gets 48 rows; B is whole tiles as it is; C comes from scratch memory.
        assertEquals(List.of("pad 2048 x 512 in groups of 32 x 8", "gemm 256 x 256 in groups of 16 x 16",
                "unpad_finish 2048 x 2000 in groups of 32 x 8", "give back", "give back"), runtime.launches);
    }

    @Test
    void aPreparedProductKeepsItsCopiesAndMakesThemAnewInEachRun() {
        List<String> run = List.of("pad 2048 x 512 in groups of 32 x 8", "gemm 256 x 256 in groups of 16 x 16",
                "unpad_finish 2048 x 2000 in groups of 32 x 8");
        Prepared product = gemm.prepare(product(2000, 2048, 2048), GemmPath.INDIRECT);
        assertEquals(List.of(), runtime.launches);
        product.run();
        assertEquals(run, runtime.launches);
        runtime.launches.clear();
        product.run();
        assertEquals(run, runtime.launches);
        runtime.launches.clear();
        assertEquals(3, runtime.open.size());
        product.close();
        product.close();
        assertEquals(List.of("give back", "give back"), runtime.launches);
        assertEquals(List.of(), runtime.open);
    }

    @Test
    void whatCannotBePreparedHoldsNothing() {
        runtime.missing = "unpad_finish";
        assertThrows(IllegalStateException.class, () -> gemm.prepare(product(2000, 2048, 2048), GemmPath.INDIRECT));
        assertEquals(List.of("give back", "give back"), runtime.launches);
        assertEquals(List.of(), runtime.open);
    }

    /// 2mnk operations, not those of the padding; the bytes of what is read and written.
    @Test
    void launchesSayWhatTheyCost() {
        DeviceGemm g = product(2000, 2048, 2048);
        gemm.prepare(g, GemmPath.INDIRECT);
        gemm.prepare(new DeviceGemm(2000, 2048, 2048, 1, g.a(), g.b(), 1, g.c()), GemmPath.INDIRECT);
        gemm.prepare(product(3, 5, 7), GemmPath.DIRECT);
        gemm.prepare(new DeviceGemm(3, 5, 7, 1, g.a(), g.b(), 1, g.c()), GemmPath.DIRECT);
        gemm.prepare(new DeviceGemm(3, 5, 7, 0, g.a(), g.b(), 1, g.c()), GemmPath.DIRECT);
        gemm.prepare(product(2048, 2048, 2048), GemmPath.WHOLE_TILES);
        long padded = 4L * 2048 * 2048;
        long c = 4L * 2000 * 2048;
        assertEquals(List.of(
                "pad 0 " + (c + padded), "gemm 16777216000 " + 3 * padded, "unpad_finish 0 " + 2 * c,
                "pad 0 " + (c + padded), "gemm 16777216000 " + 3 * padded, "unpad_finish 0 " + 3 * c,
                "gemm_direct 210 284", "gemm_direct 210 344", "gemm_direct 0 120",
                "gemm 17179869184 " + 3 * padded), runtime.costs);
    }

    @Test
    void theNaiveRungIsLaunchedSideways() {
        new OpenClGemm(runtime, GemmKernel.NAIVE, GemmParams.scalar(8, 16, 1, 8, 16), GemmKernel.DIRECT.defaults(),
                new GemmThresholds(0, 0)).run(product(17, 5, 3));
        assertEquals(List.of("gemm 24 x 16 in groups of 8 x 16"), runtime.launches);
    }

    @Test
    void paddedCopiesMustFitAnInt() {
        int edge = 46340;
        assertFalse(gemm.allows(product(edge, edge, 64), GemmPath.INDIRECT));
        assertEquals(GemmPath.DIRECT, gemm.path(product(edge, edge, 64)));
    }

    @Test
    void productsThatCannotBeAreRefused() {
        refused("gemm: extents must be >= 0; got m 1, n -1, k 1", () -> product(1, -1, 1));
        refused("gemm: A 2x3 must lie at indexes from 0 to 2147483646 of its memory; got -1 to 4", () -> new DeviceGemm(2, 1, 3,
                1, new DeviceMatrix(memory, 2, -3, 1), DeviceMatrix.of(memory, 1), 0, DeviceMatrix.of(memory, 1)));
        refused("gemm: B 3x2 must lie at indexes from 0 to 4 of its memory; got 0 to 5", () -> new DeviceGemm(2, 2, 3, 1,
                DeviceMatrix.of(memory, 3), DeviceMatrix.of(InventedMemory.of(23), 2), 0, DeviceMatrix.of(memory, 2)));
        refused("gemm: B 3x1 must have memory; got none", () -> new DeviceGemm(2, 1,
                3, 1, DeviceMatrix.of(memory, 3), DeviceMatrix.of(null, 1), 0, DeviceMatrix.of(memory, 1)));
        refused("gemm: A 65536x32768 must lie at indexes from 0 to 2147483646 of its memory; got 0 to 2147483647",
                () -> product(65536, 1, 32768));
        refused("gemm: C 2x3 must have a column stride of 1 and a row stride >= 3; got 1 and 2", () -> new DeviceGemm(2, 3,
                1, 1, DeviceMatrix.of(memory, 1), DeviceMatrix.of(memory, 3), 0, DeviceMatrix.of(memory, 2)));
        refused("gemm: thresholds must be >= 0; got -1 and 5", () -> new GemmThresholds(-1, 5));
        refused("gemm: the fast kernel must be one of [NAIVE, COALESCED, LOCAL, REGISTER, VECTOR, DOUBLE_BUFFER, WARP, "
                + "WARP_ASYNC, TF32X3, TF32, TF32X3_ASYNC, BF16X3, BF16]; got DIRECT",
                () -> new OpenClGemm(runtime, GemmKernel.DIRECT, GemmKernel.DIRECT.defaults(),
                GemmKernel.DIRECT.defaults(), GemmThresholds.DEFAULT));
    }

    private static void refused(String message, org.junit.jupiter.api.function.Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
