package larch.opencl.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import larch.opencl.OpenClMachine;
import larch.opencl.source.ProgramSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GemmParamsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0 64 16 16 16 1 1 1 | gemm: MWG must be >= 1; got 0",
        "64 64 16 16 -1 1 1 1 | gemm: NDIMC must be >= 1; got -1",
        "64 64 16 24 16 1 1 1 | gemm: MDIMC must divide MWG, so that all work-items compute the same number of rows; got 24 and 64",
        "64 60 16 16 16 1 1 1 | gemm: NDIMC must divide NWG, so that all work-items compute the same number of columns; got 16 and 60",
        "64 64 16 16 16 3 1 1 | gemm: KWI must divide KWG, so that a tile is a whole number of unrolled parts; got 3 and 16",
        "64 64 16 16 16 1 8 1 | gemm: VWM must be 1, 2 or 4, as 16 bytes are the widest load; got 8",
        "64 64 16 16 16 1 1 3 | gemm: VWN must be 1, 2 or 4, as 16 bytes are the widest load; got 3",
        "32 64 16 16 16 1 4 1 | gemm: VWM must divide MWI, so that a vector of A must not straddle work-items; got 4 and 2",
        "64 64 2 16 16 1 4 1 | gemm: VWM must divide KWG, so that a vector of A must not straddle tiles; got 4 and 2",
        "64 32 16 16 16 1 1 4 | gemm: VWN must divide NWI, so that a vector of B must not straddle work-items; got 4 and 2"})
    void whatNoKernelCanDoIsRefused(String numbers, String message) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> params(numbers)).getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "NAIVE         | 32 16 1 16 16 1 1 1 | MWG must be MDIMC in NAIVE, as each work-item computes one element; got 32 and 16",
        "COALESCED     | 16 32 1 16 16 1 1 1 | NWG must be NDIMC in COALESCED, as each work-item computes one element; got 32 and 16",
        "COALESCED     | 16 16 2 16 16 1 1 1 | KWG must be one in COALESCED, as it has no tiles; got 2 and 1",
        "LOCAL         | 16 32 16 16 32 1 1 1 | MWG must be NWG in LOCAL, as each work-item loads one element of either tile; got 16 and 32",
        "LOCAL         | 16 16 8 16 16 1 1 1 | KWG must be MWG in LOCAL, as each work-item loads one element of either tile; got 8 and 16",
        "REGISTER      | 64 64 16 16 16 1 4 1 | VWM must be one in REGISTER, as it loads no vectors; got 4 and 1",
        "DIRECT        | 64 64 16 16 16 1 1 2 | VWN must be one in DIRECT, as it loads no vectors; got 2 and 1",
        "VECTOR        | 128 128 8 16 16 2 4 4 | KWI must be one in VECTOR, as it does not unroll the steps; got 2 and 1",
        "REGISTER      | 32 64 4 16 16 1 1 1 | MDIMC * NDIMC must divide MWG * KWG / VWM, so that all work-items load the same share of a tile; got 256 and 128",
        "DOUBLE_BUFFER | 128 32 8 16 16 8 4 2 | MDIMC * NDIMC must divide KWG * NWG / VWN, so that all work-items load the same share of a tile; got 256 and 128",
        "WARP          | 64 128 16 4 16 8 4 4 | LANES_M must divide MDIMC, so that a work-group is made of whole warps; got 8 and 4",
        "WARP          | 64 64 8 8 2 8 4 4 | LANES_N must divide NDIMC, so that a work-group is made of whole warps; got 4 and 2",
        "TF32          | 64 64 16 4 8 1 4 4 | LANES_M must divide MDIMC, so that a work-group is made of whole warps; got 8 and 4",
        "TF32X3        | 8 16 8 8 4 1 1 4 | two must divide MWI, so that a warp owns whole fragments of 16 rows; got 2 and 1",
        "TF32X3        | 16 4 8 8 4 1 1 1 | two must divide NWI, so that a warp owns whole fragments of 8 columns; got 2 and 1",
        "TF32X3        | 32 32 4 8 4 1 4 4 | eight must divide KWG, so that a tile is whole fragments of 8 steps; got 8 and 4",
        "TF32X3        | 32 16 8 8 4 8 4 4 | KWI must be one in TF32X3, as it does not unroll the steps; got 8 and 1",
        "BF16X3        | 32 16 24 8 4 1 4 4 | sixteen must divide KWG, so that a tile is whole fragments of 16 steps; got 16 and 24",
        "WARP_ASYNC    | 64 64 4 8 8 1 4 4 | eight must divide KWG, so that 8 steps of a row are copied together; got 8 and 4",
        "WARP_ASYNC    | 128 128 16 16 16 8 4 4 | 48 KiB must hold the tiles of 3 stages in WARP_ASYNC, as two are on their way while one is multiplied; got room for 2; choose smaller parameters"})
    void whatAKernelCannotDoIsRefused(GemmKernel kernel, String numbers, String message) {
        GemmParams params = params(numbers);
        var error = assertThrows(IllegalArgumentException.class, () -> kernel.require(params));
        assertEquals("gemm: " + message, error.getMessage());
    }

    @Test
    void aDeviceMayBeTooSmall() {
        GemmParams params = GemmKernel.WARP.defaults();
        var groups = assertThrows(IllegalArgumentException.class,
                () -> GemmKernel.WARP.require(params, OpenClMachine.device(128, 49152)));
        assertTrue(groups.getMessage().startsWith("gemm: MDIMC * NDIMC of WARP must be at most 128 work-items in a "
                + "work-group on "), groups.getMessage());
        var memory = assertThrows(IllegalArgumentException.class,
                () -> GemmKernel.WARP.require(params, OpenClMachine.device(256, 16383)));
        assertTrue(memory.getMessage().startsWith("gemm: the tiles of WARP must be at most 16383 bytes of local memory on "),
                memory.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void theDefaultsAreValidWhereverWorkGroupsOf256Are(GemmKernel kernel) {
        long local = kernel.mustBeAdmitted() ? 49152 : 32768;
        assertDoesNotThrow(() -> kernel.require(kernel.defaults(), OpenClMachine.device(256, local)));
    }

    /// As many tiles as fit 48 KiB, four at most.
    @ParameterizedTest
    @CsvSource({"WARP_ASYNC, 128 128 8 16 16 8 4 4, 4, 33280", "WARP_ASYNC, 64 128 16 16 16 8 4 4, 3, 37632",
        "TF32X3_ASYNC, 128 128 8 16 16 1 4 4, 4, 41984", "TF32X3_ASYNC, 64 128 16 16 16 1 4 4, 3, 41472",
        "WARP, 128 128 8 16 16 8 4 4, 2, 16640"})
    void stagesFillLocalMemory(GemmKernel kernel, String numbers, int stages, long bytes) {
        GemmParams p = params(numbers);
        kernel.require(p);
        assertEquals(stages, kernel.stages(p));
        assertEquals(bytes, kernel.localBytes(p));
        assertEquals(kernel != GemmKernel.WARP, kernel.options(p).contains(" -DSTAGES=" + stages));
    }

    /// The report on registers reads the header, and so does the learner.
    @ParameterizedTest
    @EnumSource
    void theHeaderNamesTheDefaults(GemmKernel kernel) {
        String text = ProgramSource.ofFiles(kernel.resources(), "").text();
        Map<String, String> header = text.lines().filter(line -> line.startsWith("// Defaults")).findFirst().stream()
                .flatMap(line -> Stream.of(line.substring("// Defaults".length()).strip().split(" ")))
                .map(word -> word.split("=")).collect(Collectors.toMap(word -> word[0], word -> word[1]));
        Map<String, String> options = Stream.of(kernel.defaults().options().split(" "))
                .map(word -> word.substring(2).split("=")).collect(Collectors.toMap(word -> word[0], word -> word[1]));
        header.forEach((name, value) -> assertEquals(value, options.get(name), name));
        options.forEach((name, value) -> assertTrue(header.containsKey(name) || value.equals("1"), name));
    }

    @Test
    void sizesCoverTheMatrix() {
        GemmParams params = new GemmParams(64, 32, 8, 16, 8, 4, 4, 2);
        assertArrayEquals(new long[] {8, 16}, params.localSize());
        assertArrayEquals(new long[] {8, 16}, params.globalSize(1, 1));
        assertArrayEquals(new long[] {16, 48}, params.globalSize(129, 33));
        assertEquals(4, params.mwi());
        assertEquals(4, params.nwi());
        assertEquals("-DMWG=64 -DNWG=32 -DKWG=8 -DMDIMC=16 -DNDIMC=8 -DKWI=4 -DVWM=4 -DVWN=2", params.options());
    }

    static GemmParams params(String numbers) {
        int[] x = Stream.of(numbers.strip().split(" ")).mapToInt(Integer::parseInt).toArray();
        return new GemmParams(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]);
    }
}
