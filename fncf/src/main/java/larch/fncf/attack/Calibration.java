package larch.fncf.attack;

import larch.backend.Backend;

/// The one constant for all pairs at which an attack reaches a given raw success: it makes a table comparable
/// whose constant was not published.
///
/// @param constant   c
/// @param rawSuccess the rate reached with it, as near to the wanted one as the pairs allow
public record Calibration(float constant, double rawSuccess) {
    /// Values tried at once; one batch narrows the bracket to an eighth of its logarithm.
    private static final int PROBES = 9;
    private static final double CLOSE = 1.001;

    /// Narrows a bracket `[low, high]`, equal steps of log c at a time, until the rate is met or the bracket
    /// is 0.1 % wide.
    /// @param backend the kernels
    /// @param problem what is attacked, at least one pair
    /// @param config  how, with `binarySearchSteps = 1`
    /// @param rate    the raw success wanted, trivial pairs included; in [0, 1]
    /// @param low     a constant that is too small
    /// @param high    a constant that is large enough
    /// @return the constant whose rate is nearest; the smallest of several
    public static Calibration calibrate(Backend backend, AttackProblem problem, AttackConfig config, double rate, float low,
                                        float high) {
        if (!(rate >= 0 && rate <= 1 && low > 0 && low < high && high < Float.POSITIVE_INFINITY) || problem.size() == 0) {
            throw new IllegalArgumentException("calibrate: expected a rate in [0, 1], 0 < low < high and at least one pair; got "
                    + "rate " + rate + ", low " + low + ", high " + high + ", " + problem.size() + " pairs");
        }
        double half = 0.5 / problem.size();
        float[] constants = between(low, high);
        double[] rates = rates(backend, problem, config, constants);
        if (rates[0] > rate + half || rates[PROBES - 1] < rate - half) {
            throw new IllegalArgumentException("calibrate: raw success is " + rates[0] + " at c = " + low + " and "
                    + rates[PROBES - 1] + " at c = " + high + "; " + rate + " does not lie between, so move these ends");
        }
        Calibration best = nearest(new Calibration(low, rates[0]), constants, rates, rate);
        while (Math.abs(best.rawSuccess - rate) > half && high > CLOSE * low) {
            int k = 1;
            while (k < PROBES - 1 && rates[k] < rate) {
                k++;
            }
            low = constants[k - 1];
            high = constants[k];
            constants = between(low, high);
            rates = rates(backend, problem, config, constants);
            best = nearest(best, constants, rates, rate);
        }
        return best;
    }

    private static float[] between(float low, float high) {
        float[] constants = new float[PROBES];
        for (int k = 0; k < PROBES; k++) {
            constants[k] = (float) (low * StrictMath.pow((double) high / low, k / (PROBES - 1.0)));
        }
        return constants;
    }

    private static double[] rates(Backend backend, AttackProblem problem, AttackConfig config, float[] constants) {
        return FixedConstantGrid.attack(backend, problem, config, constants, AttackProgress.NONE).stream()
                .mapToDouble(result -> result.summary().rawSuccess()).toArray();
    }

    private static Calibration nearest(Calibration best, float[] constants, double[] rates, double rate) {
        for (int k = 0; k < PROBES; k++) {
            double gap = Math.abs(rates[k] - rate);
            double bestGap = Math.abs(best.rawSuccess - rate);
            if (gap < bestGap || gap == bestGap && constants[k] < best.constant) {
                best = new Calibration(constants[k], rates[k]);
            }
        }
        return best;
    }
}
