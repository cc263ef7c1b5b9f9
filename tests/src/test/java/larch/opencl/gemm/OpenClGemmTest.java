package larch.opencl.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.Prepared;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Products of any extents, layouts and scalars on every device.
@Tag("opencl")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenClGemmTest {
    private static final int[] SIZES = {0, 1, 2, 3, 7, 16, 31, 64, 65, 130};
    private static final float[] SCALARS = {0, 1, -0.5f};
    /// Small tiles, so that small matrices have many.
    private static final GemmParams SMALL = new GemmParams(32, 32, 8, 8, 8, 4, 4, 4);
    /// So that small products have several.
    private static final SplitK SHORT_CHUNKS = new SplitK(64, 8, 2);
    private static final GemmEpilogue BIAS_RELU_MASK = new GemmEpilogue("bias, ReLU and mask", """
            static inline float relu(float x, __global float *mask) {
              *mask = x > 0.0f ? 1.0f : 0.0f;
              return fmax(x, 0.0f);
            }
            #define EPILOGUE_PARAMS , __global const float *bias, __global float *mask
            #define EPILOGUE(acc, row, col) relu((acc) + bias[col], &mask[(row) * n + (col)])
            """, List.of());

    private List<GemmBench> benches;

    @BeforeAll
    void open() {
        benches = GemmBench.all();
    }

    @AfterEach
    void clear() {
        benches.forEach(GemmBench::clear);
    }

    @AfterAll
    void close() {
        if (benches != null) {
            benches.forEach(GemmBench::close);
        }
    }

    private static OpenClGemm gemm(GemmBench bench) {
        return gemm(bench, GemmKernel.DIRECT);
    }

    private static OpenClGemm gemm(GemmBench bench, GemmKernel direct) {
        return new OpenClGemm(bench, GemmKernel.DOUBLE_BUFFER, SMALL, direct, direct.defaults(), new GemmThresholds(0, 0),
                SHORT_CHUNKS);
    }

    private static HostGemm random(SplittableRandom random, int[] sizes, float[] scalars) {
        return HostGemm.of(random, sizes[random.nextInt(sizes.length)], sizes[random.nextInt(sizes.length)],
                sizes[random.nextInt(sizes.length)], scalars[random.nextInt(scalars.length)],
                scalars[random.nextInt(scalars.length)], random.nextBoolean(), random.nextBoolean(), random.nextInt(5),
                random.nextInt(4));
    }

    @Test
    void theDirectPathTakesAnything() {
        for (GemmBench bench : benches) {
            OpenClGemm gemm = gemm(bench);
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < 150; i++) {
                random(random, SIZES, SCALARS).check(bench, g -> gemm.run(g, GemmPath.DIRECT));
            }
        }
    }

    @Test
    void theTileOfTheDirectPathChangesNoBit() {
        for (GemmBench bench : benches) {
            OpenClGemm gemm = new OpenClGemm(bench, GemmKernel.DOUBLE_BUFFER, SMALL, GemmParams.scalar(16, 32, 8, 8, 8),
                    GemmThresholds.DEFAULT);
            SplittableRandom random = new SplittableRandom(2);
            for (int i = 0; i < 20; i++) {
                random(random, SIZES, SCALARS).check(bench, g -> gemm.run(g, GemmPath.DIRECT));
            }
        }
    }

    @Test
    void theKernelForCpusTakesAnythingAndChangesNoBit() {
        for (GemmBench bench : benches) {
            OpenClGemm gemm = new OpenClGemm(bench, GemmKernel.DOUBLE_BUFFER, SMALL, GemmKernel.DIRECT_CPU,
                    GemmKernel.DIRECT_CPU.defaults(), GemmThresholds.DEFAULT, SplitK.NEVER);
            SplittableRandom random = new SplittableRandom(4);
            for (int i = 0; i < 150; i++) {
                random(random, SIZES, SCALARS).check(bench, g -> gemm.run(g, GemmPath.DIRECT));
            }
            assertEquals(0, bench.taken(), "a turned B must be given back");
        }
    }

    @Test
    void theIndirectPathGivesTheSameBits() {
        for (GemmBench bench : benches) {
            OpenClGemm gemm = gemm(bench);
            SplittableRandom random = new SplittableRandom(3);
            for (int i = 0; i < 60; i++) {
                random(random, new int[] {1, 3, 16, 31, 64, 65, 130}, new float[] {1, -0.5f})
                        .check(bench, g -> gemm.run(g, GemmPath.INDIRECT));
            }
            assertEquals(0, bench.taken(), "scratch memory must be given back");
        }
    }

    /// Chunks of 32 or 64 steps, the last one of any length; odd extents, layouts and scalars; one and several tiles.
    @Test
    void theSplitPathAddsTheSumsOfItsChunks() {
        for (GemmBench bench : benches) {
            for (GemmKernel direct : List.of(GemmKernel.DIRECT, GemmKernel.DIRECT_CPU)) {
                OpenClGemm gemm = gemm(bench, direct);
                SplittableRandom random = new SplittableRandom(6);
                int[] extents = {1, 3, 16, 31, 64, 65, 130};
                for (int k : new int[] {33, 64, 65, 96, 130, 257}) {
                    for (int i = 0; i < 12; i++) {
                        HostGemm g = HostGemm.of(random, extents[random.nextInt(7)], extents[random.nextInt(7)], k,
                                random.nextBoolean() ? 1 : -0.5f, SCALARS[i % 3], random.nextBoolean(), random.nextBoolean(),
                                random.nextInt(5), random.nextInt(4));
                        g.check(bench, SHORT_CHUNKS.steps(g.m(), g.n(), k), product -> gemm.run(product, GemmPath.SPLIT));
                    }
                }
                assertEquals(0, bench.taken(), "the chunks' sums must be given back");
            }
        }
    }

    /// The gradient of a layer's weights, Xᵀ·dY, with what ships for GPUs; the second run has the bits of the first.
    @Test
    void gradientsOfWeightsAreSplitOnGpus() {
        for (GemmBench bench : benches) {
            OpenClGemm gemm = new OpenClGemm(bench, GemmKernel.WARP, GemmKernel.WARP.defaults(), GemmKernel.DIRECT,
                    GemmKernel.DIRECT.defaults(), GemmThresholds.DEFAULT, SplitK.DEFAULT);
            for (int[] layer : new int[][] {{70, 33, 1024}, {64, 1, 1500}}) {
                HostGemm g = HostGemm.of(new SplittableRandom(7), layer[0], layer[1], layer[2], 1, 0, true, false, 0, 0);
                g.check(bench, SplitK.DEFAULT.steps(g.m(), g.n(), g.k()), product -> {
                    assertEquals(GemmPath.SPLIT, gemm.path(product));
                    try (Prepared prepared = gemm.prepare(product)) {
                        prepared.run();
                        prepared.run();
                    }
                });
            }
        }
    }

    /// Padded copies and a turned B belong to a run, not to the preparation.
    @Test
    void aPreparedProductReadsItsMatricesAnewInEachRun() {
        for (GemmBench bench : benches) {
            DeviceMemory a = bench.upload(new float[16 * 20]);
            DeviceMemory b = bench.upload(new float[20 * 17]);
            DeviceMemory c = bench.upload(new float[16 * 17]);
            DeviceGemm product = new DeviceGemm(16, 17, 20, 1, DeviceMatrix.of(a, 20), DeviceMatrix.of(b, 20).transposed(), 0,
                    DeviceMatrix.of(c, 17));
            OpenClGemm forCpu = new OpenClGemm(bench, GemmKernel.DOUBLE_BUFFER, SMALL, GemmKernel.DIRECT_CPU,
                    GemmKernel.DIRECT_CPU.defaults(), GemmThresholds.DEFAULT, SplitK.NEVER);
            for (Prepared prepared : List.of(gemm(bench).prepare(product, GemmPath.INDIRECT),
                    forCpu.prepare(product, GemmPath.DIRECT))) {
                for (float value : new float[] {1, 2, 3}) {
                    bench.fill(a, 16 * 20, value);
                    bench.fill(b, 20 * 17, -value);
                    prepared.run();
                    float[] expected = new float[16 * 17];
                    Arrays.fill(expected, -20 * value * value);
                    assertArrayEquals(expected, bench.read(c, 16 * 17));
                }
                assertTrue(bench.taken() > 0, "copies are kept between runs");
                prepared.close();
                assertThrows(IllegalStateException.class, prepared::run);
            }
            assertEquals(0, bench.taken());
        }
    }

    @Test
    void stridesMayBeZeroOrNegative() {
        for (GemmBench bench : benches) {
            DeviceMemory a = bench.upload(1, 2, 3, 4, 5, 6);
            DeviceMemory b = bench.upload(7, 8, 9);
            for (GemmPath path : List.of(GemmPath.DIRECT, GemmPath.INDIRECT)) {
                DeviceMemory c = bench.upload(0, 0, 0, 0);
                // Rows of A from the last to the first; every column of B the same.
                gemm(bench).run(new DeviceGemm(2, 2, 3, 1, new DeviceMatrix(a, 3, -3, 1), new DeviceMatrix(b, 0, 1, 0), 0,
                        DeviceMatrix.of(c, 2)), path);
                assertArrayEquals(new float[] {122, 122, 50, 50}, bench.read(c, 4), path.toString());
            }
        }
    }

    @Test
    void anEpilogueSeesEachFinishedElementOnce() {
        for (GemmBench bench : benches) {
            for (GemmPath path : List.of(GemmPath.DIRECT, GemmPath.SPLIT, GemmPath.INDIRECT)) {
                HostGemm g = HostGemm.of(new SplittableRandom(4), 65, 31, 40, -0.5f, 1, true, false, 3, 2);
                int steps = path == GemmPath.SPLIT ? SHORT_CHUNKS.steps(65, 31, 40) : 40;
                float[] bias = new float[31];
                for (int j = 0; j < bias.length; j++) {
                    bias[j] = j * 0.1f - 1;
                }
                DeviceMemory c = bench.upload(g.c().data());
                DeviceMemory mask = bench.upload(new float[65 * 31]);
                GemmEpilogue epilogue = new GemmEpilogue(BIAS_RELU_MASK.name(), BIAS_RELU_MASK.source(),
                        List.of(bench.upload(bias), mask));
                gemm(bench).run(new DeviceGemm(65, 31, 40, g.alpha(), g.a().on(bench.upload(g.a().data())),
                        g.b().on(bench.upload(g.b().data())), g.beta(), g.c().on(c), epilogue), path);
                float[] got = bench.read(c, g.c().data().length);
                float[] masks = bench.read(mask, 65 * 31);
                int positive = 0;
                for (int i = 0; i < 65; i++) {
                    for (int j = 0; j < 31; j++) {
                        float x = g.chain(i, j, steps) + bias[j];
                        positive += x > 0 ? 1 : 0;
                        assertEquals(Math.max(x, 0), got[g.c().at(i, j)]);
                        assertEquals(x > 0 ? 1f : 0f, masks[i * 31 + j]);
                    }
                }
                assertTrue(positive > 500 && positive < 1500, "both branches must occur; positive are " + positive);
            }
        }
    }

    @Test
    void whatIsNotReadNeedNoBuffer() {
        for (GemmBench bench : benches) {
            DeviceMemory c = bench.upload(4, Float.NaN);
            DeviceMatrix none = new DeviceMatrix(null, 0, 1, 1);
            gemm(bench).run(new DeviceGemm(1, 1, 0, 1, none, none, -0.5f, DeviceMatrix.of(c, 1)));
            assertArrayEquals(new float[] {-2, Float.NaN}, bench.read(c, 2));
            gemm(bench).run(new DeviceGemm(0, 5, 7, 1, none, new DeviceMatrix(c, 0, 0, 0), 1, none));
            DeviceMemory nan = bench.upload(Float.NaN);
            gemm(bench).run(new DeviceGemm(1, 1, 1, 0, DeviceMatrix.of(nan, 1), DeviceMatrix.of(nan, 1), 1,
                    DeviceMatrix.of(c, 1)));
            assertArrayEquals(new float[] {-2, Float.NaN}, bench.read(c, 2));
        }
    }

    @Test
    void aPathThatDoesNotLeadToTheResultIsRefused() {
        for (GemmBench bench : benches) {
            HostGemm g = HostGemm.packed(new SplittableRandom(5), 33, 32, 8, 1, 0);
            var error = assertThrows(IllegalArgumentException.class,
                    () -> g.check(bench, product -> gemm(bench).run(product, GemmPath.WHOLE_TILES)));
            assertThrows(IllegalArgumentException.class, () -> HostGemm.packed(new SplittableRandom(5), 8, 8, 32, 1, 0)
                    .check(bench, product -> gemm(bench).run(product, GemmPath.SPLIT)), "one chunk is no split");
            assertEquals("gemm: the path WHOLE_TILES must allow the product; got 33x8x32, alpha 1.0, epilogue none; take "
                    + "DIRECT", error.getMessage());
        }
    }
}
