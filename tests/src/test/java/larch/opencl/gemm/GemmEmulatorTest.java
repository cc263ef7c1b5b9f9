package larch.opencl.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The index arithmetic and the barriers of every kernel, checked without OpenCL, and what its accesses cost.
class GemmEmulatorTest {
    private static float[] run(GemmKernel kernel, GemmParams p, HostGemm g, Emulator emulator) {
        return run(kernel, p, g, emulator, true);
    }

    private static float[] run(GemmKernel kernel, GemmParams p, HostGemm g, Emulator emulator, boolean late) {
        var ladder = new EmulatedLadder(g, p, emulator);
        var tiles = new EmulatedTiles(g, p, emulator, kernel == GemmKernel.WARP || kernel == GemmKernel.WARP_ASYNC);
        var direct = new EmulatedDirect(g, p, emulator);
        Consumer<Emulator.Group> code = switch (kernel) {
            case NAIVE -> ladder::naive;
            case COALESCED -> ladder::coalesced;
            case LOCAL -> ladder::local;
            case REGISTER -> ladder::register;
            case VECTOR -> tiles::vector;
            case DOUBLE_BUFFER, WARP -> tiles::doubleBuffer;
            case DIRECT -> direct::run;
            case DIRECT_CPU -> throw new IllegalArgumentException("a single work-item neither races nor meets others in a bank");
            case WARP_ASYNC -> group -> tiles.async(group, kernel.stages(p), late);
            case TF32X3, TF32, TF32X3_ASYNC, BF16X3, BF16 ->
                    throw new IllegalArgumentException("its plain twin runs on any device");
        };
        emulator.launch(kernel == GemmKernel.NAIVE ? swapped(p.globalSize(g.m(), g.n())) : p.globalSize(g.m(), g.n()), code);
        return switch (kernel) {
            case NAIVE, COALESCED, LOCAL, REGISTER -> ladder.result();
            case VECTOR, DOUBLE_BUFFER, WARP, WARP_ASYNC -> tiles.result();
            case DIRECT, DIRECT_CPU, TF32X3, TF32, TF32X3_ASYNC, BF16X3, BF16 -> direct.result();
        };
    }

    private static Emulator emulator(GemmKernel kernel, GemmParams p) {
        return new Emulator(kernel == GemmKernel.NAIVE ? swapped(p.localSize()) : p.localSize());
    }

    private static long[] swapped(long[] sizes) {
        return new long[] {sizes[1], sizes[0]};
    }

