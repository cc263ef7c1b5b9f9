package larch.optim;

/// How far Adam carries a row that gets no gradient for k steps.
///
/// Under dense semantics step `t+j` of such a row is `lr · c(t+j) · β₁ʲ·m / (β₂^(j/2)·√v + ε)` with
/// `c(t) = √(1−β₂ᵗ)/(1−β₁ᵗ)`. Write `θ = √v/(√v+ε)`; then `(√v+ε)/(β₂^(j/2)√v+ε) = 1/(1 − θ(1−β₂^(j/2)))`, which runs from
/// 1 at θ = 0 to `β₂^(−j/2)` at θ = 1. It is replaced by the chord, `1 + θ(β₂^(−j/2) − 1)`, exact at both ends:
///
/// ```text
/// total drift = lr · m/(√v+ε) · [ (1−θ)·S(β₁) + θ·S(β₁/√β₂) ],      S(q) = Σ_{j=1..k} c(t+j)·qʲ
/// ```
///
/// With β₁ = 0.9, β₂ = 0.999 the chord errs by at most 1.5·10⁻⁵ of the drift, for any ε (most at θ = ½, after 350
/// steps). The sums come from `S(q) = U(t) − qᵏ·U(t+k)`, `U(t) = Σ_{j≥1} c(t+j)·qʲ`, tabulated once by
/// `U(t) = q·(c(t+1) + U(t+1))`: O(1) for each row.
final class AdamDrift {
    private static final int LONGEST_TABLE = 1 << 22;

    private final double[] slow;
    private final double[] fast;
    private final Powers beta1Powers;
    private final Powers beta2Powers;
    private final Powers ratioPowers;

    /// `qᵏ` by a table: a step asks for some hundred of them.
    private static final class Powers {
        private final double q;
        private final double[] table;

        Powers(double q, int length) {
            this.q = q;
            this.table = new double[length];
            table[0] = 1;
            for (int k = 1; k < length; k++) {
                table[k] = table[k - 1] * q;
            }
        }

        double of(long k) {
            return k < table.length ? table[(int) k] : power(q, k);
        }
    }

    AdamDrift(double beta1, double beta2) {
        double ratio = beta1 / Math.sqrt(beta2);
        if (!(ratio < 1)) {
            throw new IllegalArgumentException("adam: dense semantics on gathered rows need beta1 < sqrt(beta2), got "
                    + beta1 + " and " + beta2 + "; use lazy rows");
        }
        // Beyond this many steps c(t) is 1 to 10⁻¹².
        int steps = (int) Math.min(LONGEST_TABLE, Math.ceil(Math.log(1e-12) / Math.log(Math.max(beta1, beta2))));
        slow = table(beta1, beta1, beta2, steps);
        fast = table(ratio, beta1, beta2, steps);
        beta1Powers = new Powers(beta1, steps + 1);
        beta2Powers = new Powers(beta2, steps + 1);
        ratioPowers = new Powers(ratio, steps + 1);
    }

    private static double[] table(double q, double beta1, double beta2, int steps) {
        double[] u = new double[steps + 1];
        u[steps] = q / (1 - q);
        for (int t = steps - 1; t >= 0; t--) {
            u[t] = q * (biasCorrection(beta1, beta2, t + 1) + u[t + 1]);
        }
        return u;
    }

    /// `√(1−β₂ᵗ)/(1−β₁ᵗ)`, which turns Adam's raw moments into unbiased ones.
    static double biasCorrection(double beta1, double beta2, long t) {
        return Math.sqrt(1 - power(beta2, t)) / (1 - power(beta1, t));
    }

    /// `qⁿ` by squaring, to about `2·log2(n)` roundings. `StrictMath.pow` allocates, and a step must not.
    private static double power(double q, long n) {
        double power = 1;
        double square = q;
        for (long rest = n; rest > 0; rest >>= 1) {
            if ((rest & 1) != 0) {
                power *= square;
            }
            square *= square;
        }
        return power;
    }

    /// @param t step at which the row was last up to date
    /// @param k steps since then
    /// @return `S(β₁)`: the drift where √v is small against ε
    double whereEpsilonRules(long t, long k) {
        return at(slow, t) - beta1Powers.of(k) * at(slow, t + k);
    }

    /// @param t step at which the row was last up to date
    /// @param k steps since then
    /// @return `S(β₁/√β₂)`: the drift where ε is small against √v
    double whereEpsilonVanishes(long t, long k) {
        return at(fast, t) - ratioPowers.of(k) * at(fast, t + k);
    }

    /// @param k steps without a gradient
    /// @return `β₁ᵏ`, what is left of the first moment
    double firstMomentDecay(long k) {
        return beta1Powers.of(k);
    }

    /// @param k steps without a gradient
    /// @return `β₂ᵏ`, what is left of the second moment
    double secondMomentDecay(long k) {
        return beta2Powers.of(k);
    }

    private static double at(double[] u, long t) {
        return u[(int) Math.min(t, u.length - 1)];
    }
}
