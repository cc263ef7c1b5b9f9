package larch.fncf.train;

import static larch.op.Elementwise.RELU;
import static larch.op.Elementwise.SIGMOID;
import static larch.op.MeanSquaredError.MEAN_SQUARED_ERROR;

import java.util.ArrayList;
import java.util.List;
import larch.autodiff.Parameter;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.backend.Backend;
import larch.fncf.model.FoldedFncf;
import larch.fncf.model.Fncf;
import larch.fncf.model.Layer;
import larch.fncf.model.Noise;
import larch.nn.Init;
import larch.nn.Linear;
import larch.op.BinaryCrossEntropy;
import larch.op.Elementwise;
import larch.random.Rng;
import larch.tensor.Tensor;

/// What one stage minimises, as a scalar on a tape.
///
/// The teacher is frozen and noise-free, so its outputs come from the folded network and enter as constants.
final class Objective {
    private final Stage stage;
    private final Fncf model;
    private final Fncf teacher;
    private final FoldedFncf folded;
    private final Linear regressor;
    private final Elementwise hintScale;
    private final BinaryCrossEntropy crossEntropy;
    private final Elementwise softening;

    /// @param stage   what to minimise
    /// @param model   what is trained
    /// @param teacher a trained network; null if the stage needs none
    /// @param backend computes the folded teacher
    /// @param rng     randomness of the regressor
    Objective(Stage stage, Fncf model, Fncf teacher, Backend backend, Rng rng) {
        if (stage.needsTeacher() && teacher == null) {
            throw new IllegalArgumentException("stage " + stage.name() + ": needs a trained teacher, got none");
        }
        this.stage = stage;
        this.model = model;
        this.teacher = teacher;
        this.folded = stage.needsTeacher() ? new FoldedFncf(teacher, backend) : null;
        switch (stage) {
            case Stage.HardLabels(float temperature, int _) -> {
                crossEntropy = new BinaryCrossEntropy(temperature);
                softening = null;
                regressor = null;
                hintScale = null;
            }
            case Stage.Distillation(float temperature, int _) -> {
                crossEntropy = new BinaryCrossEntropy(temperature);
                softening = Elementwise.scale(1 / temperature);
                regressor = null;
                hintScale = null;
            }
            case Stage.Hint(Layer layer, int _) -> {
                int width = layer.width(teacher.config().numFactors());
                crossEntropy = null;
                softening = null;
                regressor = Linear.create("regressor", layer.width(model.config().numFactors()), width,
                        Init.GLOROT_UNIFORM, rng);
                // ½·(sum over units) of the squares = mean over units times width/2.
                hintScale = Elementwise.scale(width / 2f);
            }
        }
    }

    /// @return what the stage trains
    List<Parameter> parameters() {
        if (!(stage instanceof Stage.Hint hint)) {
            return model.parameters();
        }
        List<Parameter> parameters = new ArrayList<>(model.parametersUpTo(hint.layer()));
        parameters.addAll(regressor.parameters());
        return parameters;
    }

    /// @param tape   where to record
    /// @param users  users of the batch
    /// @param items  items of the batch
    /// @param labels labels of the batch, `[batch, 1]`
    /// @param noise  noise layers of this step
    /// @return the loss, a scalar
    Var loss(Tape tape, int[] users, int[] items, Tensor labels, Noise noise) {
        return switch (stage) {
            case Stage.HardLabels _ -> model.forward(tape, users, items, noise, Layer.LOGIT)
                    .apply(crossEntropy, tape.constant(labels));
            case Stage.Distillation _ -> {
                Var soft = teacherOutput(tape.backend(), users, items, Layer.LOGIT).apply(softening).apply(SIGMOID);
                yield model.forward(tape, users, items, noise, Layer.LOGIT)
                        .apply(crossEntropy, tape.constant(soft.value()));
            }
            case Stage.Hint(Layer layer, int _) -> {
                Var hint = teacherOutput(tape.backend(), users, items, layer);
                yield regressor.apply(model.forward(tape, users, items, noise, layer)).apply(RELU)
                        .apply(MEAN_SQUARED_ERROR, tape.constant(hint.value())).apply(hintScale);
            }
        };
    }

    private Var teacherOutput(Backend backend, int[] users, int[] items, Layer layer) {
        Tape tape = Tape.inference(backend);
        return layer == Layer.CONCAT ? teacher.forward(tape, users, items, Noise.NONE, layer)
                : folded.forward(folded.preActivation(tape, users, items), layer);
    }
}
