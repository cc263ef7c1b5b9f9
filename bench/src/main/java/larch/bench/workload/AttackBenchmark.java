package larch.bench.workload;

import java.util.Arrays;
import larch.autodiff.Tape;
import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.fncf.attack.AttackConfig;
import larch.fncf.attack.AttackProblem;
import larch.fncf.attack.AttackResult;
import larch.fncf.attack.AttackTarget;
import larch.fncf.attack.CarliniWagnerL2;
import larch.fncf.attack.FoldedAttackModel;
import larch.fncf.attack.HitPairs;
import larch.fncf.data.NegativeOptions;
import larch.fncf.data.TrainingEpoch;
import larch.fncf.eval.Scorer;
import larch.fncf.model.Features;
import larch.fncf.model.FoldedFncf;
import larch.fncf.model.Fncf;
import larch.fncf.model.Noise;
import larch.fncf.train.Stage;
import larch.fncf.train.TrainConfig;
import larch.fncf.train.TrainingStep;
import larch.random.Rng;
import larch.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// `attack-cw-strong-user`: Carlini and Wagner's attack on user features, shape `pairs=P,steps=S,iterations=I`.
///
/// The strong mode without its random restarts and without its early abort, so that every pair takes exactly `S·I` gradient
/// steps: what other libraries call 9 × 1,000. The pairs are items that a briefly trained teacher likes, because a pair with a
/// negative logit would be no work.
public class AttackBenchmark extends BenchmarkState {
    /// The name of the row.
    public static final String NAME = "attack-cw-strong-user";
    private static final String PATTERN = "pairs=N,steps=N,iterations=N";
    /// One sample in five is a positive, so a network first learns to like nothing: after 300 of these steps no logit is
    /// positive, after 1,000 every user likes an item.
    private static final int TRAINING_STEPS = 1_000;
    private static final int TRAINING_BATCH = 256;

    /// `pairs=P,steps=S,iterations=I`.
    @Param("pairs=1000,steps=9,iterations=1000")
    public String shape;

    private AttackConfig config;
    private AttackProblem problem;

    /// For JMH.
    public AttackBenchmark() {
    }

    /// @param shape `pairs=P,steps=S,iterations=I`
    /// @return P·S·I gradient steps on the folded network
    public static Work work(String shape) {
        int[] numbers = ShapeText.numbers(shape, PATTERN);
        return Work.network((double) numbers[0] * numbers[1] * numbers[2],
                FncfFlops.attackIteration(TrainingBenchmark.TEACHER_FACTORS));
    }

    /// Makes a model and its pairs, and verifies a small attack.
    @Setup(Level.Trial)
    public void setUp() {
        int[] numbers = ShapeText.numbers(shape, PATTERN);
        SyntheticMovieLens data = new SyntheticMovieLens();
        Fncf trained = trained(data);
        FoldedFncf model = new FoldedFncf(trained, kernels());
        HitPairs pairs = recommended(model, numbers[0]);
        Features features = Features.of(data.dataset());
        AttackTarget user = AttackTarget.parse("user", data.dataset().userFeatures(), data.dataset().itemFeatures());
        problem = new FoldedAttackModel(model, pairs, kernels()).problem(features, user);
        config = AttackConfig.strong().toBuilder().restarts(0).abortEarly(false)
                .binarySearchSteps(numbers[1]).maxIterations(numbers[2]).build();
        AttackProblem small = problem.select(0, 1, 2, 3, 4, 5, 6, 7);
        AttackConfig brief = config.toBuilder().binarySearchSteps(2).maxIterations(20).initialConst(10).build();
        verify(small, trained, pairs, first(() -> CarliniWagnerL2.attack(kernels(), small, brief)), 2 * 20);
    }

    private Fncf trained(SyntheticMovieLens data) {
        Fncf model = data.network(TrainingBenchmark.TEACHER_FACTORS, 1);
        TrainingEpoch samples = new TrainingEpoch(data.split(), NegativeOptions.defaults(), 1).fill(0);
        try (TrainingStep step = new TrainingStep(kernels(), new Stage.HardLabels(10, 1), model, null, TrainConfig.PAPER.adam(),
                Rng.of(3), Noise.NONE)) {
            for (int s = 0; s < TRAINING_STEPS; s++) {
                step.run(samples, s * TRAINING_BATCH, (s + 1) * TRAINING_BATCH);
            }
            // An error if training has failed.
            step.drainLoss();
        }
        return model;
    }

    /// The item that each of the first users likes best.
    private HitPairs recommended(FoldedFncf model, int count) {
        Scorer scorer = new Scorer(kernels(), model);
        int[] users = new int[count];
        int[] items = new int[count];
        int found = 0;
        float[] scores = new float[SyntheticMovieLens.ITEMS];
        for (int user = 0; user < SyntheticMovieLens.USERS && found < count; user++) {
            scorer.scoreAllItems(user, scores);
            int best = 0;
            for (int item = 1; item < scores.length; item++) {
                best = scores[item] > scores[best] ? item : best;
            }
            if (scores[best] > 0) {
                users[found] = user;
                items[found++] = best;
            }
        }
        Verify.holds(found == count, NAME, "only " + found + " users like any item");
        return new HitPairs(users, items);
    }

    /// @return what the attack did
    @Benchmark
    public AttackResult run() {
        AttackResult result = CarliniWagnerL2.attack(kernels(), problem, config);
        int steps = config.binarySearchSteps() * config.maxIterations();
        Verify.holds(Arrays.stream(result.iterations()).allMatch(n -> n == steps), NAME,
                "expected " + steps + " gradient steps for each pair, got " + Arrays.toString(result.iterations()));
        return result;
    }

    /// The same, for the time of its kernels.
    /// @param figures get the times
    @Benchmark
    public void onDevice(DeviceFigures figures) {
        onDevice(figures, 1, this::run);
    }

    /// Every number of steps is right, what was found lies in the box and differs in attacked columns only, and the reference
    /// agrees about its logits.
    private static void verify(AttackProblem attacked, Fncf trained, HitPairs pairs, AttackResult result, int steps) {
        Tensor logits;
        try (Backend reference = new ReferenceBackend()) {
            Tape tape = Tape.inference(reference);
            logits = new FoldedAttackModel(new FoldedFncf(trained, reference), pairs, reference)
                    .logits(tape, tape.constant(result.adversarial()), attacked.pairs()).value();
        }
        for (int i = 0; i < attacked.size(); i++) {
            String what = NAME + ", pair " + i;
            Verify.holds(result.iterations()[i] == steps, what, "expected " + steps + " steps, got " + result.iterations()[i]);
            Verify.close(what + ", logit", logits.get(i, 0), result.adversarialLogits()[i], 1e-3);
            for (int j = 0; j < attacked.width(); j++) {
                float x = result.adversarial().get(i, j);
                boolean isMine = attacked.attacked().get(j);
                Verify.holds(x >= 0 && x <= 1 && (isMine || x == attacked.features().get(i, j)), what,
                        "column " + j + " must not be " + x);
            }
        }
    }
}
