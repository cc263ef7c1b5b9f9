package larch.fncf.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import larch.checkpoint.SafeTensors;
import larch.fncf.data.DataOptions;
import larch.fncf.data.Dataset;
import larch.fncf.data.Datasets;
import larch.fncf.data.LeaveOneOut;
import larch.fncf.data.Split;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From training to recommendations, on data so small that each run takes a moment.
class EndToEndTest {
    private static final int SEED = 3;

    @TempDir
    private static Path folder;
    private static String data;
    private static String model;
    private static Program training;

    @BeforeAll
    static void train() throws IOException {
        data = TinyMovieLens.write(folder.resolve("tiny")).toString();
        training = Program.run("train", "--data", data, "--factors", "8", "--epochs", "12", "--batch-size", "32", "--learning-rate",
                "0.01", "--full", "--seed", "" + SEED, "--threads", "1", "--out", path("fncf"), "--json", path("copy/train.json"))
                .fine();
        model = path("fncf/model.safetensors");
    }

    private static String path(String name) {
        return folder.resolve(name).toString();
    }

    private static Program onModel(String command, String... more) {
        List<String> all = new ArrayList<>(List.of(command, "--data", data, "--model", model, "--threads", "1"));
        all.addAll(Arrays.asList(more));
        return Program.run(all.toArray(String[]::new));
    }

    private static JsonNode read(String name) throws IOException {
        return new ObjectMapper().readTree(Files.readString(folder.resolve(name)));
    }

    @Test
    void trainingTellsEpochsOnStandardErrorAndTheResultOnStandardOutput() throws IOException {
        assertEquals(12, training.err().lines().filter(l -> l.matches("larch: FNCF  epoch \\d+/12  labels T=10.0  loss 0\\.\\d{5}  "
                + "[\\d,]+ samples/s  validation HR@10 \\d\\.\\d{4} NDCG@10 \\d\\.\\d{4}")).count(), training.err());
        assertEquals(1, training.err().lines().filter(l -> l.startsWith("larch: backend simd: ")).count());
        JsonNode json = read("fncf/train.json");
        assertTrue(training.out().contains(String.format("HR@10 %.4f  NDCG@10 %.4f", json.get("hr@10").doubleValue(),
                json.get("ndcg@10").doubleValue())), training.out());
        assertTrue(json.get("hr@10").doubleValue() > 0.5, "women like comedies, men westerns: " + json.get("hr@10"));
        assertTrue(json.get("hr@10_full").doubleValue() <= json.get("hr@10").doubleValue());
        assertEquals(12, json.get("epochs").size());
        assertEquals(json, read("copy/train.json"));
    }

    @Test
    void theModelFileSaysHowItWasMade() throws IOException {
        var metadata = SafeTensors.readMetadata(Path.of(model));
        assertEquals("FNCF", metadata.get("method"));
        assertEquals("3", metadata.get("seed"));
        assertEquals("12", metadata.get("epochs"));
        assertEquals("last", metadata.get("data.tie"));
        assertEquals("8", metadata.get("factors"));
        // 60 users with 10 training pairs each, with 4 negatives: 3,000 samples in 94 batches, 12 times.
        assertEquals("1128", metadata.get("optimizer_steps"));
        assertEquals(Datasets.open(data, DataOptions.defaults()).sha256(), metadata.get("data_sha256"));
        for (String key : List.of("larch", "git", "jvm", "backend", "stages", "sigma")) {
            assertTrue(metadata.containsKey(key), key);
        }
    }

    @Test
    void evaluationOfTheFileGivesTheNumbersOfTheTraining() throws IOException {
        JsonNode json = onModel("evaluate", "--full", "--json", "-").fine().json();
        JsonNode trained = read("fncf/train.json");
        for (String key : List.of("hr@10", "ndcg@10", "hr@10_full", "ndcg@10_full", "candidates_sha256", "users")) {
            assertEquals(trained.get(key), json.get(key), key);
        }
    }

