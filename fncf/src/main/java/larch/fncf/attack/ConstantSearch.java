package larch.fncf.attack;

import java.util.Arrays;
import larch.backend.Backend;
import larch.tensor.Tensor;

/// Searches, for each example of a batch by itself, the constant c that yields the closest success.
///
/// ```text
/// lo = 0, hi = ∞, c = initialConst;  repeat:  descend from every start;  success → hi = c, else lo = c;
///                                             c = (lo + hi)/2 if hi < ∞, else 10·c
/// ```
///
/// A descent counts as a success of c if one of its last iterates does, a tenth of the iterations long, not
/// any of them as in the published code: a random start may lie beyond the boundary by itself, and Adam's
/// momentum may carry a row across that c could not hold there. The closest success is kept in any case.
///
/// Source: Carlini and Wagner 2017, Section V, and their code; the peculiarity that a search of ten or more
/// steps ends at the upper bound is left out, since the closest success is kept anyway.
final class ConstantSearch {
    private static final float GROWTH = 10;
    private static final float LARGEST = 1e10f;

    private final AttackProblem problem;
    private final AttackConfig config;
    private final Descent descent;
    private final Starts starts;
    private final float[] constants;
    private final Found found;

    /// The closest successes so far.
    ///
    /// @param squaredDistance of each example; +∞ if it has none
    /// @param features        `[n, free]`
    /// @param constants       the c that led there; the last one tried if none did
    /// @param iterations      gradient steps spent on each example, over all constants and starts
    record Found(float[] squaredDistance, Tensor features, float[] constants, int[] iterations) {
        /// @param i which example
        /// @return whether it has a success
        boolean has(int i) {
            return squaredDistance[i] < Float.POSITIVE_INFINITY;
        }
    }

    /// @param backend   the kernels
    /// @param problem   what is attacked
    /// @param config    how
    /// @param constants c of each example's first step
    ConstantSearch(Backend backend, AttackProblem problem, AttackConfig config, float[] constants) {
        this.problem = problem;
        this.config = config;
        this.descent = new Descent(backend, problem, config);
        this.starts = new Starts(backend, problem, config);
        this.constants = constants;
        int n = problem.size();
        this.found = new Found(new float[n], Tensor.zeros(n, problem.free().length), new float[n], new int[n]);
        Arrays.fill(found.squaredDistance, Float.POSITIVE_INFINITY);
    }

    /// @param progress is told the share of the search done
    /// @return the closest success of each example
    Found run(AttackProgress progress) {
        int n = problem.size();
        int each = 1 + config.restarts();
        float[] low = new float[n];
        float[] high = new float[n];
        Arrays.fill(high, Float.POSITIVE_INFINITY);
        float[] c = constants.clone();
        int[] examples = new int[n * each];
        Arrays.setAll(examples, slot -> slot / each);
        for (int step = 0; step < config.binarySearchSteps(); step++) {
            float[] ofSlots = new float[examples.length];
            for (int slot = 0; slot < ofSlots.length; slot++) {
                ofSlots[slot] = c[examples[slot]];
            }
            int done = step;
            Descent.Outcome outcome = descent.run(examples, ofSlots, starts.of(step),
                    share -> progress.at((done + share) / config.binarySearchSteps()));
            boolean[] succeeded = new boolean[n];
            for (int slot = 0; slot < examples.length; slot++) {
                succeeded[examples[slot]] |= outcome.isSettled(slot, Descent.interval(config));
            }
            keepClosest(outcome, examples, ofSlots);
            for (int i = 0; i < n; i++) {
                if (succeeded[i]) {
                    high[i] = c[i];
                } else {
                    low[i] = c[i];
                }
                c[i] = next(low[i], high[i]);
            }
        }
        return found;
    }

    /// @param low  the largest constant that failed; 0 if none did
    /// @param high the smallest constant that succeeded; +∞ if none did
    /// @return the constant to try next
    static float next(float low, float high) {
        return high < Float.POSITIVE_INFINITY ? low + (high - low) / 2 : Math.min(GROWTH * low, LARGEST);
    }

    private void keepClosest(Descent.Outcome outcome, int[] examples, float[] ofSlots) {
        int width = found.features.dim(1);
        for (int slot = 0; slot < examples.length; slot++) {
            int i = examples[slot];
            float squared = outcome.squaredDistance()[slot];
            found.iterations[i] += outcome.steps()[slot];
            if (squared < found.squaredDistance[i]) {
                found.squaredDistance[i] = squared;
                found.constants[i] = ofSlots[slot];
                System.arraycopy(outcome.features().data(), slot * width, found.features.data(), i * width, width);
            } else if (!found.has(i)) {
                found.constants[i] = ofSlots[slot];
            }
        }
    }
}
