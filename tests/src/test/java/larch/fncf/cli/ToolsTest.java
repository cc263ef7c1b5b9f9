package larch.fncf.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import larch.op.OpSpec;
import larch.op.Ops;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands that need no trained model.
class ToolsTest {
    @TempDir
    private Path folder;

    @Test
    void gradcheckHoldsEveryOpOfTheRegistry() {
        JsonNode ops = Program.line("gradcheck --json -").fine().json().get("ops");
        assertEquals(Ops.ALL.stream().map(OpSpec::name).toList(),
                Stream.iterate(0, i -> i < ops.size(), i -> i + 1).map(i -> ops.get(i).get("op").textValue()).toList());
        ops.forEach(op -> assertTrue(op.get("passed").booleanValue(), op::toString));
    }

    @Test
    void gradcheckOfOneOpIsOneRow() {
        Program program = Program.line("gradcheck tanh --seed 9").fine();
        assertEquals(3, program.out().lines().count(), program.out());
        assertTrue(program.out().lines().toList().getLast().matches("  tanh +\\[5,3] .*passed"), program.out());
    }

    /// Kernels that were compiled for it show which backend had to compute.
    @Test
    void gradcheckTakesGradientsFromTheBackendThatIsAskedFor() throws IOException {
        Path kernels = folder.resolve("kernels");
        Program.run("gradcheck", "sigmoid", "--backend", "simd", "--dump-kernels", kernels.toString()).fine();
        try (Stream<Path> files = Files.list(kernels)) {
            assertTrue(files.anyMatch(file -> file.getFileName().toString().startsWith("elementwise_")));
        }
    }

    @Test
    void devicesComputesOnEveryBackend() {
        Program program = Program.line("devices --check --json -");
        JsonNode json = program.json();
        List<String> names = json.get("backends").findValuesAsText("name");
        assertEquals(List.of("simd", "reference", "opencl"), names);
        json.get("backends").forEach(b -> assertTrue(b.path("check_passed").asBoolean(b.has("why")), b::toString));
        assertTrue(json.get("backends").get(0).get("default").booleanValue());
        assertTrue(json.get("backends").get(0).get("description").textValue().matches("simd: \\d+-bit vectors .*"));
        assertEquals("opencl", json.get("listings").get(0).get("kind").textValue());
    }

    @Test
    void versionSaysWhatItRunsOn() {
        String out = Program.line("version").fine().out();
        assertTrue(out.contains(Runtime.version().toString()), out);
        assertTrue(out.contains("--add-modules=jdk.incubator.vector"), out);
        assertTrue(out.contains(System.getProperty("os.name")), out);
    }

    @Test
    void dataShowsStatisticsAndTheTieRuleMatters() {
        JsonNode json = Program.line("data --json -").fine().json();
        assertEquals(400, json.get("users").intValue());
        assertEquals(500, json.get("items").intValue());
        assertEquals(json.get("interactions").intValue() - 2 * 400, json.get("train_pairs").intValue());
        assertEquals(json.get("interactions").intValue() - 400,
                Program.line("data -o data.val=none --json -").fine().json().get("train_pairs").intValue());
    }

    /// Data that goes by the name of MovieLens 1M, but is not.
    @Test
    void dataThatIsNotWhatItSaysIsAFailedCheck() throws IOException {
        Path tiny = TinyMovieLens.write(folder.resolve("ml-1m"));
        Program program = Program.run("data", "--data", tiny.toString());
        assertEquals(1, program.code());
        assertTrue(program.out().contains("DIFFERS users: published 6,040, found 60"), program.out());
        assertTrue(program.err().contains("is not the published data set"), program.err());
    }

    @Test
    void completionScriptsAreValidAndKnowEveryCommand() throws IOException, InterruptedException {
        for (String shell : List.of("bash", "zsh")) {
            String script = Program.run("completion", shell).fine().out();
            for (String command : UsageTest.commands()) {
                assertTrue(script.contains(command.replace(" ", "_")), command);
            }
            assertTrue(script.contains("--learning-rate"));
            assertEquals(shell.equals("zsh"), script.startsWith("#compdef larch\n"));
            Path file = Files.writeString(folder.resolve(shell), script);
            assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "there is no /bin/bash to check the script with");
            Process check = new ProcessBuilder("/bin/bash", "-n", file.toString()).redirectErrorStream(true).start();
            String complaint = new String(check.getInputStream().readAllBytes());
            assertEquals(0, check.waitFor(), complaint);
            assertEquals("", complaint);
        }
    }
}