    @Test
    void anotherSeedDrawsOtherNegativesAndASampleOfUsersIsOne() throws IOException {
        JsonNode other = onModel("evaluate", "--seed", "4", "--users", "7", "--json", "-").fine().json();
        assertNotEquals(read("fncf/train.json").get("candidates_sha256"), other.get("candidates_sha256"));
        assertEquals(7, other.get("users").intValue());
        double hits = 7 * other.get("hr@10").doubleValue();
        assertEquals(Math.rint(hits), hits, 1e-9);
    }

    @Test
    void jsonInPlaceOfTheTextLeavesNothingElseOnStandardOutput() {
        Program program = onModel("evaluate", "--json", "-", "--quiet").fine();
        assertEquals("evaluate", program.json().get("command").textValue());
        assertTrue(program.out().startsWith("{"));
        assertEquals("", program.err());
    }

    @Test
    void aStudentTrainsItsTeacherFirstAndGetsTheSameOneFromAFile() throws IOException {
        String[] common = {"train", "--data", data, "--method", "multi", "--epochs", "1,1,1", "--batch-size", "64", "--sigma", "0.1",
            "--seed", "5", "--threads", "1"};
        Program automatic = Program.run(with(common, "--factors", "8", "--teacher-epochs", "2", "--out", path("auto"))).fine();
        assertTrue(automatic.err().contains("FNCF-Multi needs a teacher: training FNCF first"), automatic.err());
        Program given = Program.run(with(common, "--teacher", path("auto/teacher.safetensors"), "--out", path("given"))).fine();
        assertFalse(given.err().contains("needs a teacher"), given.err());
        var first = SafeTensors.read(folder.resolve("auto/model.safetensors"));
        var second = SafeTensors.read(folder.resolve("given/model.safetensors"));
        assertEquals("4", first.metadata().get("factors"));
        assertEquals("0.1", first.metadata().get("sigma"));
        assertEquals(first.tensors().keySet(), second.tensors().keySet());
        first.tensors().forEach((name, tensor) -> assertArrayEquals(tensor.toArray(), second.tensor(name).toArray(), name));
        Program.run(with(common, "--teacher", path("auto/teacher.safetensors"), "--factors", "9", "--out", path("given")))
                .refused("--factors: the teacher", "has 8, got 9");
        Program.run(with(common, "--teacher", path("auto/teacher.safetensors"), "-o", "data.tie=first", "--out", path("given")))
                .refused("--teacher", "or its test items leak");
    }

    private static String[] with(String[] common, String... more) {
        return Stream.of(common, more).flatMap(Arrays::stream).toArray(String[]::new);
    }

    @Test
    void aModelIsRefusedOnOtherData() {
        Program.run("evaluate", "--data", "embedded", "--model", model).refused("--model", "was trained on ml-1m", "but --data is"
                + " embedded");
    }

    @Test
    void dumpedKernelsAreClassFiles() throws IOException {
        onModel("evaluate", "--dump-kernels", path("kernels")).fine();
        try (Stream<Path> files = Files.list(folder.resolve("kernels"))) {
            List<Path> classes = files.filter(f -> f.toString().endsWith(".class")).toList();
            assertFalse(classes.isEmpty());
            byte[] first = Files.readAllBytes(classes.getFirst());
            assertArrayEquals(new byte[] {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE}, Arrays.copyOf(first, 4));
        }
        assertEquals(null, System.getProperty("larch.dumpKernels"));
    }

