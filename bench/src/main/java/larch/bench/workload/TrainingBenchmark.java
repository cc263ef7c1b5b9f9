package larch.bench.workload;

import java.util.Map;
import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.fncf.data.NegativeOptions;
import larch.fncf.data.TrainingEpoch;
import larch.fncf.model.Fncf;
import larch.fncf.model.Layer;
import larch.fncf.model.Noise;
import larch.fncf.train.Stage;
import larch.fncf.train.TrainConfig;
import larch.fncf.train.TrainingStep;
import larch.random.Rng;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// `train-teacher`, `train-student-hint`, `train-student-kd`: one step of training, shape `batch=N`.
public class TrainingBenchmark extends BenchmarkState {
    /// The name of the teacher's row.
    public static final String TEACHER = "train-teacher";
    /// The name of the row of the first hint stage.
    public static final String HINT = "train-student-hint";
    /// The name of the distillation row.
    public static final String KD = "train-student-kd";

    static final int TEACHER_FACTORS = 64;
    private static final int STUDENT_FACTORS = 32;
    private static final float T = 10;
    private static final int VERIFIED_STEPS = 2;
    private static final int VERIFIED_BATCH = 16;
    private static final Map<String, Stage> STAGES = Map.of(TEACHER, new Stage.HardLabels(T, 1),
            HINT, new Stage.Hint(Layer.HIDDEN1, 1), KD, new Stage.Distillation(T, 1));

    /// Which stage.
    @Param({TEACHER, HINT, KD})
    public String name;
    /// `batch=N`.
    @Param({"batch=128", "batch=1024", "batch=8192"})
    public String shape;

    private int batch;
    private TrainingEpoch samples;
    private TrainingStep step;
    private int from;

    /// For JMH.
    public TrainingBenchmark() {
    }

    /// @param name  the row's name
    /// @param shape `batch=N`
    /// @return the batch and its nominal flops
    public static Work work(String name, String shape) {
        return Work.network(ShapeText.numbers(shape, "batch=N")[0], switch (name) {
            case TEACHER -> FncfFlops.labels(TEACHER_FACTORS);
            case HINT -> FncfFlops.hint(STUDENT_FACTORS, TEACHER_FACTORS);
            case KD -> FncfFlops.distillation(STUDENT_FACTORS, TEACHER_FACTORS);
            default -> throw new IllegalArgumentException("training: there is no '" + name + "'");
        });
    }

    /// Makes an epoch's samples and networks, and compares the losses of some steps with the reference.
    @Setup(Level.Trial)
    public void setUp() {
        batch = ShapeText.numbers(shape, "batch=N")[0];
        SyntheticMovieLens data = new SyntheticMovieLens();
        samples = new TrainingEpoch(data.split(), NegativeOptions.defaults(), 1).fill(1);
        try (Backend reference = new ReferenceBackend();
             TrainingStep right = step(reference, data); TrainingStep tried = step(kernels(), data)) {
            for (int i = 0; i < VERIFIED_STEPS; i++) {
                int at = i * VERIFIED_BATCH;
                Verify.close(name + ", loss of step " + i, loss(right, at),
                        i == 0 ? first(() -> loss(tried, at)) : loss(tried, at), 1e-4);
            }
        }
        step = step(kernels(), data);
    }

    private double loss(TrainingStep of, int at) {
        of.run(samples, at, at + VERIFIED_BATCH);
        return of.drainLoss();
    }

    private TrainingStep step(Backend backend, SyntheticMovieLens data) {
        Stage stage = STAGES.get(name);
        Fncf teacher = data.network(TEACHER_FACTORS, 1);
        Fncf trained = stage.needsTeacher() ? data.network(STUDENT_FACTORS, 2) : teacher;
        return new TrainingStep(backend, stage, trained, stage.needsTeacher() ? teacher : null, TrainConfig.PAPER.adam(),
                Rng.of(3), Noise.NONE);
    }

    /// A step on the next batch of the epoch. A device works on it while the host begins others, as in training, and all wait
    /// for it whenever losses are looked at.
    @Benchmark
    public void run() {
        if (from + batch > samples.size()) {
            from = 0;
        }
        step.run(samples, from, from + batch);
        from += batch;
    }

    /// The same, for the time of its kernels.
    /// @param figures get the times
    @Benchmark
    public void onDevice(DeviceFigures figures) {
        onDevice(figures, 1, this::run);
    }
}
