package larch.fncf.train;

import java.util.HashMap;
import java.util.Map;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.backend.Backend;
import larch.fncf.data.TrainingEpoch;
import larch.fncf.model.Fncf;
import larch.fncf.model.Noise;
import larch.optim.Adam;
import larch.plan.Plan;
import larch.plan.Recorder;
import larch.random.Rng;
import larch.tensor.Tensor;

/// The steps of one stage: the loss of a batch, its gradients, one step of Adam.
///
/// This is what [Trainer] repeats and what the benchmarks measure. The first step of each batch size runs as ordinary tape
/// code and is recorded; later ones run the recorded [Plan]. Meanwhile the networks lie where the backend computes. Close it
/// when the stage is over: rows whose drift is still owed are moved then, and the networks are back on the heap. Not safe for
/// use by several threads.
public final class TrainingStep implements AutoCloseable {
    private final Backend backend;
    private final Objective objective;
    private final Adam adam;
    private final Noise noise;
    private final Fncf model;
    private final Fncf teacher;
    private final Map<Integer, Batch> batches = new HashMap<>();
    private Batch latest;

    /// @param backend  the kernels
    /// @param stage    what to minimise
    /// @param model    what is trained
    /// @param teacher  a trained network; null if the stage needs none
    /// @param settings learning rate and the like
    /// @param rng      randomness of what the stage adds to the model, such as a regressor
    /// @param noise    noise layers; their stream follows a counter that the caller moves before each step
    public TrainingStep(Backend backend, Stage stage, Fncf model, Fncf teacher, Adam.Settings settings, Rng rng,
                        Noise noise) {
        this.backend = backend;
        this.noise = noise;
        this.model = model;
        this.teacher = teacher;
        model.place(backend);
        if (teacher != null) {
            teacher.place(backend);
        }
        objective = new Objective(stage, model, teacher, backend, rng);
        adam = new Adam(backend, objective.parameters(), settings);
    }

    /// Takes one step on the samples `from … to-1`.
    /// @param samples an epoch's samples
    /// @param from    the first sample of the batch
    /// @param to      the end of the batch, not part of it
    /// @return the loss before the step
    /// @throws TrainingException if the loss is not finite; nothing has moved then
    public float run(TrainingEpoch samples, int from, int to) {
        if (latest == null || latest.users.length != to - from) {
            latest = batches.computeIfAbsent(to - from, Batch::new);
        }
        return latest.run(samples, from);
    }

    /// What a step calls for batches of one size, in the order of the calls.
    /// @param size number of samples of a batch
    /// @return the recorded plan; null before the first step of that size
    public Plan plan(int size) {
        Batch batch = batches.get(size);
        return batch == null ? null : batch.plan;
    }

    /// @return steps taken
    public long steps() {
        return adam.steps();
    }

    /// @return the optimizer's moments, by name
    public Map<String, Tensor> optimizerState() {
        return adam.state();
    }

    @Override
    public void close() {
        adam.close();
        model.bringHome();
        if (teacher != null) {
            teacher.bringHome();
        }
    }

    /// Batches of one size: the arrays that hold the samples, and what is done with them.
    private final class Batch {
        private final int[] users;
        private final int[] items;
        private final Tensor labels;
        private Tensor loss;
        /// Read once in a step: a device has to finish for it.
        private float lossBefore;
        private Plan plan;

        Batch(int size) {
            users = new int[size];
            items = new int[size];
            labels = backend.place(Tensor.zeros(size, 1));
        }

        float run(TrainingEpoch samples, int from) {
            System.arraycopy(samples.users(), from, users, 0, users.length);
            System.arraycopy(samples.items(), from, items, 0, items.length);
            labels.write(samples.labels(), from);
            if (plan == null) {
                plan = Plan.record(backend, this::record);
            } else {
                plan.run();
            }
            return lossBefore;
        }

        private void record(Recorder recorder) {
            Tape tape = Tape.recording(recorder);
            Var value = objective.loss(tape, users, items, labels, noise);
            loss = value.value();
            recorder.keep(loss);
            recorder.host("check the loss", this::checkLoss, loss);
            adam.step(tape.backward(value));
        }

        private void checkLoss() {
            lossBefore = loss.item();
            if (!Float.isFinite(lossBefore)) {
                throw new TrainingException("the loss is " + lossBefore);
            }
        }
    }
}
