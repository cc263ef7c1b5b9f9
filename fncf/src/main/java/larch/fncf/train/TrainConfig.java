package larch.fncf.train;

import java.util.EnumSet;
import java.util.Set;
import larch.fncf.data.NegativeOptions;
import larch.fncf.model.NoiseSite;
import larch.optim.Adam;

/// How a model is trained, beyond its curriculum (Du et al., Table II).
///
/// @param batchSize samples in one step
/// @param adam      learning rate and the like
/// @param negatives how label-0 samples are drawn
/// @param sigma     standard deviation of the noise layers of a noisy method
/// @param sites     where those stand
/// @param select    which epoch's weights are kept
public record TrainConfig(int batchSize, Adam.Settings adam, NegativeOptions negatives, float sigma, Set<NoiseSite> sites,
                          Select select) {
    /// Which epoch's weights are kept.
    public enum Select {
        /// The last epoch's.
        LAST,
        /// Those of the epoch of the last stage with the highest validation HR@10, ties by NDCG@10.
        VALIDATION
    }

    /// Batch 128, Adam 0.001, 4 fresh negatives, no noise, the last epoch: the paper's setting.
    public static final TrainConfig PAPER = new TrainConfig(128, Adam.Settings.DEFAULT, NegativeOptions.defaults(), 0,
            EnumSet.allOf(NoiseSite.class), Select.LAST);

    /// Checks the numbers.
    public TrainConfig {
        if (batchSize < 1) {
            throw new IllegalArgumentException("train: batch size must be at least 1, got " + batchSize);
        }
        if (!(sigma >= 0) || Float.isInfinite(sigma)) {
            throw new IllegalArgumentException("train: sigma must be finite and >= 0, got " + sigma);
        }
    }

    /// @param deviation standard deviation of the noise layers
    /// @return this configuration with that noise
    public TrainConfig withSigma(float deviation) {
        return new TrainConfig(batchSize, adam, negatives, deviation, sites, select);
    }

    /// @param what which epoch's weights are kept
    /// @return this configuration with that choice
    public TrainConfig withSelect(Select what) {
        return new TrainConfig(batchSize, adam, negatives, sigma, sites, what);
    }

    /// @param size samples in one step
    /// @return this configuration with that batch size
    public TrainConfig withBatchSize(int size) {
        return new TrainConfig(size, adam, negatives, sigma, sites, select);
    }

    /// @param settings learning rate and the like
    /// @return this configuration with that optimizer
    public TrainConfig withAdam(Adam.Settings settings) {
        return new TrainConfig(batchSize, settings, negatives, sigma, sites, select);
    }

    /// @param options how label-0 samples are drawn
    /// @return this configuration with those negatives
    public TrainConfig withNegatives(NegativeOptions options) {
        return new TrainConfig(batchSize, adam, options, sigma, sites, select);
    }
}
