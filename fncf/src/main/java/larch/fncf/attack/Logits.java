package larch.fncf.attack;

import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.backend.Backend;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// Asks a model for logits and checks what it answers.
final class Logits {
    private Logits() {
    }

    /// The logits by which success is judged.
    /// @param backend the kernels
    /// @param problem the rows
    /// @param free    `[n, free]` on the heap, their free columns; the others are clean
    /// @return n logits, finite or infinite
    static float[] judged(Backend backend, AttackProblem problem, Tensor free) {
        Tensor features = problem.features().copy();
        int[] columns = problem.free();
        for (int i = 0; i < features.dim(0); i++) {
            for (int j = 0; j < columns.length; j++) {
                features.set(free.get(i, j), i, columns[j]);
            }
        }
        return judged(backend, problem.model(), features, problem.pairs());
    }

    /// The logits by which success is judged.
    /// @param backend  the kernels
    /// @param model    the model
    /// @param features `[n, width]` on the heap
    /// @param pairs    the pair of each row
    /// @return n logits, finite or infinite
    static float[] judged(Backend backend, AttackedModel model, Tensor features, int[] pairs) {
        return checked(model.judge(Tape.inference(backend), features, pairs), pairs).value().toArray();
    }

    /// @param z     what a model answered
    /// @param pairs the pair of each row
    /// @return `z`, which is `[n, 1]` and without NaN
    static Var checked(Var z, int[] pairs) {
        requireShape(z, pairs);
        requireNumbers(z.value(), pairs);
        return z;
    }

    /// @param z     what a model answered
    /// @param pairs the pair of each row
    static void requireShape(Var z, int[] pairs) {
        Shape expected = Shape.of(pairs.length, 1);
        if (!z.shape().equals(expected)) {
            throw new IllegalArgumentException("attack: the model must answer one logit for each row, " + expected + "; got "
                    + z.shape());
        }
    }

    /// @param value `[n, 1]` logits
    /// @param pairs the pair of each row
    static void requireNumbers(Tensor value, int[] pairs) {
        float[] z = value.toArray();
        for (int i = 0; i < pairs.length; i++) {
            if (Float.isNaN(z[i])) {
                throw notANumber(pairs[i]);
            }
        }
    }

    /// @param pair for which the model answers NaN
    /// @return the error to throw
    static ArithmeticException notANumber(int pair) {
        return new ArithmeticException("attack: the model answers NaN for pair " + pair + "; check its weights, or "
                + "lower the learning rate if that happens in the middle of an attack");
    }
}
