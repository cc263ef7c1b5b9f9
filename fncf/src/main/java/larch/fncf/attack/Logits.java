package larch.fncf.attack;

import java.util.Arrays;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.autodiff.Workspace;
import larch.backend.Backend;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// Asks a model for logits and checks what it answers.
final class Logits {
    private Logits() {
    }

    /// Forward passes without gradients, some rows at a time.
    /// @param backend   the kernels
    /// @param model     the model
    /// @param features  `[n, width]`
    /// @param pairs     the pair of each row
    /// @param batchRows rows of one pass
    /// @return n logits, finite or infinite
    static float[] of(Backend backend, AttackedModel model, Tensor features, int[] pairs, int batchRows) {
        float[] logits = new float[pairs.length];
        Workspace workspace = new Workspace();
        for (int from = 0; from < pairs.length; from += batchRows) {
            int to = Math.min(pairs.length, from + batchRows);
            Tape tape = Tape.inference(backend, workspace);
            int[] some = Arrays.copyOfRange(pairs, from, to);
            Tensor z = on(tape, model, tape.constant(features.rows(from, to)), some).value();
            System.arraycopy(z.data(), z.offset(), logits, from, to - from);
        }
        return logits;
    }

    /// One pass on a given tape.
    /// @param tape     where to compute
    /// @param model    the model
    /// @param features `[n, width]`
    /// @param pairs    the pair of each row
    /// @return `[n, 1]`, without NaN
    static Var on(Tape tape, AttackedModel model, Var features, int[] pairs) {
        Var z = model.logits(tape, features, pairs);
        Shape expected = Shape.of(pairs.length, 1);
        if (!z.shape().equals(expected)) {
            throw new IllegalArgumentException("attack: the model must answer one logit for each row, " + expected + "; got "
                    + z.shape());
        }
        Tensor value = z.value();
        for (int i = 0; i < pairs.length; i++) {
            if (Float.isNaN(value.data()[value.offset() + i])) {
                throw new ArithmeticException("attack: the model answers NaN for pair " + pairs[i] + "; check its weights, or "
                        + "lower the learning rate if that happens in the middle of an attack");
            }
        }
        return z;
    }
}
