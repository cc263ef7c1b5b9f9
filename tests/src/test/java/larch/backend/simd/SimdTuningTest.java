package larch.backend.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import larch.backend.BackendOptions;
import larch.gemm.GemmBlocking;
import larch.gemm.GemmTuning;
import larch.gemm.Transpose;
import larch.random.Draws;
import larch.random.Rng;
import larch.tensor.Tensor;
import larch.tuning.MachineKey;
import larch.tuning.TuningChoice;
import larch.tuning.TuningException;
import larch.tuning.TuningFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whose numbers a backend takes.
class SimdTuningTest {
    @TempDir
    private Path folder;

    static int[] widths() {
        return CompiledKernels.widths();
    }

    /// Sizes for every path; more steps than kc, edges everywhere.
    @ParameterizedTest
    @MethodSource("widths")
    void tunedNumbersChangeNoBit(int bits) {
        Map<String, Long> strange = Map.of("mr", 3L, "vectors", 3L, "kUnroll", 2L, "mc", 33L, "nb", 60L, "nc", 96L, "scalarWork", 50L,
                "unpackedFloats", 900L, "unpackedRows", 2L, "parallelWork", 1_000L);
        Path file = write(bits, GemmTuning.with(GemmBlocking.forVectorBits(bits), strange));
        int[][] shapes = {{2, 3, 4}, {1, 40, 300}, {37, 1, 1200}, {5, 67, 31}, {70, 45, 20}, {33, 129, 257}, {64, 200, 1030}};
        BackendOptions options = new BackendOptions(2, bits);
        try (SimdBackend shipped = new SimdBackend(options);
                SimdBackend tuned = new SimdBackend(options.withTuning(new TuningChoice.File(file)))) {
            assertEquals(shipped.numerics(), tuned.numerics());
            for (int[] shape : shapes) {
                for (Transpose transA : Transpose.values()) {
                    for (Transpose transB : Transpose.values()) {
                        assertArrayEquals(product(shipped, transA, transB, shape), product(tuned, transA, transB, shape));
                    }
                }
            }
        }
    }

    private static float[] product(SimdBackend backend, Transpose transA, Transpose transB, int[] shape) {
        int m = shape[0];
        int n = shape[1];
        int k = shape[2];
        Draws draws = Rng.of(1).stream("tuning").draws();
        Tensor a = random(draws, transA.isTransposed() ? k : m, transA.isTransposed() ? m : k);
        Tensor b = random(draws, transB.isTransposed() ? n : k, transB.isTransposed() ? k : n);
        Tensor c = random(draws, m, n);
        backend.gemm(transA, transB, 0.7f, a, b, 0.3f, c);
        return c.toArray();
    }

    private static Tensor random(Draws draws, int rows, int cols) {
        Tensor tensor = Tensor.zeros(rows, cols);
        for (int i = 0; i < tensor.size(); i++) {
            tensor.data()[i] = 2 * draws.nextFloat() - 1;
        }
        return tensor;
    }

    @Test
    void aBackendSaysWhoseNumbersItHas() {
        Path file = write(128, GemmBlocking.forVectorBits(128));
        assertEquals("simd: 128-bit vectors (4 floats), 1 thread, tuning " + file, describe(new TuningChoice.File(file)));
        assertEquals("simd: 128-bit vectors (4 floats), 1 thread, shipped tuning", describe(new TuningChoice.Shipped()));
    }

    @Test
    void withoutAChoiceThisMachinesFileIsTaken() throws IOException {
        TuningChoice auto = TuningChoice.of("auto");
        SimdTuning shipped = new SimdTuning(GemmBlocking.forVectorBits(128), "shipped tuning");
        assertEquals(shipped, SimdTuning.of(auto, 128, folder.resolve("none")));
        assertEquals(shipped, SimdTuning.of(auto, 128, folder), "tuned for another width, perhaps");
        GemmBlocking tuned = GemmTuning.with(GemmBlocking.forVectorBits(128), Map.of("nc", 1200L));
        Path file = Files.move(write(128, tuned), folder.resolve(SimdTuning.key(128).fileName()));
        assertEquals(new SimdTuning(tuned, "tuned on this machine"), SimdTuning.of(auto, 128, folder));
        assertEquals(shipped, SimdTuning.of(TuningChoice.of("shipped"), 128, folder));
        Files.writeString(file, "larch tuning = 1\nmr 5\n");
        String message = assertThrows(TuningException.class, () -> SimdTuning.of(auto, 128, folder)).getMessage();
        assertEquals("tuning " + file + ", line 2: expected '[section]', got 'mr 5'; correct it, or delete the file and run"
                + " ./larch tune again", message);
    }

    @Test
    void aFileThatIsNotThisMachinesIsRefused() throws IOException {
        Path file = write(128, GemmBlocking.forVectorBits(128));
        String right = Files.readString(file);
        refused(file, right.replaceAll("cpu = .*", "cpu = another one"), "cpu: these numbers were found with another processor");
        refused(file, right.replaceAll("\nmr = .*", "\nmr = -8"), "gemm blocking: mr must be >= 1");
        refused(file, right.replace("kc = 512", "kc = 513"), "kc: expected 512");
        refused(file, right.substring(0, right.indexOf("nc = ")), "expected 'nc = ...'");
        Files.delete(file);
        assertThrows(TuningException.class, () -> describe(new TuningChoice.File(file)), "a file that was asked for is missing");
    }

    private static void refused(Path file, String text, String part) throws IOException {
        Files.writeString(file, text);
        String message = assertThrows(TuningException.class, () -> describe(new TuningChoice.File(file))).getMessage();
        assertTrue(message.startsWith("tuning " + file + ", line ") && message.contains(part), message);
    }

    private static String describe(TuningChoice choice) {
        try (SimdBackend backend = new SimdBackend(new BackendOptions(1, 128).withTuning(choice))) {
            return backend.describe();
        }
    }

    @Test
    void theKeyFollowsTheKernels() {
        MachineKey key = SimdTuning.key(256);
        assertEquals(key, SimdTuning.key(256));
        assertEquals(256, key.vectorBits());
        assertTrue(key.kernels().matches("[0-9a-f]{8}"), key::toString);
        assertTrue(!key.kernels().equals(SimdTuning.key(128).kernels()), "other kernels, other hash");
        assertTrue(SimdTuning.file(256).endsWith(Path.of("tuning", key.fileName())));
    }

    private Path write(int bits, GemmBlocking blocking) {
        Path file = folder.resolve("t" + bits);
        TuningFile.write(file, "test", List.of(SimdTuning.key(bits).section(), GemmTuning.section(blocking)));
        return file;
    }
}
