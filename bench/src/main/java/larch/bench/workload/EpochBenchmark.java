package larch.bench.workload;

import larch.fncf.data.NegativeOptions;
import larch.fncf.data.Split;
import larch.fncf.data.TrainingEpoch;
import larch.fncf.model.Noise;
import larch.fncf.train.Stage;
import larch.fncf.train.TrainConfig;
import larch.fncf.train.TrainingStep;
import larch.random.Rng;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// `epoch-sampling`, shape `ml-1m`, and `epoch`, shape `ml-1m,batch=N`: sampling, shuffling, and with `epoch` all steps.
public class EpochBenchmark extends BenchmarkState {
    /// The name of the row without training.
    public static final String SAMPLING = "epoch-sampling";
    /// The name of the row with training.
    public static final String EPOCH = "epoch";
    private static final String DATA = "ml-1m";
    private static final double SAMPLES = 5.0 * (SyntheticMovieLens.INTERACTIONS - 2 * SyntheticMovieLens.USERS);

    /// Which of the two.
    @Param({SAMPLING, EPOCH})
    public String name;
    /// `ml-1m` or `ml-1m,batch=N`.
    @Param(DATA)
    public String shape;

    private TrainingEpoch samples;
    private TrainingStep step;
    private int batch;
    private int epoch;
    private double lossOfFirstEpoch;

    /// For JMH.
    public EpochBenchmark() {
    }

    /// @param name  the row's name
    /// @param shape `ml-1m` or `ml-1m,batch=N`
    /// @return 4,940,645 samples, with their nominal flops if they are trained on
    public static Work work(String name, String shape) {
        if (name.equals(SAMPLING)) {
            return new Work(Double.NaN, Double.NaN, SAMPLES);
        }
        ShapeText.numbers(shape.replace(DATA, ""), ",batch=N");
        return Work.network(SAMPLES, FncfFlops.labels(TrainingBenchmark.TEACHER_FACTORS));
    }

    /// Makes the data and verifies the samples of one epoch.
    @Setup(Level.Trial)
    public void setUp() {
        SyntheticMovieLens data = new SyntheticMovieLens();
        samples = new TrainingEpoch(data.split(), NegativeOptions.defaults(), 1);
        verify(samples.fill(0), data.split());
        if (name.equals(EPOCH)) {
            batch = ShapeText.numbers(shape.replace(DATA, ""), ",batch=N")[0];
            step = new TrainingStep(kernels(), new Stage.HardLabels(10, 1), data.network(TrainingBenchmark.TEACHER_FACTORS, 1),
                    null, TrainConfig.PAPER.adam(), Rng.of(3), Noise.NONE);
        }
    }

    private void verify(TrainingEpoch epochSamples, Split split) {
        Verify.holds(epochSamples.size() == SAMPLES, name, "expected " + SAMPLES + " samples, got " + epochSamples.size());
        int positives = 0;
        for (int s = 0; s < epochSamples.size(); s++) {
            boolean seen = split.seenInTrain(epochSamples.users()[s], epochSamples.items()[s]);
            Verify.holds(seen == (epochSamples.labels()[s] == 1), name, "the label of sample " + s + " contradicts the data");
            positives += seen ? 1 : 0;
        }
        Verify.holds(positives == split.trainSize(), name, "expected " + split.trainSize() + " positives, got " + positives);
    }

    /// @return the mean loss of the epoch's steps, or 0 if nothing is trained
    @Benchmark
    public double run() {
        samples.fill(++epoch);
        if (step == null) {
            return 0;
        }
        for (int from = 0; from < samples.size(); from += batch) {
            step.run(samples, from, Math.min(samples.size(), from + batch));
        }
        double loss = step.drainLoss();
        lossOfFirstEpoch = epoch == 1 ? loss : lossOfFirstEpoch;
        Verify.holds(loss <= lossOfFirstEpoch, name, "the loss rose from " + lossOfFirstEpoch + " to " + loss);
        return loss;
    }
}