    @Test
    void theAttackCountsWhatItDidToEachPair() throws IOException {
        Program program = onModel("attack", "--pairs", "9", "--iterations", "60", "--restarts", "1",
                "--json", path("attack.json")).fine();
        JsonNode attack = read("attack.json").get("attacks").get(0);
        assertEquals(9, attack.get("n").intValue());
        assertEquals(9, attack.get("pairs").size());
        int raw = 0;
        int trivial = 0;
        for (JsonNode pair : attack.get("pairs")) {
            boolean success = pair.get("success").booleanValue();
            assertEquals(pair.get("adversarial_logit").doubleValue() <= 0, success);
            assertEquals(success, pair.get("l2").isNumber(), "no distance without success");
            raw += success ? 1 : 0;
            trivial += pair.get("clean_logit").doubleValue() <= 0 ? 1 : 0;
        }
        assertEquals(raw / 9.0, attack.get("raw_success").doubleValue(), 1e-9);
        assertEquals(trivial / 9.0, attack.get("trivial").doubleValue(), 1e-9);
        assertTrue(raw > trivial, "gender decides, so the attack must break something: " + attack);
        assertTrue(program.out().contains(String.format("%.1f%%", 100 * raw / 9.0)), program.out());
        assertTrue(program.out().contains("Invented Film"), program.out());
        assertTrue(program.out().lines().anyMatch(l -> l.matches(" {4}(gender|age|occupation|genre|year): .*->.*")), program.out());
    }

    @Test
    void thePaperModeHasOneRowForEachConstantAndTheHitsOfAnotherModel() throws IOException {
        JsonNode json = onModel("attack", "--mode", "paper", "--c", "0.001,1000", "--iterations", "50", "--target", "age",
                "--hits-of", model, "--json", "-").fine().json();
        assertEquals(2, json.get("attacks").size());
        assertEquals(0.001, json.get("attacks").get(0).get("c").doubleValue(), 1e-9);
        double weak = json.get("attacks").get(0).get("raw_success").doubleValue();
        assertEquals(weak, json.get("attacks").get(0).get("trivial").doubleValue(), "c = 0.001 moves nothing");
        assertTrue(json.get("attacks").get(1).get("raw_success").doubleValue() >= weak);
        long hits = Math.round(60 * read("fncf/train.json").get("hr@10").doubleValue());
        assertEquals(hits, json.get("attacks").get(0).get("n").longValue());
    }

    @Test
    void anUnknownTargetIsRefusedWithTheFieldsThatThereAre() {
        onModel("attack", "--target", "agee").refused("--target", "[user, item, gender, age, occupation, genre, year]", "'agee'");
    }

    @Test
    void recommendationsLeaveOutWhatTheUserChoseAndFall() {
        JsonNode json = onModel("recommend", "--user", "7", "--top", "500", "--json", "-").fine().json();
        Dataset dataset = Datasets.open(data, DataOptions.defaults());
        Split split = LeaveOneOut.split(dataset, DataOptions.defaults(), SEED);
        int user = dataset.userLabels().indexOf("7");
        Set<String> shown = new HashSet<>();
        double last = Double.POSITIVE_INFINITY;
        for (JsonNode item : json.get("items")) {
            assertTrue(item.get("logit").doubleValue() <= last);
            last = item.get("logit").doubleValue();
            assertEquals(1 / (1 + Math.exp(-last)), item.get("probability").doubleValue(), 1e-6);
            shown.add(item.get("item").textValue());
        }
        Set<String> expected = new HashSet<>();
        for (int item = 0; item < dataset.numItems(); item++) {
            if (!split.seen(user, item) || split.testItem(user) == item) {
                expected.add(dataset.itemLabels().get(item));
            }
        }
        assertEquals(expected, shown);
        assertEquals(dataset.numItems() - expected.size(), json.get("excluded").intValue());
    }

    @Test
    void anotherProfileIsShownBesideTheUsersOwn() {
        Program program = onModel("recommend", "--user", "7", "--profile", "gender=f,occupation=lawyer").fine();
        assertTrue(program.out().contains("gender: M -> F (F 0.00->1.00, M 1.00->0.00)"), program.out());
        assertTrue(program.out().contains("occupation: executive/managerial -> lawyer"), program.out());
        assertTrue(program.out().contains("as it is"), program.out());
        onModel("recommend", "--user", "7", "--profile", "gendr=F").refused("--profile", "got 'gendr'; did you mean gender?");
        onModel("recommend", "--user", "7", "--profile", "gender=X").refused("--profile: gender: expected one of F, M, got 'X'");
        onModel("recommend", "--user", "7", "--profile", "F").refused("--profile: expected FIELD=VALUE pairs");
        onModel("recommend", "--user", "999").refused("--user: there is no user '999'", "1, 2, 3 … 60");
    }

