package larch.fncf.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import larch.checkpoint.SafeTensors;
import larch.device.DeviceInfo;
import larch.opencl.OpenClMachine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands on an OpenCL device, held against the same commands on the processor's vectors.
@Tag("opencl")
class OpenClEndToEndTest {
    /// Sums have another order, and 12 steps of Adam carry the difference on.
    private static final double LOSS_BOUND = 1e-4;
    /// Two of the users: items whose logits are closer than rounding change places.
    private static final double HIT_BOUND = 2.0 / TinyMovieLens.USERS + 1e-9;
    /// Of logits up to some hundred.
    private static final double LOGIT_BOUND = 1e-3;
    /// Of the distance to the boundary, relative: descents of other roundings end elsewhere near it.
    private static final double DISTANCE_BOUND = 0.02;

    @TempDir
    private static Path folder;
    private static DeviceInfo device;
    private static String data;
    /// Trained on the processor, long enough to rank and to be attacked.
    private static String model;

    @BeforeAll
    static void train() throws IOException {
        device = OpenClMachine.devices().at(0).info();
        data = TinyMovieLens.write(folder.resolve("tiny")).toString();
        Program.run("train", "--data", data, "--factors", "8", "--epochs", "4", "--batch-size", "125", "--learning-rate", "0.05",
                "--backend", "simd", "--threads", "1", "--out", path("ranked")).fine();
        model = path("ranked/model.safetensors");
    }

    private static String path(String name) {
        return folder.resolve(name).toString();
    }

    private static Program trainOn(String backend, String out) {
        return Program.run("train", "--data", data, "--factors", "8", "--epochs", "1", "--batch-size", "250", "--backend", backend,
                "--out", path(out)).fine();
    }

    private static JsonNode onModel(String backend, String command, String... more) {
        return Program.run(Stream.of(new String[] {command, "--data", data, "--model", model, "--backend", backend, "--json", "-"},
                more).flatMap(Arrays::stream).toArray(String[]::new)).fine().json();
    }

    private static JsonNode read(String name) throws IOException {
        return new ObjectMapper().readTree(Files.readString(folder.resolve(name)));
    }

    @Test
    void trainingLearnsAsOnTheProcessorAndTwiceTheSame() throws IOException {
        trainOn("simd", "simd");
        Program first = trainOn("opencl", "first");
        trainOn("opencl", "second");
        assertTrue(first.err().contains("larch: backend opencl: "), first.err());
        JsonNode expected = read("simd/train.json");
        JsonNode got = read("first/train.json");
        assertEquals(expected.get("epochs").get(0).get("loss").doubleValue(), got.get("epochs").get(0).get("loss").doubleValue(),
                LOSS_BOUND);
        assertEquals(expected.get("hr@10").doubleValue(), got.get("hr@10").doubleValue(), HIT_BOUND);
        var one = SafeTensors.read(folder.resolve("first/model.safetensors"));
        var other = SafeTensors.read(folder.resolve("second/model.safetensors"));
        assertEquals(one.tensors().keySet(), other.tensors().keySet());
        one.tensors().forEach((name, tensor) -> assertArrayEquals(tensor.toArray(), other.tensor(name).toArray(), name));
        assertEquals("opencl on " + device.name() + ", driver " + device.driver(), one.metadata().get("backend"));
    }

    @Test
    void evaluationRanksAsOnTheProcessor() {
        JsonNode expected = onModel("simd", "evaluate", "--full");
        JsonNode got = onModel("opencl", "evaluate", "--full", "--device", "0");
        for (String figure : List.of("hr@10", "ndcg@10", "hr@10_full", "ndcg@10_full")) {
            assertEquals(expected.get(figure).doubleValue(), got.get(figure).doubleValue(), HIT_BOUND, figure);
        }
        assertEquals(expected.get("candidates_sha256"), got.get("candidates_sha256"));
        assertTrue(got.get("backend").textValue().startsWith("opencl: ")
                && got.get("backend").textValue().contains(device.name()), got::toString);
    }

