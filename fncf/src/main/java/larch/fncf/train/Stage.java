package larch.fncf.train;

import java.util.Locale;
import larch.fncf.model.Layer;

/// One part of a training curriculum; a curriculum is a list of these.
public sealed interface Stage {
    /// @return passes over the training samples
    int epochs();

    /// @return the name in logs, such as `hint hidden1`
    String name();

    /// @param count other number of passes
    /// @return the same stage with that many
    Stage withEpochs(int count);

    /// Binary cross-entropy against the labels at a temperature: `mean BCE(y, σ(z/T))`.
    /// @param temperature T
    /// @param epochs      passes
    record HardLabels(float temperature, int epochs) implements Stage {
        @Override
        public String name() {
            return "labels T=" + temperature;
        }

        @Override
        public Stage withEpochs(int count) {
            return new HardLabels(temperature, count);
        }
    }

    /// Knowledge distillation: `mean BCE(σ(z_teacher/T), σ(z/T))`, soft labels only (Du et al., Eq. (8) with its
    /// missing plus sign).
    /// @param temperature T
    /// @param epochs      passes
    record Distillation(float temperature, int epochs) implements Stage {
        @Override
        public String name() {
            return "distillation T=" + temperature;
        }

        @Override
        public Stage withEpochs(int count) {
            return new Distillation(temperature, count);
        }
    }

    /// Hint training up to a layer: `mean over the batch of ½ ‖h_teacher − relu(g_student·W_r + b_r)‖²` (Du et al., Eq. (6)
    /// with the squared norm of FitNets). The regressor is new in each stage and discarded after it.
    /// @param layer  where the hint is taken in the teacher and given in the student
    /// @param epochs passes
    record Hint(Layer layer, int epochs) implements Stage {
        @Override
        public String name() {
            return "hint " + layer.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public Stage withEpochs(int count) {
            return new Hint(layer, count);
        }
    }

    /// @return whether the stage needs a trained teacher
    default boolean needsTeacher() {
        return !(this instanceof HardLabels);
    }
}
