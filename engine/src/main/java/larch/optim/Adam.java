package larch.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import larch.autodiff.Gradients;
import larch.autodiff.Parameter;
import larch.autodiff.RowGradient;
import larch.backend.Backend;
import larch.tensor.Tensor;

/// Adam: `m ← β₁m + (1−β₁)g`, `v ← β₂v + (1−β₂)g²`, `w ← w − lr·√(1−β₂ᵗ)/(1−β₁ᵗ) · m/(√v + ε)`.
///
/// Source: Kingma and Ba 2015, in the form with ε outside the bias correction that Keras uses.
///
/// A table whose rows are gathered gets a sparse gradient. Under [Rows#DENSE], the default, each row nevertheless moves
/// as if its missing gradients were zeros, because under Adam such a row goes on drifting with its momentum. That drift
/// has a closed form within 1.5·10⁻⁵ of it ([AdamDrift]), applied when the row is next read, so a step costs only the touched
/// rows. Under
/// [Rows#LAZY] rows without a gradient rest; that is another algorithm.
public final class Adam implements Optimizer {
    /// What happens to rows of a gathered table that have no gradient in a step.
    public enum Rows {
        /// They move as plain dense Adam moves them, to 1.5·10⁻⁵ of the way and the rounding of float.
        DENSE,
        /// They rest: moments and weights stay.
        LAZY
    }

    /// Settings.
    ///
    /// @param learningRate lr, positive
    /// @param beta1        decay of the first moment, in [0, 1)
    /// @param beta2        decay of the second moment, in [0, 1)
    /// @param epsilon      ε, positive
    /// @param rows         what happens to rows without a gradient
    public record Settings(float learningRate, float beta1, float beta2, float epsilon, Rows rows) {
        /// lr 0.001, β₁ 0.9, β₂ 0.999, ε 10⁻⁷, dense rows: the defaults of Keras.
        public static final Settings DEFAULT = new Settings(0.001f, 0.9f, 0.999f, 1e-7f, Rows.DENSE);

        /// Checks the numbers.
        public Settings {
            if (!(learningRate > 0) || !(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1) || !(epsilon > 0)) {
                throw new IllegalArgumentException("adam: expected learning rate > 0, betas in [0,1) and epsilon > 0, got "
                        + learningRate + ", " + beta1 + ", " + beta2 + ", " + epsilon);
            }
        }

        /// @param rate the learning rate
        /// @return these settings with that learning rate
        public Settings withLearningRate(float rate) {
            return new Settings(rate, beta1, beta2, epsilon, rows);
        }

        /// @param what what happens to rows without a gradient
        /// @return these settings with that choice
        public Settings withRows(Rows what) {
            return new Settings(learningRate, beta1, beta2, epsilon, what);
        }
    }

    private final Settings settings;
    private final Map<Parameter, AdamMoments> moments = new LinkedHashMap<>();
    private final AdamRule rule;
    private final Tensor stepSize;
    private final float[] newStepSize = new float[1];
    private long steps;

    /// @param backend    the kernels
    /// @param parameters what to change
    /// @param settings   learning rate and the like
    public Adam(Backend backend, List<Parameter> parameters, Settings settings) {
        this.settings = settings;
        this.rule = new AdamRule(settings);
        this.stepSize = backend.place(Tensor.scalar(0));
        for (Parameter parameter : parameters) {
            AdamMoments m = new AdamMoments(backend, parameter, rule, stepSize, () -> steps);
            moments.put(parameter, m);
            parameter.attach(m);
        }
    }

    @Override
    public void step(Gradients gradients) {
        Backend backend = gradients.backend();
        List<AdamMoments> whole = new ArrayList<>();
        moments.forEach((parameter, m) -> {
            if (!gradients.has(parameter) || !gradients.isSparse(parameter)) {
                whole.add(m);
            }
        });
        Stream<Tensor> tables = moments.values().stream().flatMap(m -> Stream.of(m.tables()));
        Tensor[] touched = Stream.concat(tables, Stream.of(stepSize)).toArray(Tensor[]::new);
        backend.host("adam begins", () -> {
            setStepSize();
            whole.forEach(AdamMoments::updateAll);
        }, touched);
        moments.forEach((parameter, m) -> {
            if (gradients.has(parameter) && gradients.isSparse(parameter)) {
                List<RowGradient> parts = gradients.partsOf(parameter);
                backend.isolatedHost("adam rows of " + parameter.name(), m.rowStep(parts), m.touchedBy(parts));
            } else if (gradients.has(parameter)) {
                m.step(backend, gradients.of(parameter));
            }
        });
        backend.host("adam ends", () -> {
            steps++;
            whole.forEach(m -> m.markMovedUntil(steps));
        }, touched);
    }

    private void setStepSize() {
        double correction = AdamDrift.biasCorrection(settings.beta1(), settings.beta2(), steps + 1);
        newStepSize[0] = (float) (settings.learningRate() * correction);
        stepSize.write(newStepSize, 0);
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public Map<String, Tensor> state() {
        moments.values().forEach(AdamMoments::updateAll);
        return OptimizerState.onHeap(tensors());
    }

    private Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        moments.forEach((parameter, m) -> {
            tensors.put("adam/m/" + parameter.name(), m.first());
            tensors.put("adam/v/" + parameter.name(), m.second());
        });
        return tensors;
    }

    @Override
    public void restore(long stepsTaken, Map<String, Tensor> state) {
        // Not state(): drift that is still owed belongs to another past and must not move the restored weights.
        tensors().forEach((name, tensor) -> OptimizerState.copy(name, state, tensor));
        steps = stepsTaken;
        moments.values().forEach(m -> m.markMovedUntil(steps));
    }

    @Override
    public void close() {
        moments.forEach((parameter, m) -> {
            m.updateAll();
            parameter.attach(null);
        });
    }
}
