package larch.tuner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import larch.gemm.GemmBlocking;
import larch.gemm.GemmTuning;

/// What is tried for the matrix product, and on which products.
///
/// | stage | values | constraint, and why |
/// |---|---|---|
/// | microtile | mr to 14, vectors to 6, kUnroll 1, 2, 4 | `mr · vectors + vectors + 1` registers at most; 3/8 of the registers hold accumulators, and at least 8 accumulators, or they wait for each other |
/// | mc | 48 to 576 | a multiple of mr: else every block ends in a lower microtile |
/// | nb | 96 to 512 | a multiple of nr: else it is rounded down to one |
/// | nc | 512 to 4096 | a multiple of nr: else every block ends in a narrower one |
/// | unpackedFloats | 2¹⁴ to 2²⁰ | |
/// | unpackedRows | 0 to 64 | |
/// | scalarWork | 128 to 4096 | |
/// | parallelWork | 2¹⁴ to 2²⁰ | with one thread there is nothing to find |
///
/// `kc` is missing: results depend on it.
final class GemmSpace {
    private static final int MIN_ACCUMULATORS = 8;
    private static final int MAX_ROWS = 14;
    private static final int MAX_VECTORS = 6;
    private static final ToIntFunction<GemmBlocking> ANY = _ -> 1;
    /// The layers of FNCF, forward and both gradients, and a product of two passes over k, which takes kernels that scale.
    private static final String[] LAYERS = {"nn 128x128x256", "nt 128x256x128", "tn 256x128x128", "nn 128x64x128",
        "nt 128x128x64", "tn 128x64x128", "nn 512x512x512"};
    private static final String[] CUBES = {"nn 1024x1024x1024", "tn 1024x1024x1024"};
    private static final String[] WIDE = {"nn 512x4096x512", "nt 256x4096x512"};
    private static final String[] MIDDLING = {"nn 256x256x256", "nt 256x256x256", "nn 256x512x256", "nn 256x512x512",
        "nt 256x512x512", "nn 256x1024x512", "nt 256x1024x1024"};
    private static final String[] FLAT = {"nn 4x1024x1024", "nt 4x1024x1024", "nn 12x1024x1024", "nt 12x1024x1024",
        "nn 24x1024x1024", "nn 48x1024x1024"};
    private static final String[] TINY = {"nn 4x4x16", "nn 4x8x16", "tn 8x16x8", "nn 1x64x32", "nt 8x16x16", "nn 16x16x16"};
    private static final String[] SMALL = {"nn 32x32x32", "nn 64x32x32", "nt 64x32x64", "nn 64x64x64", "nn 128x64x64"};

    private GemmSpace() {
    }

    /// @param registers vector registers of the machine
    /// @param threads   threads that products may take
    /// @return the stages, each on what the earlier ones chose
    static List<GemmStage> stages(int registers, int threads) {
        List<GemmStage> stages = new ArrayList<>(List.of(
                new GemmStage("microtile", 1, shapes(LAYERS), b -> b.mr() + "x" + b.vectors() + " k" + b.kUnroll(),
                        from -> microtiles(from, registers)),
                number("mc", 1, CUBES, GemmBlocking::mr, 48, 96, 144, 192, 288, 384, 576),
                number("nb", 1, CUBES, GemmBlocking::nr, 96, 128, 192, 256, 384, 512),
                number("nc", 1, WIDE, GemmBlocking::nr, 512, 1024, 1536, 2048, 3072, 4096),
                number("unpackedFloats", 1, MIDDLING, ANY, 1 << 14, 1 << 15, 1 << 16, 1 << 17, 1 << 18, 1 << 19, 1 << 20),
                number("unpackedRows", 1, FLAT, ANY, 0, 4, 8, 16, 32, 64),
                number("scalarWork", 1, TINY, ANY, 128, 256, 512, 1024, 2048, 4096)));
        if (threads > 1) {
            stages.add(number("parallelWork", threads, SMALL, ANY, 1 << 14, 1 << 15, 1 << 16, 1 << 17, 1 << 18, 1 << 19,
                    1 << 20));
        }
        return List.copyOf(stages);
    }

    private static List<GemmShape> shapes(String... texts) {
        return Arrays.stream(texts).map(GemmShape::of).toList();
    }

    /// @param name   of one number of a blocking
    /// @param grain  what values are rounded to a multiple of
    private static GemmStage number(String name, int threads, String[] shapes, ToIntFunction<GemmBlocking> grain, int... values) {
        return new GemmStage(name, threads, shapes(shapes), b -> String.valueOf(GemmTuning.numbers(b).get(name)),
                from -> IntStream.of(values).mapToObj(value ->
                        GemmTuning.with(from, Map.of(name, multiple(value, grain.applyAsInt(from))))).toList());
    }

    private static List<GemmBlocking> microtiles(GemmBlocking from, int registers) {
        List<GemmBlocking> tiles = new ArrayList<>();
        for (long kUnroll : new long[] {1, 2, 4}) {
            for (int vectors = 1; vectors <= MAX_VECTORS; vectors++) {
                for (int mr = 1; mr <= MAX_ROWS; mr++) {
                    int accumulators = mr * vectors;
                    if (accumulators + vectors + 1 <= registers
                            && accumulators >= Math.max(MIN_ACCUMULATORS, 3 * registers / 8)) {
                        // The blocks follow, to the nearest multiples of the microtile.
                        tiles.add(GemmTuning.with(from, Map.of("mr", (long) mr, "vectors", (long) vectors, "kUnroll", kUnroll,
                                "mc", multiple(from.mc(), mr), "nb", multiple(from.nb(), vectors * from.lanes()),
                                "nc", multiple(from.nc(), vectors * from.lanes()))));
                    }
                }
            }
        }
        return tiles;
    }

    private static long multiple(int about, int of) {
        return about == 0 ? 0 : Math.max(1, Math.round((double) about / of)) * of;
    }
}
