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
/// code and is recorded; later ones run the recorded [Plan]. Meanwhile the networks lie where the backend computes, and so do the
/// losses: they are looked at every 64 steps and when somebody asks ([#drainLoss]), so that a device need not finish one step for
/// the host to begin the next. Close it when the stage is over: rows whose drift is still owed are moved then, and the networks
/// are back on the heap. Not safe for use by several threads.
public final class TrainingStep implements AutoCloseable {
    private final Backend backend;
    private final Objective objective;
    private final Adam adam;
    private final Noise noise;
    private final Fncf model;
    private final Fncf teacher;
    private final Losses losses;
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
        losses = new Losses(backend);
    }

    /// Takes one step on the samples `from … to-1`.
    /// @param samples an epoch's samples
    /// @param from    the first sample of the batch
    /// @param to      the end of the batch, not part of it
    /// @throws TrainingException if the loss of this step or of one before is not finite, which is noticed up to 63 steps after
    ///         it was: all weights may be lost by then
    public void run(TrainingEpoch samples, int from, int to) {
        if (latest == null || latest.users.length != to - from) {
            latest = batches.computeIfAbsent(to - from, Batch::new);
        }
        latest.run(samples, from);
        losses.makeRoom();
    }

    /// Looks at the losses of all steps since the last call; waits for the device.
    /// @return their mean, each loss before its step, added in the order of the steps; NaN if there was no step
    /// @throws TrainingException if a loss is not finite; it names the first such loss and how many steps were taken before it
    public double drainLoss() {
        return losses.drain();
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
        private Plan plan;

        Batch(int size) {
            users = new int[size];
            items = new int[size];
            labels = backend.place(Tensor.zeros(size, 1));
        }

        void run(TrainingEpoch samples, int from) {
            System.arraycopy(samples.users(), from, users, 0, users.length);
            System.arraycopy(samples.items(), from, items, 0, items.length);
            labels.write(samples.labels(), from);
            if (plan == null) {
                plan = Plan.record(backend, this::record);
            } else {
                plan.run();
            }
        }

        private void record(Recorder recorder) {
            Tape tape = Tape.recording(recorder);
            Var loss = objective.loss(tape, users, items, labels, noise);
            losses.append(recorder, loss.value());
            adam.step(tape.backward(loss));
        }
    }
}
