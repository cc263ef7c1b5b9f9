package larch.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The format of tuned numbers, and for whom they hold.
class TuningFileTest {
    private static final MachineKey HERE = new MachineKey("AMD EPYC 9R14 96-Core", 512, 25, "0123abcd");
    private static final String FIX = "; correct it, or delete the file and run ./larch tune again";

    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsRead() {
        Path file = folder.resolve("new").resolve("a.tuning");
        TuningFile.write(file, "a comment", List.of(HERE.section(), new Section("x y").with("5x4 k1", "0.8 = 0.9").with("n", -3)));
        TuningFile read = TuningFile.read(file);
        assertEquals(List.of("machine", "x y"), read.names());
        assertEquals("0.8 = 0.9", read.section("x y").text("5x4 k1"));
        assertEquals(-3, read.section("x y").integer("n"));
        HERE.requireIn(read);
    }

    @Test
    void aFileIsReplacedAsAWhole() throws IOException {
        Path file = folder.resolve("a.tuning");
        TuningFile.write(file, "first", List.of(new Section("a").with("long", "x".repeat(1000))));
        TuningFile.write(file, "second", List.of(new Section("b")));
        assertEquals(List.of("b"), TuningFile.read(file).names());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList(), "no temporary file stays");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''| line 0: expected 'larch tuning = 1', got the end of the file",
        "# only a comment| line 1: expected 'larch tuning = 1', got the end of the file",
        "[gemm 512]| line 1: expected 'larch tuning = 1', got '[gemm 512]'",
        "larch tuning = 0| line 1: expected 'larch tuning = 1', got 'larch tuning = 0'",
        "larch tuning = one| line 1: expected 'larch tuning = 1', got 'larch tuning = one'",
        "larch tuning = 1/mr = 5| line 2: expected '[section]', got 'mr = 5'",
        "larch tuning = 1/[a]/mr 5| line 3: expected 'key = value' or '[section]', got 'mr 5'",
        "larch tuning = 1/[a]/= 5| line 3: expected 'key = value' or '[section]', got '= 5'",
        "larch tuning = 1//# c/[a]/mr = 5/mr = 6| line 6: 'mr' is given twice, first in line 5",
        "larch tuning = 1/[a]/[b]/[a]| line 4: the section [a] is there twice",
    })
    void damageIsNamedByLine(String text, String message) {
        TuningException error = assertThrows(TuningException.class,
                () -> TuningFile.parse("f.tuning", text.replace('/', '\n')));
        assertEquals("tuning f.tuning, " + message.strip() + FIX, error.getMessage());
    }

    @Test
    void aNewerFormatIsNotGuessedAt() {
        TuningException error = assertThrows(TuningException.class, () -> TuningFile.parse("f", "larch tuning = 2\n[a]\nb"));
        assertEquals("tuning f, line 1: format 2 is newer than this program, which reads format 1; use the Larch that wrote it,"
                + " or delete the file", error.getMessage());
    }

    @Test
    void bytesThatAreNoTextAreDamage() throws IOException {
        Path file = Files.write(folder.resolve("f"), new byte[] {(byte) 0xFF, (byte) 0xFE, 0});
        String message = assertThrows(TuningException.class, () -> TuningFile.read(file)).getMessage();
        assertEquals("tuning " + file + ", line 1: expected UTF-8 text, got other bytes" + FIX, message);
        String missing = assertThrows(TuningException.class, () -> TuningFile.read(folder.resolve("none"))).getMessage();
        assertTrue(missing.startsWith("tuning " + folder.resolve("none") + ": cannot be read (java.nio.file.NoSuchFile"), missing);
    }

    @Test
    void valuesAreCheckedWhereTheyAreUsed() {
        Section section = TuningFile.parse("f", "larch tuning = 1\n\n[a]\nmr = 5x\nnr = 99999999999999999999\n").section("a");
        assertDamage("f, line 4: mr: expected a whole number, got '5x'", () -> section.integer("mr"));
        assertDamage("f, line 5: nr: expected a whole number, got '99999999999999999999'", () -> section.integer("nr"));
        assertDamage("f, line 3: expected 'kc = ...' in [a], got none", () -> section.text("kc"));
        assertDamage("f, line 5: nr: [a] knows only mr, kc", () -> section.requireOnly(List.of("mr", "kc")));
        assertDamage("f, line 1: expected a section [b], got [a]",
                () -> TuningFile.parse("f", "larch tuning = 1\n[a]\n").section("b"));
    }

    private static void assertDamage(String message, Runnable action) {
        assertEquals("tuning " + message + FIX, assertThrows(TuningException.class, action::run).getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "cpu, Intel Xeon, processor, AMD EPYC 9R14 96-Core",
        "vector_bits, 256, vector width, 512",
        "java, 26, Java, 25",
        "kernels, ffffffff, kernel generator, 0123abcd"})
    void numbersOfAnotherMachineAreRefused(String key, String value, String what, String expected) throws IOException {
        Path file = folder.resolve("f");
        TuningFile.write(file, "x", List.of(HERE.section()));
        Files.writeString(file, Files.readString(file).replace(key + " = " + expected, key + " = " + value));
        String message = assertThrows(TuningException.class, () -> HERE.requireIn(TuningFile.read(file))).getMessage();
        assertTrue(message.endsWith(": " + key + ": these numbers were found with another " + what + ": expected '" + expected
                + "', got '" + value + "'; run ./larch tune on this machine"), message);
        assertTrue(message.startsWith("tuning " + file + ", line "), message);
    }

    @Test
    void everyKeyHasAFileOfItsOwn() {
        assertEquals("amd-epyc-9r14-96-core-512-java25-0123abcd.tuning", HERE.fileName());
        List<MachineKey> others = List.of(new MachineKey("Intel(R) Xeon(R) @ 2.60GHz", 512, 25, "0123abcd"),
                new MachineKey(HERE.cpu(), 256, 25, "0123abcd"), new MachineKey(HERE.cpu(), 512, 26, "0123abcd"),
                new MachineKey(HERE.cpu(), 512, 25, "0123abce"));
        for (MachineKey other : others) {
            assertFalse(other.fileName().equals(HERE.fileName()), other::toString);
            assertTrue(other.fileName().getBytes(StandardCharsets.US_ASCII).length < 200, other::fileName);
            assertTrue(other.fileName().matches("[a-z0-9-]+\\.tuning"), other::fileName);
        }
    }
}
