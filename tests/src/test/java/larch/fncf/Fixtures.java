package larch.fncf;

import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.Backends;
import larch.fncf.data.DataOptions;
import larch.fncf.data.Dataset;
import larch.fncf.data.Datasets;
import larch.fncf.data.EvalCandidates;
import larch.fncf.data.LeaveOneOut;
import larch.fncf.data.Split;
import larch.fncf.model.Features;
import larch.fncf.model.FncfConfig;

/// The generated data set, split, with networks small enough for a test.
public final class Fixtures {
    public static final Dataset DATASET = Datasets.open(Datasets.EMBEDDED, DataOptions.defaults());
    public static final Split SPLIT = LeaveOneOut.split(DATASET, DataOptions.defaults(), 1);
    public static final EvalCandidates VALIDATION = EvalCandidates.of(DATASET, SPLIT, EvalCandidates.Part.VALIDATION, 1);
    public static final EvalCandidates TEST = EvalCandidates.of(DATASET, SPLIT, EvalCandidates.Part.TEST, 1);
    public static final Features FEATURES = Features.of(DATASET);

    private Fixtures() {
    }

    public static FncfConfig sizes(int factors) {
        return new FncfConfig(DATASET.numUsers(), DATASET.numItems(), DATASET.userFeatures().width(),
                DATASET.itemFeatures().width(), factors);
    }

    public static Backend simd(int threads) {
        return Backends.select("simd", new BackendOptions(threads, 0));
    }
}