    @Test
    void anAttackOnTheFirstRecommendationIsShownInWordsAndInNumbers() throws IOException {
        JsonNode before = onModel("recommend", "--user", "8", "--top", "3", "--json", "-").fine().json();
        String item = before.get("items").get(0).get("item").textValue();
        Program program = onModel("recommend", "--user", "8", "--top", "3", "--attack", item, "--json", path("attacked.json")).fine();
        assertTrue(program.out().matches("(?s).*attack on \"Invented Film " + item + " \\(1999\\)\": p [01]\\.\\d{3} -> 0\\.[45]\\d+, "
                + "rank 1 -> \\d+, L2 distance \\d\\.\\d{3}\\n.*"), program.out());
        assertTrue(program.out().contains("changed features:\n  gender: F"), program.out());
        JsonNode json = read("attacked.json");
        assertEquals(before.get("items"), json.get("items"));
        assertEquals(3, json.get("items_changed").size());
        JsonNode attack = json.get("attack");
        assertEquals(item, attack.get("item").textValue());
        assertTrue(attack.get("success").booleanValue() && !attack.get("trivial").booleanValue(), attack::toString);
        assertEquals(before.get("items").get(0).get("logit").doubleValue(), attack.get("logit_before").doubleValue(), 1e-3);
        assertTrue(attack.get("logit_after").doubleValue() <= 0, attack::toString);
        onModel("recommend", "--user", "8", "--attack", "999").refused("--attack: there is no item '999'");
    }

    @Test
    void anItemThatIsRefusedAlreadyNeedsNoAttack() {
        Program program = onModel("recommend", "--user", "8", "--attack", "100").fine();
        assertTrue(program.out().contains("nothing to do, the model refuses it already (p 0.000)"), program.out());
        assertFalse(program.out().contains("changed"), program.out());
    }

    @Test
    void exportedFilesTrainWithoutFeaturesButCannotBeAttacked() {
        Program.run("data", "export", "--data", data, "--out", path("ncf")).fine();
        Program.run("train", "--data", path("ncf"), "--factors", "4", "--epochs", "1", "--batch-size", "64", "--out", path("bare"))
                .fine();
        Program.run("attack", "--data", path("ncf"), "--model", path("bare/model.safetensors"), "--quiet")
                .refused("--target", "this data has no features to attack");
        Program.run("reproduce", "--data", path("ncf"), "--out", path("ncf-results"))
                .refused("ncf: expected users with features, which the attacks change, got none");
    }

    @Test
    void anInterruptedReproductionGoesOn() throws IOException {
        String[] line = {"reproduce", "--data", data, "--methods", "FNCF", "--threads", "1", "--out", path("results")};
        Program first = Program.run(line).fine();
        assertTrue(first.out().contains("FNCF"), first.out());
        assertTrue(first.err().contains("done in"), first.err());
        Program second = Program.run(with(line, "--json", path("results-copy.json"))).fine();
        assertFalse(second.err().contains(": done in"), second.err());
        assertTrue(second.err().contains("done by an earlier run"), second.err());
        assertEquals(first.out(), second.out());
        assertEquals(read("results/results.json").get("runs"), read("results-copy.json").get("runs"));
        String written;
        try (Stream<Path> models = Files.list(folder.resolve("results/models"))) {
            written = models.toList().getFirst().toString();
        }
        assertEquals(read("results/results.json").get("runs").get(0).get("hr@10"),
                Program.run("evaluate", "--data", data, "--model", written, "--json", "-").fine().json().get("hr@10"));
    }
}
