package larch.fncf.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `--data` and `--model`: a trained model on its data.
final class ModelChoice {
    @Mixin
    private DataChoice data;

    @Option(names = "--model", paramLabel = "FILE", required = true,
            description = "A model that `train` or `reproduce` wrote. Data options and split are those that it was trained"
                    + " with.")
    private String model;

    /// @param console hears what must be known about the data
    /// @return the model on its data
    TrainedFile open(Console console) {
        return TrainedFile.open(model, data, console);
    }
}
