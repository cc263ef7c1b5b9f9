package larch.fncf.train;

import java.util.Arrays;
import java.util.Map;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.autodiff.Workspace;
import larch.backend.Backend;
import larch.fncf.data.TrainingEpoch;
import larch.fncf.model.Fncf;
import larch.fncf.model.Noise;
import larch.optim.Adam;
import larch.random.Rng;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// The steps of one stage: the loss of a batch, its gradients, one step of Adam.
///
/// This is what [Trainer] repeats and what the benchmarks measure. Close it when the stage is over: rows whose drift is
/// still owed are moved then. Not safe for use by several threads.
public final class TrainingStep implements AutoCloseable {
    private final Backend backend;
    private final Objective objective;
    private final Adam adam;
    private final Workspace workspace = new Workspace();

    /// @param backend  the kernels
    /// @param stage    what to minimise
    /// @param model    what is trained
    /// @param teacher  a trained network; null if the stage needs none
    /// @param settings learning rate and the like
    /// @param rng      randomness of what the stage adds to the model, such as a regressor
    public TrainingStep(Backend backend, Stage stage, Fncf model, Fncf teacher, Adam.Settings settings, Rng rng) {
        this.backend = backend;
        objective = new Objective(stage, model, teacher, backend, rng);
        adam = new Adam(backend, objective.parameters(), settings);
    }

    /// Takes one step on the samples `from … to-1`.
    /// @param samples an epoch's samples
    /// @param from    the first sample of the batch
    /// @param to      the end of the batch, not part of it
    /// @param noise   noise layers of this step
    /// @return the loss before the step
    /// @throws TrainingException if the loss is not finite; nothing has moved then
    public float run(TrainingEpoch samples, int from, int to, Noise noise) {
        int[] users = Arrays.copyOfRange(samples.users(), from, to);
        int[] items = Arrays.copyOfRange(samples.items(), from, to);
        Tensor labels = Tensor.wrap(Shape.of(to - from, 1), samples.labels(), from);
        Tape tape = Tape.recording(backend, workspace);
        Var loss = objective.loss(tape, users, items, labels, noise);
        float value = loss.value().item();
        if (!Float.isFinite(value)) {
            throw new TrainingException("the loss is " + value);
        }
        adam.step(tape.backward(loss));
        return value;
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
    }
}
