package larch.fncf.attack;

import larch.autodiff.Tape;
import larch.backend.Backend;
import larch.random.Rng;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// Refuses a model that answers probabilities: the attack would measure the flatness of the sigmoid, not the
/// model.
///
/// A probability lies in [0, 1] for every input, so it is always found out. A logit may lie there too, for
/// the clean inputs of a small batch even all of them; hence the model is also asked at 64 points in random
/// directions, up to a million units away, where the logit of any network that grows along some of them has
/// left that interval. What could be refused by mistake is a model whose logit stays between 0 and 1 at all
/// these points and yet varies; it predicts `f ≥ 0.5` at every one of them, so there is next to nothing to
/// attack. A model that answers one and the same number everywhere passes, since that says nothing about what
/// it is.
final class LogitGuard {
    private static final int PROBES = 64;
    private static final int SCALES = 7;

    private LogitGuard() {
    }

    /// @param backend     the kernels
    /// @param problem     what is attacked, at least one row
    /// @param cleanLogits what the model answers for the clean features
    /// @throws IllegalArgumentException if these look like probabilities
    static void check(Backend backend, AttackProblem problem, float[] cleanLogits) {
        float first = cleanLogits[0];
        boolean varies = false;
        for (float z : cleanLogits) {
            if (!isProbability(z)) {
                return;
            }
            varies |= z != first;
        }
        int width = problem.width();
        Tensor probes = Tensor.zeros(Shape.of(PROBES, width));
        Rng.of(0).stream("attack/logit guard").normals(probes.data(), 0, probes.size(), 0);
        int[] pairs = new int[PROBES];
        for (int i = 0; i < PROBES; i++) {
            int row = i % problem.size();
            pairs[i] = problem.pairs()[row];
            float scale = (float) StrictMath.pow(10, i % SCALES);
            for (int j = 0; j < width; j++) {
                probes.set(problem.features().get(row, j) + scale * probes.get(i, j), i, j);
            }
        }
        Tape tape = Tape.inference(backend);
        for (float z : Logits.checked(problem.model().logits(tape, tape.constant(probes), pairs), pairs).value().toArray()) {
            if (!isProbability(z)) {
                return;
            }
            varies |= z != first;
        }
        if (varies) {
            throw new IllegalArgumentException("attack: expected logits, but all " + cleanLogits.length + " clean outputs and "
                    + PROBES + " outputs far away lie in [0, 1], so they look like probabilities; return z before the sigmoid");
        }
    }

    private static boolean isProbability(float z) {
        return z >= 0 && z <= 1;
    }
}
