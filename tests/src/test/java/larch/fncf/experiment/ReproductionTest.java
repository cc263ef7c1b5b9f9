package larch.fncf.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import larch.backend.Backend;
import larch.fncf.Fixtures;
import larch.fncf.data.DataOptions;
import larch.fncf.model.Fncf;
import larch.fncf.model.ModelFile;
import larch.fncf.train.Method;
import larch.fncf.train.TrainConfig;
import larch.gen.TestBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproductionTest {
    private static final Profile TINY = new Profile("quick", 8, 0.01, 20, List.of(1f), 20, 20, 3, 1);
    private static final TrainConfig TRAIN = TrainConfig.PAPER.withBatchSize(1024);

    private static ReproduceSpec spec(Path out, int seeds) {
        return new ReproduceSpec("embedded", DataOptions.defaults(), TINY, List.of(Method.FNCF, Method.SINGLE), List.of(0.05f),
                1, seeds, TRAIN, out);
    }

    private static final class Interruption extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static Results run(ReproduceSpec spec, ReproduceListener listener) throws IOException {
        return run(Fixtures.simd(2), spec, listener);
    }

    private static Results run(Backend opened, ReproduceSpec spec, ReproduceListener listener) throws IOException {
        try (Backend backend = opened) {
            return new Reproduction(backend, spec, listener).run();
        }
    }

    // Times differ from run to run; everything else must not.
    private static JsonNode withoutTimes(Path results) throws IOException {
        JsonNode tree = new ObjectMapper().readTree(results.toFile());
        for (String field : List.of("train_seconds", "samples_per_second", "seconds")) {
            tree.findParents(field).forEach(n -> ((ObjectNode) n).remove(field));
        }
        return tree;
    }

    @Test
    void anInterruptedRunGoesOnToTheSameNumbers(@TempDir Path whole, @TempDir Path broken) throws IOException {
        run(spec(whole, 1), ReproduceListener.SILENT);
        ReproduceListener interrupt = new ReproduceListener() {
            @Override
            public void jobStarted(int index, String name) {
                if (index == 5) {
                    throw new Interruption();
                }
            }
        };
        assertThrows(Interruption.class, () -> run(spec(broken, 1), interrupt));
        assertFalse(Files.exists(broken.resolve("results.json")));
        List<String> resumed = new ArrayList<>();
        run(spec(broken, 1), new ReproduceListener() {
            @Override
            public void jobDone(String name, double seconds, boolean wasDone) {
                if (wasDone) {
                    resumed.add(name);
                }
            }
        });
        assertEquals(4, resumed.size(), resumed.toString());
        assertEquals(withoutTimes(whole.resolve("results.json")), withoutTimes(broken.resolve("results.json")));
    }

    @Test
    void writesWhatTheFormatPromises(@TempDir Path out) throws IOException {
        Results results = run(spec(out, 2), ReproduceListener.SILENT);
        JsonNode tree = new ObjectMapper().readTree(out.resolve("results.json").toFile());
        for (String field : List.of("larch", "git", "jvm", "backend", "threads", "data", "configuration", "code", "runs")) {
            assertTrue(tree.has(field), field);
        }
        for (String field : List.of("name", "users", "items", "interactions", "sha256", "note")) {
            assertTrue(tree.get("data").has(field), field);
        }
        assertEquals(4, tree.get("runs").size());
        JsonNode first = tree.get("runs").get(0);
        for (String field : List.of("method", "sigma", "seed", "factor", "hr@10", "ndcg@10", "hr@10_full", "epochs",
                "train_seconds", "samples_per_second", "attacks")) {
            assertTrue(first.has(field), field);
        }
        assertEquals(6, first.get("attacks").size());
        for (JsonNode attack : first.get("attacks")) {
            for (String field : List.of("target", "mode", "c", "n", "raw_success", "trivial", "conditional_success", "l2_mean",
                    "l2_median", "config")) {
                assertTrue(attack.has(field), field);
            }
            assertEquals(!attack.get("mode").asText().equals("paper"), attack.get("c").isNull());
            assertEquals(20, attack.get("config").get("maxIterations").asInt());
        }
        assertTrue(Files.readString(out.resolve("log.txt")).contains("done fncf-seed1,"));
        for (Table table : Tables.of(results)) {
            assertEquals(table.toTsv(), Files.readString(out.resolve("tables").resolve(table.name() + ".tsv")));
            assertTrue(table.rows().stream().allMatch(r -> r.size() == table.columns().size()), table.name());
        }
        try (Stream<Path> models = Files.list(out.resolve("models"))) {
            for (Path file : models.toList()) {
                Fncf model = ModelFile.load(file, Fixtures.FEATURES).model();
                assertEquals(Fixtures.DATASET.numUsers(), model.config().numUsers());
            }
        }
    }

    /// The jobs that a second run in the folder does again.
    private static List<String> done(ReproduceSpec spec) throws IOException {
        List<String> done = new ArrayList<>();
        run(spec, new ReproduceListener() {
            @Override
            public void jobDone(String name, double seconds, boolean wasDone) {
                if (!wasDone) {
                    done.add(name);
                }
            }
        });
        return done;
    }

    private static ReproduceSpec with(ReproduceSpec spec, Profile profile, TrainConfig train) {
        return new ReproduceSpec(spec.data(), spec.dataOptions(), profile, spec.methods(), spec.sigmas(), spec.firstSeed(),
                spec.numSeeds(), train, spec.out());
    }

    @Test
    void anotherAttackIsAnotherJob(@TempDir Path out) throws IOException {
        ReproduceSpec spec = spec(out, 1);
        run(spec, ReproduceListener.SILENT);
        assertEquals(List.of(), done(spec));
        Profile longer = new Profile("quick", 8, 0.01, 20, List.of(1f), 20, 21, 3, 1);
        List<String> again = done(with(spec, longer, TRAIN));
        assertEquals(8, again.size(), again.toString());
        assertTrue(again.stream().allMatch(name -> name.matches(".* attack user(-item)?-(strong|unbounded)")), again.toString());
        Profile fewer = new Profile("quick", 8, 0.01, 19, List.of(1f), 20, 20, 3, 1);
        List<String> otherPairs = done(with(spec, fewer, TRAIN));
        assertEquals(12, otherPairs.size(), otherPairs.toString());
        assertTrue(otherPairs.stream().allMatch(name -> name.contains(" attack ")), otherPairs.toString());
    }

    @Test
    void resultsOfAnotherConfigurationAreNotOverwritten(@TempDir Path out) throws IOException {
        ReproduceSpec spec = spec(out, 1);
        run(spec, ReproduceListener.SILENT);
        String before = Files.readString(out.resolve("results.json"));
        String message = assertThrows(IOException.class,
                () -> run(with(spec, TINY, TRAIN.withBatchSize(512)), ReproduceListener.SILENT)).getMessage();
        assertTrue(message.endsWith("results.json was computed with train.batch=1024, this run would have 512; give it a folder "
                + "of its own with --out"), message);
        assertEquals(before, Files.readString(out.resolve("results.json")));
    }

    @Test
    void aDamagedRecordIsDoneAgain(@TempDir Path out) throws IOException {
        run(spec(out, 1), ReproduceListener.SILENT);
        JsonNode before = withoutTimes(out.resolve("results.json"));
        try (Stream<Path> records = Files.list(out.resolve("jobs"))) {
            for (Path record : records.toList()) {
                Files.writeString(record, "{\"method\":");
            }
        }
        List<Boolean> resumed = new ArrayList<>();
        run(spec(out, 1), new ReproduceListener() {
            @Override
            public void jobDone(String name, double seconds, boolean wasDone) {
                resumed.add(wasDone);
            }
        });
        assertFalse(resumed.contains(true));
        assertEquals(before, withoutTimes(out.resolve("results.json")));
    }

    /// Whatever lies in the folder.
    @Test
    void anotherSettingIsAnotherJob(@TempDir Path out) throws IOException {
        run(spec(out, 1), ReproduceListener.SILENT);
        Files.delete(out.resolve("results.json"));
        ReproduceSpec other = new ReproduceSpec("embedded", DataOptions.defaults().with("data.tie", "first"), TINY,
                List.of(Method.FNCF), List.of(0.05f), 1, 1, TRAIN, out);
        List<Boolean> resumed = new ArrayList<>();
        run(other, new ReproduceListener() {
            @Override
            public void jobDone(String name, double seconds, boolean wasDone) {
                resumed.add(wasDone);
            }
        });
        assertFalse(resumed.contains(true));
    }

    /// Bits differ between vector widths as they do between backends: a folder may hold both, and mixes neither.
    @Test
    void anotherBackendDoesAllJobsAgain(@TempDir Path out) throws IOException {
        run(TestBackend.simd(1, 128).backend(), spec(out, 1), ReproduceListener.SILENT);
        List<Boolean> resumed = new ArrayList<>();
        ReproduceListener listener = new ReproduceListener() {
            @Override
            public void jobDone(String name, double seconds, boolean wasDone) {
                resumed.add(wasDone);
            }
        };
        Results results = run(TestBackend.simd(1, 256).backend(), spec(out, 1), listener);
        assertFalse(resumed.contains(true), resumed::toString);
        assertTrue(results.backend().contains("256-bit"), results.backend());
        assertEquals(1, results.threads());
        resumed.clear();
        run(TestBackend.simd(2, 128).backend(), spec(out, 1), listener);
        assertFalse(resumed.contains(false), "the first run's jobs are still there: " + resumed);
    }

    @Test
    void knowsThePapersNumbers() {
        PaperNumbers paper = new PaperNumbers();
        assertEquals(0.6591, paper.find("ml-1m", "FNCF-Multi", "HR@10", 0.2f).orElseThrow());
        assertEquals(1.0716, paper.find("ml-100k", "FNCF", "L2_distortion", 0).orElseThrow());
        assertTrue(paper.find("embedded", "FNCF", "HR@10", 0).isEmpty());
    }
}
