package larch.backend.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import larch.gemm.Epilogue;
import larch.gemm.MicroKernel;
import larch.gemm.Microtile;
import larch.gemm.TransposeKernel;
import larch.gemm.Update;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MicroKernelCompilerTest {
    /// Alpha and beta that a kernel must serve.
    private static final Map<Update, float[][]> SCALES = Map.of(
            Update.SET, new float[][] {{1, 0}},
            Update.SCALE, new float[][] {{1, 0}, {-0.75f, 0}},
            Update.ADD, new float[][] {{1, 1}, {2.5f, 1}, {1.25f, -3.5f}});

    static IntStream widths() {
        return Arrays.stream(CompiledKernels.widths());
    }

    @ParameterizedTest
    @MethodSource("widths")
    void everyTileIsTheChainOfFusedMultiplyAdds(int bits) {
        SimdWidth width = SimdWidth.of(bits);
        MicroKernelCompiler compiler = new MicroKernelCompiler(new KernelCompiler(null), width);
        int[][] microtiles = {{1, 1, 1}, {1, 8, 2}, {2, 3, 4}, {3, 2, 3}, {5, 4, 1}, {6, 2, 2}, {8, 3, 1}};
        for (int[] tile : microtiles) {
            for (Update update : Update.values()) {
                MicroKernel kernel = compiler.tile(new Microtile(tile[0], tile[1], tile[2], update, Epilogue.NONE.form()));
                for (int k : new int[] {1, 2, 3, 4, 5, 11}) {
                    checkAgainstChain(kernel, tile[0], tile[1] * width.lanes(), k, SCALES.get(update));
                }
            }
        }
    }

    /// A in place, A transposed in place and A packed; arrays end where the microtile ends, so that reading
    /// or writing one element too many throws.
    private static void checkAgainstChain(MicroKernel kernel, int mr, int nr, int k, float[][] scales) {
        int[][] stridesOfA = {{k, 1}, {1, mr}, {k + 3, 1}, {1, mr + 5}};
        for (int[] strides : stridesOfA) {
            for (float[] scale : scales) {
                Random random = new Random(31L * mr + 17L * nr + k);
                int bRowStride = nr + 2;
                int cRowStride = nr + 3;
                float[] a = randomFloats(random, 4 + (mr - 1) * strides[0] + (k - 1) * strides[1] + 1);
                float[] b = randomFloats(random, 5 + (k - 1) * bRowStride + nr);
                float[] c = randomFloats(random, 6 + (mr - 1) * cRowStride + nr);
                if (scale[1] == 0) {
                    Arrays.fill(c, Float.NaN);
                }
                float[] expected = c.clone();
                for (int i = 0; i < mr; i++) {
                    for (int j = 0; j < nr; j++) {
                        float sum = 0;
                        for (int p = 0; p < k; p++) {
                            sum = Math.fma(a[4 + i * strides[0] + p * strides[1]], b[5 + p * bRowStride + j], sum);
                        }
                        int at = 6 + i * cRowStride + j;
                        expected[at] = scale[1] == 0
                                ? scale[0] * sum : Math.fma(scale[0], sum, scale[1] * expected[at]);
                    }
                }
                kernel.run(k, scale[0], a, 4, strides[0], strides[1], b, 5, bRowStride, scale[1], c, 6, cRowStride, Epilogue.NONE,
                        0, 0);
                assertArrayEquals(expected, c, () -> mr + "x" + nr + " k " + k + " strides " + Arrays.toString(strides)
                        + " alpha, beta " + Arrays.toString(scale));
            }
        }
    }

    private static float[] randomFloats(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Microtile tile(int mr, int vectors, int kUnroll) {
        return new Microtile(mr, vectors, kUnroll, Update.SET, Epilogue.NONE.form());
    }

    @Test
    void readingBeyondAnArrayThrows() {
        MicroKernel kernel = new MicroKernelCompiler(new KernelCompiler(null), SimdWidth.of(128)).tile(tile(2, 1, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> kernel.run(1, 1, new float[2], 0, 1, 1, new float[3], 0, 4, 0,
                new float[8], 0, 4, Epilogue.NONE, 0, 0));
    }

    @Test
    void oneKernelPerMicrotile() {
        MicroKernelCompiler compiler = new MicroKernelCompiler(new KernelCompiler(null), SimdWidth.of(128));
        assertEquals(4, compiler.lanes());
        assertSame(compiler.tile(tile(2, 1, 1)), compiler.tile(tile(2, 1, 1)));
        assertNotSame(compiler.tile(tile(2, 1, 1)), compiler.tile(tile(2, 1, 2)));
        assertSame(compiler.transpose(), compiler.transpose());
    }

    @Test
    void refusesMicrotilesWithoutRowsColumnsOrSteps() {
        for (int[] tile : new int[][] {{0, 1, 1}, {1, 0, 1}, {1, 1, 0}}) {
            assertEquals("microtile: mr, vectors and kUnroll must be >= 1; got %d, %d, %d".formatted(
                    tile[0], tile[1], tile[2]),
                    assertThrows(IllegalArgumentException.class, () -> tile(tile[0], tile[1], tile[2])).getMessage());
        }
    }

    /// Every element once, at any stride, and nothing beside them.
    @ParameterizedTest
    @MethodSource("widths")
    void transposeTurnsEverySquare(int bits) {
        SimdWidth width = SimdWidth.of(bits);
        TransposeKernel kernel = new MicroKernelCompiler(new KernelCompiler(null), width).transpose();
        int lanes = width.lanes();
        int steps = 3 * lanes;
        float[] from = randomFloats(new Random(2), 5 + (lanes - 1) * (steps + 7) + steps);
        float[] to = new float[3 + (steps - 1) * (lanes + 2) + lanes];
        float[] expected = to.clone();
        for (int i = 0; i < lanes; i++) {
            for (int p = 0; p < steps; p++) {
                expected[3 + p * (lanes + 2) + i] = from[5 + i * (steps + 7) + p];
            }
        }
        kernel.run(steps, from, 5, steps + 7, to, 3, lanes + 2);
        assertArrayEquals(expected, to);
    }

    @Test
    void dumpHoldsAListingAndAClassWithNamedAccumulators(@TempDir Path folder) throws IOException {
        new MicroKernelCompiler(new KernelCompiler(folder), SimdWidth.of(256)).tile(tile(2, 1, 1));
        String listing = Files.readString(folder.resolve("gemm_2x1_k1_256.txt"));
        assertTrue(listing.contains("""
                while (bOffset != end) {
                    b_0 = fromArray(S, b, bOffset);
                    bOffset = bOffset + bRowStride;
                    a_i = broadcast(S, a[ia_0]);
                    ia_0 = ia_0 + aColStride;
                    acc_0_0 = fma(a_i, b_0, acc_0_0);
                    a_i = broadcast(S, a[ia_1]);
                    ia_1 = ia_1 + aColStride;
                    acc_1_0 = fma(a_i, b_0, acc_1_0);
                }
                """), listing);
        var names = ClassFile.of().parse(folder.resolve("gemm_2x1_k1_256.class")).methods().stream()
                .filter(method -> method.methodName().equalsString("run"))
                .flatMap(method -> method.code().orElseThrow().findAttributes(Attributes.localVariableTable()).stream())
                .flatMap(table -> table.localVariables().stream())
                .map(variable -> variable.name().stringValue())
                .toList();
        assertTrue(names.contains("acc_1_0"), names::toString);
    }
}
