package larch.fncf.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import larch.opencl.OpenClMachine;
import larch.opencl.tuning.DeviceTuning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `larch tune`, with so little time that it measures next to nothing.
class TuneCommandTest {
    @TempDir
    private Path folder;

    private Program tune(String... more) {
        String[] common = {"tune", "--minutes", "0.002", "--vector-bits", "128", "--file", folder.resolve("t.tuning").toString()};
        return Program.run(Stream.of(common, more).flatMap(Stream::of).toArray(String[]::new));
    }

    @Test
    void whatItKeepsCanBeUsedAndContinued() throws IOException {
        Program first = tune("--dump-kernels", folder.resolve("kernels").toString()).fine();
        assertTrue(first.out().contains("kept in " + folder.resolve("t.tuning")), first.out());
        assertTrue(first.out().contains("time was up with "), first.out());
        assertTrue(first.err().contains(" k1 so far; time is up"), first.err());
        try (Stream<Path> kernels = Files.list(folder.resolve("kernels"))) {
            List<String> names = kernels.map(path -> path.getFileName().toString()).toList();
            assertTrue(names.stream().anyMatch(name -> name.matches("gemm_.*_128\\.txt")), names::toString);
            assertTrue(names.stream().anyMatch(name -> name.matches("gemm_.*_128\\.class")), names::toString);
        }
        JsonNode json = tune("--json", "-", "--quiet").fine().json();
        assertEquals("tune", json.get("command").textValue());
        assertEquals(128, json.get("vector_bits").intValue());
        assertEquals(512, json.get("chosen").get("kc").intValue());
        assertFalse(json.get("complete").booleanValue());
        assertEquals("microtile", json.get("stages").get(0).get("name").textValue());
        Program train = Program.run("train", "--epochs", "1", "--factors", "2", "--data", "nowhere", "--out",
                folder.toString(), "--vector-bits", "128", "--tuning", folder.resolve("t.tuning").toString());
        assertTrue(train.err().contains("nowhere"), train.err());
    }

    @Test
    void aDamagedFileIsRefusedUntilItIsReset() throws IOException {
        Path file = Files.writeString(folder.resolve("t.tuning"), "larch tuning = 1\n[gemm 128]\nmr\n");
        Program refused = tune("--quiet").refused("tuning " + file + ", line 3: expected 'key = value' or '[section]', got 'mr'",
                "delete the file");
        assertEquals("", refused.out());
        tune("--reset").fine();
        assertTrue(Files.readString(file).contains("[machine]"));
    }

    @Test
    void aDeviceHasAFileOfItsOwn() throws IOException {
        String device = OpenClMachine.devices().at(0).info().name();
        Path file = folder.resolve("d.tuning");
        JsonNode json = Program.run("tune", "--device", "0", "--minutes", "0.001", "--file", file.toString(), "--json", "-")
                .fine().json();
        assertEquals(device, json.get("opencl_device").get("name").textValue());
        assertEquals("WARP", json.get("chosen").get("fast").textValue());
        assertFalse(json.get("complete").booleanValue());
        assertTrue(Files.readString(file).contains("name = " + device + "\n"));
        Program.run("tune", "--quiet", "--minutes", "0.001", "--vector-bits", "128", "--file", file.toString())
                .refused("tuning " + file + ", line 1: expected a section [machine]");
    }

    @Test
    void devicesNamesTheFileOfADevice() {
        OpenClMachine.devices();
        String says = Program.line("devices").fine().out();
        JsonNode device = Program.line("devices --json -").fine().json().get("listings").get(0).get("devices").get(0);
        String file = device.get("tuning_file").textValue();
        assertEquals(DeviceTuning.file(OpenClMachine.devices().at(0).info()).toString(), file);
        assertTrue(says.contains(device.get("tuning_file_exists").booleanValue() ? "      tuning file: " + file
                : "      no tuning file of this device; ./larch tune --device 0 makes " + file + "\n"), says);
    }

    @Test
    void devicesNamesTheFile() {
        JsonNode simd = Program.line("devices --json -").fine().json().get("backends").get(0);
        assertTrue(simd.get("tuning_file").textValue().matches(".*-\\d+-java\\d+-[0-9a-f]{8}\\.tuning"), simd::toString);
        assertTrue(simd.get("tuning_file_exists").isBoolean());
    }
}
