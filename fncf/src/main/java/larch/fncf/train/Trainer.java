package larch.fncf.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import larch.autodiff.Parameter;
import larch.backend.Backend;
import larch.fncf.data.EvalCandidates;
import larch.fncf.data.Split;
import larch.fncf.data.TrainingEpoch;
import larch.fncf.eval.Evaluator;
import larch.fncf.model.Fncf;
import larch.fncf.model.FncfConfig;
import larch.fncf.model.Features;
import larch.fncf.model.Noise;
import larch.random.Rng;
import larch.tensor.Tensor;

/// Trains networks through curricula of stages (Du et al., Algorithm 1 and Sec. VI-B).
///
/// Weights are carried from stage to stage and none is frozen; the optimizer starts afresh in each stage. Every random
/// number comes from a stream named after what it is for, so a run is a function of its seed alone.
public final class Trainer {
    private final Backend backend;
    private final TrainConfig config;
    private final Split split;
    private final EvalCandidates validation;
    private final TrainListener listener;

    /// @param backend    the kernels
    /// @param config     batch size, optimizer, noise
    /// @param split      the training part
    /// @param validation validation items of the users; null if the split has none
    /// @param listener   hears how it goes
    public Trainer(Backend backend, TrainConfig config, Split split, EvalCandidates validation, TrainListener listener) {
        if (config.select() == TrainConfig.Select.VALIDATION && validation == null) {
            throw new IllegalArgumentException("train.select=val: the split has no validation items; use data.val=second-last");
        }
        this.backend = backend;
        this.config = config;
        this.split = split;
        this.validation = validation;
        this.listener = listener;
    }

    /// Trains a new network.
    /// @param method   size and curriculum
    /// @param sizes    sizes of the teacher
    /// @param features side information
    /// @param teacher  a trained teacher; null if the method needs none
    /// @param seed     of initial weights, samples and noise
    /// @return the trained network
    public TrainedModel train(Method method, FncfConfig sizes, Features features, Fncf teacher, long seed) {
        Rng rng = Rng.of(seed).stream(method.name());
        Fncf model = new Fncf(sizes.withFactors(method.numFactors(sizes.numFactors())), features, rng);
        float sigma = method.isNoisy() ? config.sigma() : 0;
        TrainingEpoch samples = new TrainingEpoch(split, config.negatives(), seed);
        Run run = new Run(method, model, samples, sigma, rng);
        for (Stage stage : method.stages()) {
            run.stage(stage, teacher);
        }
        return new TrainedModel(model, run.log, run.optimizerSteps, run.optimizerState);
    }

    private final class Run {
        private final Method method;
        private final Fncf model;
        private final TrainingEpoch samples;
        private final float sigma;
        private final Rng rng;
        private final Evaluator evaluator = new Evaluator(backend);
        private final List<EpochLog> log = new ArrayList<>();
        private final long totalSamples;
        private long doneSamples;
        private long step;
        private long optimizerSteps;
        private Map<String, Tensor> optimizerState = Map.of();

        Run(Method method, Fncf model, TrainingEpoch samples, float sigma, Rng rng) {
            this.method = method;
            this.model = model;
            this.samples = samples;
            this.sigma = sigma;
            this.rng = rng;
            this.totalSamples = (long) samples.size() * method.epochs();
        }

        void stage(Stage stage, Fncf teacher) {
            boolean isLast = stage == method.stages().getLast();
            Best best = new Best();
            Noise noise = sigma == 0 ? Noise.NONE : new Noise(sigma, config.sites(), rng.stream("noise", () -> step));
            try (TrainingStep steps = new TrainingStep(backend, stage, model, teacher, config.adam(),
                    rng.stream(stage.name()), noise)) {
                for (int e = 0; e < stage.epochs(); e++) {
                    EpochLog done = epoch(stage, steps);
                    if (isLast && config.select() == TrainConfig.Select.VALIDATION) {
                        best.offer(done, model);
                    }
                    log.add(done);
                    listener.epochDone(done);
                }
                if (isLast) {
                    optimizerSteps = steps.steps();
                    optimizerState = steps.optimizerState();
                }
            }
            best.restore(model);
        }

        private EpochLog epoch(Stage stage, TrainingStep training) {
            long start = System.nanoTime();
            int number = log.size() + 1;
            samples.fill(number);
            double loss = steps(stage, training, number);
            double seconds = (System.nanoTime() - start) * 1e-9;
            double hit = Double.NaN;
            double ndcg = Double.NaN;
            if (validation != null && isEvaluated(stage)) {
                Evaluator.Result result = evaluator.amongCandidates(model, validation);
                hit = result.hitRatio();
                ndcg = result.ndcg();
            }
            return new EpochLog(stage.name(), number, method.epochs(), loss, seconds, samples.size(), hit, ndcg);
        }

        // A network in hint training has no trained output layer yet: its ranking says nothing.
        private boolean isEvaluated(Stage stage) {
            return !(stage instanceof Stage.Hint);
        }

        /// @return the mean loss of the epoch's steps
        private double steps(Stage stage, TrainingStep training, int epoch) {
            try {
                for (int from = 0; from < samples.size(); from += config.batchSize()) {
                    int to = Math.min(samples.size(), from + config.batchSize());
                    training.run(samples, from, to);
                    step++;
                    doneSamples += to - from;
                    listener.progress(doneSamples, totalSamples);
                }
                return training.drainLoss();
            } catch (TrainingException failure) {
                throw new TrainingException(method.name() + ": " + failure.getMessage() + " of stage '" + stage.name()
                        + "', epoch " + epoch + "; try a smaller learning rate than " + config.adam().learningRate());
            }
        }
    }

    /// The weights of the best epoch so far.
    private static final class Best {
        private double hit = Double.NEGATIVE_INFINITY;
        private double ndcg = Double.NEGATIVE_INFINITY;
        private Map<Parameter, Tensor> weights;

        void offer(EpochLog epoch, Fncf model) {
            boolean better = epoch.validationHit() > hit
                    || epoch.validationHit() == hit && epoch.validationNdcg() > ndcg;
            if (better) {
                hit = epoch.validationHit();
                ndcg = epoch.validationNdcg();
                weights = new LinkedHashMap<>();
                model.parameters().forEach(p -> weights.put(p, p.value().copy()));
            }
        }

        void restore(Fncf model) {
            if (weights != null) {
                weights.forEach((parameter, best) -> parameter.value().write(best.data(), 0));
            }
        }
    }
}
