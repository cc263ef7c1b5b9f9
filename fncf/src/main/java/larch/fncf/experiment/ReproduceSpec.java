package larch.fncf.experiment;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import larch.fncf.data.DataOptions;
import larch.fncf.train.Method;
import larch.fncf.train.TrainConfig;

/// What to reproduce.
///
/// @param data        `embedded`, `ml-100k`, `ml-1m` or a path
/// @param dataOptions split, ties, features
/// @param profile     how much
/// @param methods     which methods, in the order of the tables
/// @param sigmas      noise levels of the noisy methods
/// @param firstSeed   the first seed
/// @param numSeeds    how many seeds, counting up
/// @param train       batch size, optimizer; its sigma is replaced by each of `sigmas`
/// @param out         folder for results; made if missing
public record ReproduceSpec(String data, DataOptions dataOptions, Profile profile, List<Method> methods, List<Float> sigmas,
                            long firstSeed, int numSeeds, TrainConfig train, Path out) {
    /// Checks the lists.
    public ReproduceSpec {
        if (methods.isEmpty() || sigmas.isEmpty() || numSeeds < 1) {
            throw new IllegalArgumentException("reproduce: expected at least one method, one sigma and one seed");
        }
        for (float sigma : sigmas) {
            if (!(sigma >= 0) || Float.isInfinite(sigma)) {
                throw new IllegalArgumentException("sigmas: expected finite numbers >= 0, got " + sigma);
            }
        }
    }

    /// @return every option of data and training by name, but for methods, noise levels and seeds, which a run may have more
    ///         of: results that differ in this belong into different folders
    public Map<String, String> configuration() {
        Map<String, String> all = new LinkedHashMap<>(dataOptions.toMap());
        all.putAll(train.negatives().toMap());
        all.put("train.batch", Integer.toString(train.batchSize()));
        all.put("train.adam", train.adam().toString());
        all.put("train.sites", train.sites().toString());
        all.put("train.select", train.select().toString());
        all.put("train.factors", Integer.toString(profile.numFactors()));
        all.put("train.epoch_scale", Double.toString(profile.epochScale()));
        return all;
    }
}
