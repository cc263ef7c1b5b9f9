package larch.fncf.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import larch.backend.Backend;
import larch.fncf.data.DataException;
import larch.fncf.data.Dataset;
import larch.fncf.data.Datasets;
import larch.fncf.data.EvalCandidates;
import larch.fncf.data.LeaveOneOut;
import larch.fncf.data.Split;
import larch.fncf.eval.Evaluator;
import larch.fncf.model.Features;
import larch.fncf.model.Fncf;
import larch.fncf.model.FncfConfig;
import larch.fncf.model.ModelFile;
import larch.fncf.train.EpochLog;
import larch.fncf.train.Method;
import larch.fncf.train.TrainConfig;
import larch.fncf.train.TrainListener;
import larch.fncf.train.TrainedModel;
import larch.fncf.train.Trainer;

/// The paper's experiment from data to tables: trains every method for every noise level and seed, attacks each model on
/// the same pairs, and writes what came out.
///
/// ```text
/// out/results.json   out/tables/*.tsv   out/models/*.safetensors   out/log.txt
/// out/jobs/*.json    what a resumed run does not repeat
/// ```
///
/// Each model and each attack is a job of its own with a seed of its own, so an interrupted run that is started again
/// gives the numbers of an uninterrupted one.
public final class Reproduction {
    private final Backend backend;
    private final ReproduceSpec spec;
    private final ReproduceListener outside;
    private final Results.Code code;
    private ReproduceListener listener = ReproduceListener.SILENT;

    /// @param backend  the kernels
    /// @param spec     what to do
    /// @param listener hears how it goes
    public Reproduction(Backend backend, ReproduceSpec spec, ReproduceListener listener) {
        this.backend = backend;
        this.spec = spec;
        this.outside = listener;
        CodeFingerprint fingerprint = new CodeFingerprint(backend);
        code = new Results.Code(fingerprint.ofTraining(), fingerprint.ofAttack());
    }

    /// Does what is not done yet and writes all results.
    /// @return the results
    /// @throws IOException if the data cannot be read or the results cannot be written
    public Results run() throws IOException {
        // Now, not at the end: the checkout may move on while a long run goes.
        String revision = Provenance.git();
        JobStore store = new JobStore(spec.out());
        store.requireSame(spec.configuration());
        try (RunLog log = new RunLog(spec.out(), outside)) {
            log.line("larch " + Provenance.version() + ", git " + revision + ", " + backend.describe() + ", " + spec);
            listener = log;
            return run(store, revision);
        }
    }

    private Results run(JobStore store, String revision) throws IOException {
        Dataset dataset = Datasets.open(spec.data(), spec.dataOptions());
        if (dataset.userFeatures().width() == 0) {
            // Found here, not after hours of training, when the first attack starts.
            throw DataException.of(spec.data(), "users with features, which the attacks change", "none",
                    "reproduce on MovieLens files, or use train and evaluate");
        }
        if (!dataset.note().isEmpty()) {
            listener.message("note: " + dataset.note());
        }
        listener.plan(spec.numSeeds() * jobsOfOneSeed());
        List<Results.Run> runs = new ArrayList<>();
        String candidates = "";
        int index = 0;
        for (int s = 0; s < spec.numSeeds(); s++) {
            Seed seed = new Seed(store, dataset, spec.firstSeed() + s, index);
            runs.addAll(seed.run());
            index = seed.index;
            candidates = candidates.isEmpty() ? seed.test.sha256() : candidates;
        }
        Results results = new Results(Provenance.version(), revision, Provenance.jvm(), backend.describe(), backend.threads(),
                spec.profile().name(), new Results.Data(dataset.name(), dataset.numUsers(), dataset.numItems(),
                dataset.interactions().size(), dataset.sha256(), candidates, dataset.note()), spec.configuration(), code, runs);
        store.writeResults(results);
        for (Table table : Tables.of(results)) {
            store.writeTable(table.name() + ".tsv", table.toTsv());
        }
        return results;
    }

    private List<Variant> variants() {
        List<Variant> variants = new ArrayList<>();
        for (Method method : spec.methods()) {
            for (float sigma : method.isNoisy() ? spec.sigmas() : List.of(0f)) {
                variants.add(new Variant(method.scaled(spec.profile().epochScale()), sigma));
            }
        }
        return variants;
    }

    private int jobsOfOneSeed() {
        int models = variants().size();
        boolean teacherOnly = variants().stream().noneMatch(v -> v.method().name().equals(Method.FNCF.name()));
        return models * (1 + AttackJob.plan(spec.profile()).size()) + (teacherOnly ? 1 : 0);
    }

    private record Variant(Method method, float sigma) {
        String name(long seed) {
            return method.name().toLowerCase(Locale.ROOT) + (method.isNoisy() ? "-sigma" + sigma : "") + "-seed" + seed;
        }
    }

    /// Everything of one seed: its split, its teacher, its models, its attacks.
    private final class Seed {
        private final JobStore store;
        private final Dataset dataset;
        private final long seed;
        private final Split split;
        private final EvalCandidates validation;
        private final EvalCandidates test;
        private final Features features;
        private final FncfConfig sizes;
        private int index;

