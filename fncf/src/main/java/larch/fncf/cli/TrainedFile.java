package larch.fncf.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import larch.checkpoint.SafeTensors;
import larch.fncf.data.DataOptions;
import larch.fncf.data.Dataset;
import larch.fncf.data.EvalCandidates;
import larch.fncf.data.LeaveOneOut;
import larch.fncf.data.Split;
import larch.fncf.model.Features;
import larch.fncf.model.Fncf;
import larch.fncf.model.ModelFile;

/// A trained model beside the data that it was trained on: the same content, options and split, or an error.
/// Anything else would rank items that the model has been shown.
///
/// @param file     where the model was read
/// @param model    the network
/// @param metadata what its file says about it
/// @param dataset  the data
/// @param features the data's features
/// @param split    the split that it was trained on
/// @param seed     of split and training
record TrainedFile(Path file, Fncf model, Map<String, String> metadata, Dataset dataset, Features features, Split split,
                   long seed) {
    private static final String OPTION = "--model";

    /// @param text    `--model`
    /// @param data    `--data`
    /// @param console hears what must be known about the data
    /// @return the model on its data
    static TrainedFile open(String text, DataChoice data, Console console) {
        Path file = OutputFile.path(OPTION, text);
        Map<String, String> metadata = metadata(OPTION, file);
        DataOptions options = options(OPTION, file, metadata);
        long seed = number(OPTION, file, metadata, "seed");
        Dataset dataset = data.open(options, console);
        requireSameData(OPTION, file, metadata, dataset);
        Features features = Features.of(dataset);
        return new TrainedFile(file, load(OPTION, file, features), metadata, dataset, features,
                LeaveOneOut.split(dataset, options, seed), seed);
    }

    /// A model on data that is open already.
    /// @param option  the option that names the file
    /// @param text    its value
    /// @param dataset the data
    /// @param options how that was encoded and is to be split
    /// @param seed    of the split
    /// @return the network; an error if it was trained on something else
    static Fncf openOn(String option, String text, Dataset dataset, Features features, DataOptions options, long seed) {
        Path file = OutputFile.path(option, text);
        Map<String, String> metadata = metadata(option, file);
        requireSameData(option, file, metadata, dataset);
        DataOptions trained = options(option, file, metadata);
        boolean drawn = options.tie() == DataOptions.Tie.RANDOM || options.validation() == DataOptions.Validation.RANDOM;
        if (!trained.equals(options) || drawn && number(option, file, metadata, "seed") != seed) {
            throw UserError.of(option, file + " was trained with seed " + metadata.get("seed") + " and " + trained.toMap()
                    + ", but here they are " + seed + " and " + options.toMap() + "; use the same, or its test items leak");
        }
        return load(option, file, features);
    }

    /// @param option the option that names another model
    /// @param text   its value
    /// @return that model; trained on the same data, options and split
    Fncf other(String option, String text) {
        return openOn(option, text, dataset, features, options(OPTION, file, metadata), seed);
    }

    /// @param seed of the candidates
    /// @return the test items of the split with their negatives
    EvalCandidates testCandidates(long seed) {
        return EvalCandidates.of(dataset, split, EvalCandidates.Part.TEST, seed);
    }

    /// @return the model in a few words
    String describe() {
        return metadata.getOrDefault("method", "a model") + " (f=" + model.config().numFactors() + ", sigma "
                + metadata.getOrDefault("sigma", "?") + ", seed " + seed + ") on " + dataset.name();
    }

    private static Map<String, String> metadata(String option, Path file) {
        try {
            return SafeTensors.readMetadata(file);
        } catch (IOException e) {
            throw UserError.of(option, e.getMessage());
        }
    }

    private static Fncf load(String option, Path file, Features features) {
        try {
            return ModelFile.load(file, features).model();
        } catch (IOException e) {
            throw UserError.of(option, e.getMessage());
        }
    }

    private static DataOptions options(String option, Path file, Map<String, String> metadata) {
        DataOptions options = DataOptions.defaults();
        for (String key : options.toMap().keySet()) {
            DataOptions before = options;
            String value = text(option, file, metadata, key);
            options = UserError.guard(option + " " + file, () -> before.with(key, value));
        }
        return options;
    }

    private static long number(String option, Path file, Map<String, String> metadata, String key) {
        String text = text(option, file, metadata, key);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw UserError.of(option, file + ": expected a whole number in metadata '" + key + "', got '" + text + "'");
        }
    }

    private static String text(String option, Path file, Map<String, String> metadata, String key) {
        String text = metadata.get(key);
        if (text == null) {
            throw UserError.of(option, file + ": expected metadata '" + key + "', got none; train a model with `larch train`");
        }
        return text;
    }

    private static void requireSameData(String option, Path file, Map<String, String> metadata, Dataset dataset) {
        String expected = text(option, file, metadata, "data_sha256");
        if (!expected.equals(dataset.sha256())) {
            throw UserError.of(option, file + " was trained on " + metadata.getOrDefault("data", "other data") + " with SHA-256 "
                    + expected.substring(0, Math.min(12, expected.length())) + ", but --data is " + dataset.name() + " with "
                    + dataset.sha256().substring(0, 12) + "; give the data that it was trained on");
        }
    }
}
