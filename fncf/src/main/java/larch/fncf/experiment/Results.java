package larch.fncf.experiment;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import larch.fncf.attack.AttackConfig;

/// The content of `results.json`; documented in `docs/results-format.md`.
///
/// @param larch   version
/// @param git     revision; `unknown` outside a checkout
/// @param jvm     name and version of the Java machine
/// @param backend what computed it
/// @param threads threads
/// @param profile `quick` or `paper`
/// @param data    what it was computed on
/// @param configuration every option of data and training by name; those of an attack stand with it
/// @param code    fingerprints of what computed it
/// @param runs    one for each trained model
public record Results(String larch, String git, String jvm, String backend, int threads, String profile, Data data,
                      Map<String, String> configuration, Code code, List<Run> runs) {
    /// Hashes over classes, without debugging information: the same ones computed the same.
    ///
    /// @param training of engine, data, models, training and evaluation
    /// @param attack   of those and the attack
    public record Code(String training, String attack) {
    }

    /// The data.
    ///
    /// @param name         of the data set
    /// @param users        number of users
    /// @param items        number of items
    /// @param interactions number of interactions
    /// @param sha256       hash of its content
    /// @param candidates   hash of the test candidates of the first seed
    /// @param note         what to know about it; empty for nothing
    public record Data(String name, int users, int items, int interactions, String sha256,
                       @JsonProperty("candidates_sha256") String candidates, String note) {
    }

    /// One trained model.
    ///
    /// @param method           such as `FNCF-Multi`
    /// @param sigma            standard deviation of its noise layers; 0 for methods without
    /// @param seed             seed
    /// @param factor           latent factor
    /// @param hitRatio         HR@10 among 99 negatives, on the test items
    /// @param ndcg             NDCG@10 among 99 negatives, on the test items
    /// @param fullHitRatio     HR@10 among all items
    /// @param fullNdcg         NDCG@10 among all items
    /// @param epochs           epochs of all stages
    /// @param trainSeconds     seconds of training alone
    /// @param samplesPerSecond training samples for each second of training
    /// @param attacks          attacks on it
    public record Run(String method, float sigma, long seed, int factor,
                      @JsonProperty("hr@10") double hitRatio, @JsonProperty("ndcg@10") double ndcg,
                      @JsonProperty("hr@10_full") double fullHitRatio, @JsonProperty("ndcg@10_full") double fullNdcg,
                      int epochs, @JsonProperty("train_seconds") double trainSeconds,
                      @JsonProperty("samples_per_second") double samplesPerSecond, List<Attack> attacks) {
        Run withAttacks(List<Attack> all) {
            return new Run(method, sigma, seed, factor, hitRatio, ndcg, fullHitRatio, fullNdcg, epochs, trainSeconds,
                    samplesPerSecond, all);
        }
    }

    /// One attack on one model. Distances are Euclidean in feature space; absent where nothing succeeded. Shares are absent where
    /// nothing was attacked.
    ///
    /// @param target      what the attacker changes: `user` or `user+item`
    /// @param mode        `paper`, `strong` or `unbounded`: strong without the box
    /// @param c           the fixed constant; absent where it is searched for each pair
    /// @param n           attacked pairs
    /// @param rawSuccess  share with f ≤ ½ after the attack
    /// @param trivial     share with f ≤ ½ before any change
    /// @param conditional share of successes among the others
    /// @param l2Mean      mean distance of the successes that were not trivial
    /// @param l2Median    median distance of those
    /// @param l2MeanAll   mean distance of all successes, trivial ones as 0: how the paper counts
    /// @param seconds     time of the attack
    /// @param config      every number of the attack
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Attack(String target, String mode, Float c, int n,
                         @JsonProperty("raw_success") Double rawSuccess, Double trivial,
                         @JsonProperty("conditional_success") Double conditional,
                         @JsonProperty("l2_mean") Double l2Mean, @JsonProperty("l2_median") Double l2Median,
                         @JsonProperty("l2_mean_with_trivial") Double l2MeanAll, double seconds,
                         AttackConfig config) {
    }
}