        Seed(JobStore store, Dataset dataset, long seed, int index) {
            this.store = store;
            this.dataset = dataset;
            this.seed = seed;
            this.index = index;
            split = LeaveOneOut.split(dataset, spec.dataOptions(), seed);
            boolean hasValidation = split.numUsers() > 0 && anyValidationItem();
            validation = hasValidation ? EvalCandidates.of(dataset, split, EvalCandidates.Part.VALIDATION, seed) : null;
            test = EvalCandidates.of(dataset, split, EvalCandidates.Part.TEST, seed);
            features = Features.of(dataset);
            sizes = new FncfConfig(dataset.numUsers(), dataset.numItems(), dataset.userFeatures().width(),
                    dataset.itemFeatures().width(), spec.profile().numFactors());
        }

        private boolean anyValidationItem() {
            for (int user = 0; user < split.numUsers(); user++) {
                if (split.validationItem(user) >= 0) {
                    return true;
                }
            }
            return false;
        }

        List<Results.Run> run() throws IOException {
            Variant teacherVariant = new Variant(Method.FNCF.scaled(spec.profile().epochScale()), 0);
            Trained teacher = model(teacherVariant, null);
            AttackJob attacks = null;
            List<Results.Run> runs = new ArrayList<>();
            for (Variant variant : variants()) {
                Trained trained = variant.method().name().equals(Method.FNCF.name()) ? teacher : model(variant, teacher);
                if (attacks == null) {
                    attacks = new AttackJob(backend, dataset, features, test, teacher.model(), seed, spec.profile());
                }
                List<Results.Attack> done = new ArrayList<>();
                for (AttackJob.Plan plan : AttackJob.plan(spec.profile())) {
                    done.add(attack(attacks, plan, variant, trained));
                }
                runs.add(trained.run().withAttacks(done));
            }
            return runs;
        }

        private Results.Attack attack(AttackJob attacks, AttackJob.Plan plan, Variant variant, Trained trained)
                throws IOException {
            String what = variant.name(seed) + " attack " + plan.name();
            String key = JobStore.key(code.attack(), trained.key(), attacks.sha256(), plan, attacks.config(plan));
            String record = variant.name(seed) + "-" + plan.name() + "-" + key;
            listener.jobStarted(++index, what);
            var known = store.find(record, Results.Attack.class);
            if (known.isPresent()) {
                listener.jobDone(what, known.get().seconds(), true);
                return known.get();
            }
            Results.Attack result = attacks.run(plan, trained.model(), listener::progress);
            store.put(record, result);
            listener.jobDone(what, result.seconds(), false);
            return result;
        }

        private record Trained(Fncf model, Results.Run run, String key) {
        }

        private Trained model(Variant variant, Trained teacher) throws IOException {
            TrainConfig config = spec.train().withSigma(variant.sigma());
            String key = JobStore.key(code.training(), backend.numerics(), dataset.sha256(), spec.dataOptions().toMap(),
                    test.sha256(), validation == null ? "" : validation.sha256(), sizes, variant.method(), config, seed,
                    variant.method().needsTeacher() ? teacher.key() : "");
            String name = variant.name(seed) + "-" + key;
            String what = variant.name(seed);
            listener.jobStarted(++index, what);
            var known = store.find(name, Results.Run.class);
            if (known.isPresent() && Files.exists(store.model(name))) {
                listener.jobDone(what, known.get().trainSeconds(), true);
                return new Trained(ModelFile.load(store.model(name), features).model(), known.get(), key);
            }
            TrainedModel trained = new Trainer(backend, config, split, validation, new TrainListener() {
                @Override
                public void progress(long done, long total) {
                    listener.progress(done, total);
                }

                @Override
                public void epochDone(EpochLog log) {
                    listener.message(EpochText.of(what, log));
                }
            }).train(variant.method(), sizes, features, teacher == null ? null : teacher.model(), seed);
            Evaluator evaluator = new Evaluator(backend);
            Evaluator.Result among = evaluator.amongCandidates(trained.model(), test);
            Evaluator.Result full = evaluator.amongAllItems(trained.model(), test, split);
            Results.Run run = new Results.Run(variant.method().name(), variant.sigma(), seed,
                    trained.model().config().numFactors(), among.hitRatio(), among.ndcg(), full.hitRatio(), full.ndcg(),
                    variant.method().epochs(), trained.trainSeconds(), trained.samplesPerSecond(), List.of());
            ModelFile.save(store.model(name), trained.model(), trained.optimizerState(), metadata(variant, run, trained));
            store.put(name, run);
            listener.jobDone(what, trained.trainSeconds(), false);
            return new Trained(trained.model(), run, key);
        }

        private Map<String, String> metadata(Variant variant, Results.Run run, TrainedModel trained) {
            Map<String, String> metadata = new LinkedHashMap<>();
            metadata.put("larch", Provenance.version());
            metadata.put("git", Provenance.git());
            metadata.put("jvm", Provenance.jvm());
            metadata.put("backend", backend.numerics());
            metadata.put("data", dataset.name());
            metadata.put("data_sha256", dataset.sha256());
            metadata.putAll(spec.configuration());
            metadata.put("code", code.training());
            metadata.put("method", variant.method().name());
            metadata.put("stages", variant.method().stages().toString());
            metadata.put("sigma", Float.toString(variant.sigma()));
            metadata.put("seed", Long.toString(seed));
            metadata.put("epochs", Integer.toString(run.epochs()));
            metadata.put("optimizer_steps", Long.toString(trained.optimizerSteps()));
            metadata.put("hr@10", Double.toString(run.hitRatio()));
            return metadata;
        }
    }
}