    /// The table of docs/opencl-ladder.md: for 32 multiply-adds, one by each work-item of a warp.
    @ParameterizedTest
    @CsvSource({
        "NAIVE,         64,      33,        0",
        "COALESCED,     64,      2,         0",
        "LOCAL,         4,       0.25,      2.125",
        "REGISTER,      1,       0.046875,  0.53125",
        "VECTOR,        0.5,     0.0390625, 0.109375",
        "DOUBLE_BUFFER, 0.5,     0.0390625, 0.109375",
        "WARP,          0.5,     0.0390625, 0.078125",
        "WARP_ASYNC,    0.5,     0.0390625, 0.078125"})
    void everyRungCostsWhatTheTableSays(GemmKernel rung, double floats, double segments, double cycles) {
        GemmParams p = rung.defaults();
        Emulator emulator = emulator(rung, p);
        HostGemm g = HostGemm.packed(new SplittableRandom(1), 128, 128, 32, 1, 0);
        g.verify(run(rung, p, g, emulator));
        double warpSteps = g.m() * g.n() * g.k() / (double) Emulator.WARP;
        assertEquals(floats, (emulator.sum("global a", Cells::reads) + emulator.sum("global b", Cells::reads)) / warpSteps);
        assertEquals(segments,
                (emulator.sum("global a", Cells::segments) + emulator.sum("global b", Cells::segments)) / warpSteps);
        assertEquals(cycles, emulator.sum("local", Cells::cycles) / warpSteps);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "NAIVE         | 8 4 1 8 4 1 1 1", "COALESCED | 4 8 1 4 8 1 1 1", "LOCAL | 4 4 4 4 4 1 1 1",
        "REGISTER      | 16 8 4 4 4 1 1 1", "VECTOR   | 16 8 4 4 4 1 2 1", "DOUBLE_BUFFER | 8 16 8 4 4 2 1 2",
        "WARP          | 32 64 8 16 8 2 2 4"})
    void everyRungWithOtherNumbers(GemmKernel rung, String numbers) {
        GemmParams p = GemmParamsTest.params(numbers);
        rung.require(p);
        SplittableRandom random = new SplittableRandom(2);
        HostGemm g = HostGemm.packed(random, 2 * p.mwg(), 3 * p.nwg(), 3 * p.kwg(), -0.5f, 1);
        g.verify(run(rung, p, g, emulator(rung, p)));
        if (rung.anySize()) {
            HostGemm odd = HostGemm.packed(random, p.mwg() + 1, p.nwg() - 1, 5, 1, -0.5f);
            odd.verify(run(rung, p, odd, emulator(rung, p)));
        }
    }

    /// Three and four stages, fewer tiles than stages and more; every copy as early or as late as it may be.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "32 64 8 16 8 2 2 4 | 4", "64 128 16 16 16 8 4 4 | 3", "32 16 16 8 4 4 1 2 | 4"})
    void copiesMayHappenWheneverTheyLike(String numbers, int stages) {
        GemmParams p = GemmParamsTest.params(numbers);
        GemmKernel.WARP_ASYNC.require(p);
        assertEquals(stages, GemmKernel.WARP_ASYNC.stages(p));
        SplittableRandom random = new SplittableRandom(6);
        for (boolean late : new boolean[] {false, true}) {
            for (int tiles : new int[] {1, 3, stages + 2}) {
                HostGemm g = HostGemm.packed(random, p.mwg(), 2 * p.nwg(), tiles * p.kwg(), -0.5f, tiles % 2);
                g.verify(run(GemmKernel.WARP_ASYNC, p, g, emulator(GemmKernel.WARP_ASYNC, p), late));
            }
        }
    }

    @Test
    void theDirectKernelOnOddSizesAndLayouts() {
        SplittableRandom random = new SplittableRandom(3);
        GemmParams p = GemmParams.scalar(8, 16, 4, 4, 4);
        int[] sizes = {1, 2, 3, 7, 8, 17};
        for (int i = 0; i < 60; i++) {
            HostGemm g = HostGemm.of(random, sizes[random.nextInt(6)], sizes[random.nextInt(6)], sizes[random.nextInt(6)],
                    -0.5f, random.nextInt(2), random.nextBoolean(), random.nextBoolean(), random.nextInt(4),
                    random.nextInt(3));
            g.verify(run(GemmKernel.DIRECT, p, g, emulator(GemmKernel.DIRECT, p)));
        }
    }

    /// Chunks that are not whole tiles, and a last one that is shorter.
    @Test
    void chunksOfTheDirectKernelAreAddedInOrder() {
        SplittableRandom random = new SplittableRandom(4);
        GemmParams p = GemmParams.scalar(8, 16, 4, 4, 4);
        int[] sizes = {1, 3, 8, 17};
        for (int steps : new int[] {1, 4, 6, 8}) {
            for (int i = 0; i < 20; i++) {
                int k = 2 * steps + random.nextInt(9);
                HostGemm g = HostGemm.of(random, sizes[random.nextInt(4)], sizes[random.nextInt(4)], k, -0.5f,
                        random.nextInt(2), random.nextBoolean(), random.nextBoolean(), random.nextInt(4),
                        random.nextInt(3));
                g.verify(new EmulatedChunks(g, steps).run(p), steps);
            }
        }
    }

    @Test
    void chunksOfWholeTilesLoadNoMore() {
        GemmParams p = GemmParams.scalar(16, 16, 4, 4, 8);
        HostGemm g = HostGemm.of(new SplittableRandom(5), 20, 16, 64, 1, 0, true, false, 0, 0);
        long[] loads = new long[2];
        for (int chunks : new int[] {1, 4}) {
            Emulator emulator = new Emulator(p.localSize());
            HostGemm sums = new HostGemm(20, 16, 64, 1, 0, g.a(), g.b(), new HostGemm.Matrix(20, 16, 0, 16, 1, new float[4 * 320]));
            EmulatedDirect direct = new EmulatedDirect(sums, p, emulator, 64 / chunks);
            emulator.launch(p.globalSize(20, 16), chunks, direct::run);
            loads[chunks / 4] = emulator.sum("global a", Cells::segments) + emulator.sum("global b", Cells::segments);
        }
        assertTrue(loads[0] > 0);
        assertEquals(loads[0], loads[1]);
    }

    /// Without the surplus floats of the tile of A, the columns that a warp stores at once share banks.
    @Test
    void theSurplusColumnsAvoidConflicts() {
        for (int pitch : new int[] {128, 132}) {
            Emulator emulator = new Emulator(new long[] {32, 1});
            emulator.launch(new long[] {32, 1}, group -> {
                Cells tile = group.local("a_tile", 8 * pitch);
                group.phase(item -> tile.set(item.x() % 2 * 4 * pitch + item.x() / 2, 1));
            });
            assertEquals(pitch == 128 ? 2 : 1, emulator.sum("local", Cells::cycles));
        }
    }

    /// Lane (u, v) of a tensor core's warp reads element (u, v) of A and (v, u) of B in TF32, (u, 2v ..) and (2v, u) in bfloat16.
    @Test
    void theSurplusOfTensorTilesAvoidsConflicts() {
        assertEquals(2, cycles(8, (item, row) -> item / 4 * row + item % 4));
        assertEquals(1, cycles(8 + 4, (item, row) -> item / 4 * row + item % 4));
        assertEquals(4, cycles(128, (item, row) -> item % 4 * row + item / 4));
        assertEquals(1, cycles(128 + 8, (item, row) -> item % 4 * row + item / 4));
        assertEquals(4, cycles(128, (item, row) -> 2 * (item % 4) * row + item / 4));
        assertEquals(1, cycles(128 + 4, (item, row) -> 2 * (item % 4) * row + item / 4));
        // 8 bytes for half a warp at a time.
        for (int steps : new int[] {16, 32}) {
            assertEquals(2, cycles(steps + 4, (item, row) -> item / 2 / 4 * row + 2 * (item / 2 % 4) + item % 2));
            assertEquals(1, cycles(steps + 8, (item, row) -> item / 2 / 4 * row + 2 * (item / 2 % 4) + item % 2));
        }
    }

    /// What 32 floats at once cost. Storing and reading cost the same; these are the places that are read.
    private static double cycles(int row, IntBinaryOperator place) {
        Emulator emulator = new Emulator(new long[] {32, 1});
        emulator.launch(new long[] {32, 1}, group -> {
            Cells tile = group.local("tile", 8 * row);
            group.phase(item -> tile.set(place.applyAsInt(item.x(), row), 1));
        });
        return emulator.sum("local", Cells::cycles);
    }

    @Test
    void aForgottenBarrierIsFound() {
        refused("local t[1], work-item 0: read before anybody wrote it", group -> {
            Cells t = group.local("t", 4);
            group.phase(item -> {
                t.set(item.x(), 1);
                t.get((item.x() + 1) % 4);
            });
        });
        refused("local t[0], work-item 1: read while work-item 0 writes it; a barrier is missing", group -> {
            Cells t = group.local("t", 4);
            group.phase(item -> {
                t.set(item.x(), 1);
                t.get(item.x() / 2);
            });
        });
        refused("local t[1], work-item 1: written while others read it; a barrier is missing", group -> {
            Cells t = group.local("t", 5);
            group.phase(item -> t.set(item.x(), 1));
            group.phase(item -> {
                t.get(1);
                t.set(item.x() == 0 ? 4 : item.x(), 2);
            });
        });
    }

    @Test
    void wrongIndexesAreFound() {
        refused("local t[3], work-item 3: outside of 3 floats", group -> {
            Cells t = group.local("t", 3);
            group.phase(item -> t.set(item.x(), 1));
        });
        refused("local t[1], work-item 3: written twice, the first time by work-item 2", group -> {
            Cells t = group.local("t", 4);
            group.phase(item -> t.set(item.x() < 2 ? 2 + item.x() : 1, 1));
        });
        refused("local t[2], work-item 0: a vector of 4 must begin at a multiple of it", group -> {
            Cells t = group.local("t", 8);
            group.phase(item -> t.get(2, 4));
        });
    }

    /// A barrier orders the accesses of one work-group; in global memory others are about.
    @Test
    void noBarrierOrdersGlobalMemory() {
        Emulator emulator = new Emulator(new long[] {4, 1});
        Cells c = emulator.global("c", new float[4]);
        var error = assertThrows(IllegalStateException.class, () -> emulator.launch(new long[] {4, 1}, group -> {
            group.phase(item -> c.set(item.x(), 1));
            group.phase(item -> c.get(3 - item.x()));
        }));
        assertEquals("global c[3], work-item 0: read while work-item 3 writes it; a barrier is missing", error.getMessage());
    }

    private static void refused(String message, Consumer<Emulator.Group> kernel) {
        Emulator emulator = new Emulator(new long[] {4, 1});
        var error = assertThrows(IllegalStateException.class, () -> emulator.launch(new long[] {4, 1}, kernel));
        assertEquals(message, error.getMessage());
    }
}
