package larch.fncf.train;

import java.util.List;
import java.util.Map;
import larch.fncf.model.Fncf;
import larch.tensor.Tensor;

/// A trained network and how it came about.
///
/// @param model          the network
/// @param log            one entry for each epoch
/// @param optimizerSteps steps taken in the last stage
/// @param optimizerState the optimizer's tensors at the end of the last stage
public record TrainedModel(Fncf model, List<EpochLog> log, long optimizerSteps, Map<String, Tensor> optimizerState) {
    /// @return seconds of training alone
    public double trainSeconds() {
        return log.stream().mapToDouble(EpochLog::seconds).sum();
    }

    /// @return training samples of all epochs, for each second of training
    public double samplesPerSecond() {
        return log.stream().mapToLong(EpochLog::samples).sum() / trainSeconds();
    }
}
