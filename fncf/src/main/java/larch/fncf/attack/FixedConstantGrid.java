package larch.fncf.attack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import larch.backend.Backend;
import larch.tensor.Tensor;

/// One attack for each of several fixed constants, all in the same batches: success against c, as in Du et
/// al., Fig. 6.
///
/// Mind what it shows: multiplying all logits by s leaves the smallest perturbations as they are and divides
/// the constants that find them by s. At a fixed c a model with smaller logits looks more robust than it is.
public final class FixedConstantGrid {
    private FixedConstantGrid() {
    }

    /// @param backend   the kernels
    /// @param problem   what is attacked
    /// @param config    how; its `initialConst` is not used
    /// @param constants positive values of c
    /// @param progress  is told how far the attack has come
    /// @return one result for each constant, the same as of an attack with that constant alone
    public static List<AttackResult> attack(Backend backend, AttackProblem problem, AttackConfig config, float[] constants,
                                            AttackProgress progress) {
        if (config.binarySearchSteps() != 1) {
            throw new IllegalArgumentException("attack: a grid of fixed constants needs binarySearchSteps = 1; got "
                    + config.binarySearchSteps());
        }
        for (float c : constants) {
            if (!(c > 0 && c < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("attack: constants must be positive and finite; got " + c);
            }
        }
        int n = problem.size();
        int[] rows = new int[n * constants.length];
        float[] ofRows = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i % n;
            ofRows[i] = constants[i / n];
        }
        AttackResult all = CarliniWagnerL2.attack(backend, problem.select(rows), config, ofRows, progress);
        List<AttackResult> results = new ArrayList<>();
        for (int k = 0; k < constants.length; k++) {
            results.add(part(all, k * n, (k + 1) * n));
        }
        return results;
    }

    private static AttackResult part(AttackResult all, int from, int to) {
        Tensor adversarial = all.adversarial().rows(from, to).copy();
        return new AttackResult(Arrays.copyOfRange(all.cleanLogits(), from, to), adversarial,
                Arrays.copyOfRange(all.adversarialLogits(), from, to), Arrays.copyOfRange(all.success(), from, to),
                Arrays.copyOfRange(all.distortion(), from, to), Arrays.copyOfRange(all.iterations(), from, to),
                Arrays.copyOfRange(all.constants(), from, to));
    }
}
