package larch.fncf.attack;

import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.con;
import static larch.expr.Expr.div;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.sqrt;
import static larch.expr.Expr.sub;

import larch.expr.Expr;

/// Adam's rules for rows that come and go; `larch.optim.Adam` serves parameters that stay.
///
/// Source: Kingma and Ba 2015, Algorithm 1 in the efficient order of Section 2, as in TensorFlow, which
/// Carlini and Wagner used.
final class AdamMoments {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;

    private AdamMoments() {
    }

    /// One step as three functions of an element: `x ← x − rate · m/(√v + 10⁻⁸)` with the new
    /// `m ← β₁·m + (1 − β₁)·g` and `v ← β₂·v + (1 − β₂)·g²`.
    /// @param gradient g, of x, m, v (arguments 0, 1, 2) and others
    /// @param rate     the step width with its bias correction
    /// @return the new x, m and v
    static Expr[] step(Expr gradient, Expr rate) {
        Expr first = average(BETA1, arg(1), gradient);
        Expr second = average(BETA2, arg(2), mul(gradient, gradient));
        return new Expr[] {sub(arg(0), mul(rate, div(first, add(sqrt(second), con(1e-8f))))), first, second};
    }

    private static Expr average(double beta, Expr mean, Expr sample) {
        return add(mul(con((float) beta), mean), mul(con((float) (1 - beta)), sample));
    }

    /// @param config learning rates and the number of iterations
    /// @return the rate of [#step] for each iteration: the learning rate, which decays geometrically, times Adam's
    ///         bias correction
    static float[] rates(AttackConfig config) {
        float[] rates = new float[config.maxIterations()];
        for (int iteration = 0; iteration < rates.length; iteration++) {
            rates[iteration] = rate(config, iteration);
        }
        return rates;
    }

    private static float rate(AttackConfig config, int iteration) {
        double decay = StrictMath.pow(config.finalLearningRate(), (double) iteration / config.maxIterations());
        double correction = Math.sqrt(1 - StrictMath.pow(BETA2, iteration + 1)) / (1 - StrictMath.pow(BETA1, iteration + 1));
        return (float) (config.learningRate() * decay * correction);
    }
}
