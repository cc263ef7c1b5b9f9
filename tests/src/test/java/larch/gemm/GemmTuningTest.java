package larch.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import larch.backend.simd.CompiledKernels;
import larch.tuning.Section;
import larch.tuning.TuningException;
import larch.tuning.TuningFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Blockings as data.
class GemmTuningTest {
    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void aBlockingShipsForEveryWidth(int bits) {
        GemmBlocking shipped = GemmBlocking.forVectorBits(bits);
        assertEquals(bits / Float.SIZE, shipped.lanes());
        assertEquals(0, shipped.mc() % shipped.mr(), "blocks of A are whole micropanels");
        MicroKernels kernels = CompiledKernels.of(bits);
        for (Update update : Update.values()) {
            assertTrue(kernels.fits(new Microtile(shipped.mr(), shipped.vectors(), shipped.kUnroll(), update, Epilogue.NONE.form())),
                    "its kernels are not too long for the JVM's compilers");
        }
        // Bits of results depend on it, so it is the same everywhere.
        assertEquals(512, shipped.kc());
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void aSectionSaysItAll(int bits) {
        GemmBlocking odd = GemmTuning.with(GemmBlocking.forVectorBits(bits), Map.of("mr", 7L, "scalarWork", 1L << 40));
        assertEquals(7, odd.mr());
        assertEquals(1L << 40, odd.scalarWork());
        assertEquals(odd, GemmTuning.readTuned(TuningFile.parse("f", text(GemmTuning.section(odd))), bits));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "mr = 5| mr = 0| line 2: [gemm 512]: gemm blocking: mr must be >= 1; got 0",
        "mr = 5| mr = 5000000000| line 2: [gemm 512]: gemm blocking: mr must be <= 2147483647; got 5000000000",
        "mr = 5| mrr = 5| line 4: mrr: [gemm 512] knows only lanes, mr, vectors, kUnroll, mc, kc, nb, nc, scalarWork,"
            + " unpackedFloats, unpackedRows, parallelWork",
        "mr = 5| # nothing| line 2: expected 'mr = ...' in [gemm 512], got none",
        "lanes = 16| lanes = 8| line 3: lanes: expected 16, got 8",
        "kc = 512| kc = 384| line 8: kc: expected 512, as results depend on it, got 384",
    })
    void aNumberThatMakesNoSenseIsDamage(String right, String wrong, String message) {
        String text = text(GemmTuning.section(GemmBlocking.forVectorBits(512))).replace(right, wrong);
        TuningException error = assertThrows(TuningException.class, () -> GemmTuning.readTuned(TuningFile.parse("f", text), 512));
        assertTrue(error.getMessage().startsWith("tuning f, " + message.strip() + "; "), error.getMessage());
    }

    @Test
    void onlyNumbersThatThereAreCanBeChanged() {
        GemmBlocking shipped = GemmBlocking.forVectorBits(512);
        String message = assertThrows(IllegalArgumentException.class, () -> GemmTuning.with(shipped, Map.of("mrr", 1L))).getMessage();
        assertTrue(message.startsWith("gemm blocking: expected one of [lanes, mr, ") && message.endsWith("got 'mrr'"), message);
        assertEquals(List.of("lanes", "mr", "vectors"), GemmTuning.numbers(shipped).keySet().stream().limit(3).toList());
    }

    private static String text(Section section) {
        return String.join("\n", Stream.concat(Stream.of("larch tuning = 1", "[" + section.name() + "]"),
                section.keys().stream().map(key -> key + " = " + section.text(key))).toList());
    }
}