    @Test
    void recommendationsHaveTheLogitsOfTheProcessor() {
        Map<String, Double> expected = logits(onModel("simd", "recommend", "--user", "7", "--top", "500"));
        Map<String, Double> got = logits(onModel("opencl", "recommend", "--user", "7", "--top", "500"));
        assertEquals(expected.keySet(), got.keySet());
        expected.forEach((item, logit) -> assertEquals(logit, got.get(item), LOGIT_BOUND, item));
    }

    private static Map<String, Double> logits(JsonNode recommended) {
        Map<String, Double> logits = new TreeMap<>();
        recommended.get("items").forEach(item -> logits.put(item.get("item").textValue(), item.get("logit").doubleValue()));
        return logits;
    }

    @Test
    void attacksBreakThePairsThatTheyBreakOnTheProcessor() {
        String[] how = {"--pairs", "6", "--iterations", "30", "--restarts", "1", "--search-steps", "3"};
        JsonNode expected = onModel("simd", "attack", how).get("attacks").get(0).get("pairs");
        JsonNode got = onModel("opencl", "attack", how).get("attacks").get(0).get("pairs");
        assertEquals(6, got.size());
        int broken = 0;
        for (int pair = 0; pair < got.size(); pair++) {
            assertEquals(expected.get(pair).get("success"), got.get(pair).get("success"), "pair " + pair);
            if (got.get(pair).get("success").booleanValue()) {
                double distance = expected.get(pair).get("l2").doubleValue();
                assertEquals(distance, got.get(pair).get("l2").doubleValue(), DISTANCE_BOUND * distance, "pair " + pair);
                broken += distance > 0 ? 1 : 0;
            }
        }
        assertTrue(broken > 0, "gender decides, so the attack must break something: " + got);
    }

    @Test
    void gradientsOfTheDeviceAreHeldAgainstDifferences() {
        Program checked = Program.line("gradcheck matmul --backend opencl --kernel-times --json -").fine();
        assertTrue(checked.err().lines().anyMatch(row -> row.startsWith("gemm_")), "the device computed nothing: " + checked.err());
        JsonNode json = checked.json();
        assertTrue(json.get("backend").textValue().startsWith("opencl: "), json::toString);
        assertTrue(json.get("ops").get(0).get("passed").booleanValue(), json::toString);
    }

    @Test
    void timesOfKernelsComeOnStandardErrorInTheEndAndOnlyIfAskedFor() {
        String[] line = {"evaluate", "--data", data, "--model", model, "--backend", "opencl", "--quiet", "--json", "-"};
        assertEquals("", Program.run(line).fine().err());
        Program timed = Program.run(Stream.of(line, new String[] {"--kernel-times"}).flatMap(Arrays::stream)
                .toArray(String[]::new)).fine();
        assertTrue(timed.json().has("hr@10"), timed.out());
        List<String> table = timed.err().lines().toList();
        assertTrue(table.getFirst().matches("kernel +launches +total ms +share +mean us +GFLOP/s +GB/s"), timed.err());
        assertTrue(table.size() > 2, timed.err());
        assertTrue(table.stream().skip(1).allMatch(row -> row.matches("\\w+ +[1-9]\\d* +\\d+\\.\\d{3} .*")), timed.err());
    }

    @Test
    void aSelectorThatFitsNothingListsWhatThereIs() {
        String there = "[0] " + device.name();
        Program.run("evaluate", "--data", data, "--model", model, "--backend", "opencl", "--device", "no such card")
                .refused("'no such card' fits no device; give an index or a part of a name of: ", there);
        Program.run("tune", "--device", "no such card").refused("fits no device", there);
        Program.run("bench", "gemm", "--quick", "--backend", "opencl", "--device", "no such card")
                .refused("fits no device", there);
    }

    @Test
    void optionsOfTheProcessorAreRefused() {
        for (String option : List.of("--threads 1", "--vector-bits 0", "--dump-kernels " + path("kernels"))) {
            Program.line("train --backend opencl " + option + " --out " + path("refused"))
                    .refused(option.split(" ")[0] + ": is about the processor's kernels, and the backend opencl runs on a device");
        }
        assertFalse(Files.exists(folder.resolve("refused/model.safetensors")));
    }
}
