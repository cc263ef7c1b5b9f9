package larch.fncf.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import larch.backend.Backend;
import larch.fncf.data.DataOptions;
import larch.fncf.data.Dataset;
import larch.fncf.data.EvalCandidates;
import larch.fncf.data.LeaveOneOut;
import larch.fncf.data.Split;
import larch.fncf.experiment.EpochText;
import larch.fncf.experiment.Provenance;
import larch.fncf.model.Features;
import larch.fncf.model.Fncf;
import larch.fncf.model.FncfConfig;
import larch.fncf.train.EpochLog;
import larch.fncf.train.Method;
import larch.fncf.train.TrainConfig;
import larch.fncf.train.TrainListener;
import larch.fncf.train.TrainedModel;
import larch.fncf.train.Trainer;

/// Data that is split and ready to train on, and the trainings that `train` does on it: the model's and,
/// where that needs one, its teacher's.
final class TrainingRun {
    private final Console console;
    private final Backend backend;
    private final Dataset dataset;
    private final DataOptions options;
    private final long seed;
    private final Features features;
    private final Split split;
    private final EvalCandidates validation;

    /// @param console hears how it goes
    /// @param backend the kernels
    /// @param dataset the data
    /// @param options how it was encoded and is to be split
    /// @param seed    of everything random
    TrainingRun(Console console, Backend backend, Dataset dataset, DataOptions options, long seed) {
        this.console = console;
        this.backend = backend;
        this.dataset = dataset;
        this.options = options;
        this.seed = seed;
        features = Features.of(dataset);
        split = LeaveOneOut.split(dataset, options, seed);
        EvalCandidates drawn = EvalCandidates.of(dataset, split, EvalCandidates.Part.VALIDATION, seed);
        boolean some = false;
        for (int user = 0; user < drawn.numUsers(); user++) {
            some |= drawn.positive(user) >= 0;
        }
        validation = some ? drawn : null;
    }

    Features features() {
        return features;
    }

    Split split() {
        return split;
    }

    boolean hasValidation() {
        return validation != null;
    }

    EvalCandidates testCandidates() {
        return EvalCandidates.of(dataset, split, EvalCandidates.Part.TEST, seed);
    }

    /// @param method         what to train
    /// @param config         how
    /// @param teacherFactors latent factor of the teacher
    /// @param teacher        the teacher; null if the method needs none
    /// @return the trained model
    TrainedModel train(Method method, TrainConfig config, int teacherFactors, Fncf teacher) {
        FncfConfig sizes = new FncfConfig(dataset.numUsers(), dataset.numItems(), dataset.userFeatures().width(),
                dataset.itemFeatures().width(), teacherFactors);
        try (Progress progress = console.progress(method.name(), "samples")) {
            return new Trainer(backend, config, split, validation, new TrainListener() {
                @Override
                public void progress(long done, long total) {
                    progress.at(done, total);
                }

                @Override
                public void epochDone(EpochLog log) {
                    console.note(EpochText.of(method.name(), log));
                }
            }).train(method, sizes, features, teacher, seed);
        }
    }

    /// @param method  what was trained
    /// @param config  how
    /// @param trained what came out
    /// @return what to know about it later
    Map<String, String> metadata(Method method, TrainConfig config, TrainedModel trained) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("larch", Provenance.version());
        metadata.put("git", Provenance.git());
        metadata.put("jvm", Provenance.jvm());
        metadata.put("backend", backend.numerics());
        metadata.put("data", dataset.name());
        metadata.put("data_sha256", dataset.sha256());
        metadata.putAll(options.toMap());
        metadata.put("method", method.name());
        metadata.put("stages", method.stages().toString());
        metadata.put("epochs", Integer.toString(method.epochs()));
        metadata.put("sigma", Float.toString(config.sigma()));
        metadata.put("sites", config.sites().toString());
        metadata.put("seed", Long.toString(seed));
        metadata.put("batch_size", Integer.toString(config.batchSize()));
        metadata.put("adam", config.adam().toString());
        metadata.put("select", config.select().toString());
        metadata.putAll(config.negatives().toMap());
        metadata.put("optimizer_steps", Long.toString(trained.optimizerSteps()));
        return metadata;
    }

    /// @param json    where to put the epochs
    /// @param trained a trained model
    static void putLog(ObjectNode json, TrainedModel trained) {
        ArrayNode epochs = json.putArray("epochs");
        for (EpochLog log : trained.log()) {
            ObjectNode epoch = epochs.addObject().put("epoch", log.epoch()).put("stage", log.stage());
            JsonOption.put(epoch, "loss", log.loss());
            JsonOption.put(epoch, "seconds", log.seconds());
            epoch.put("samples", log.samples());
            JsonOption.put(epoch, "validation_hr@10", log.validationHit());
            JsonOption.put(epoch, "validation_ndcg@10", log.validationNdcg());
        }
        JsonOption.put(json, "train_seconds", trained.trainSeconds());
        JsonOption.put(json, "samples_per_second", trained.samplesPerSecond());
        json.put("optimizer_steps", trained.optimizerSteps());
    }
}
