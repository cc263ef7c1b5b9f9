package larch.random;

/// Two normal numbers from two random words, with the same bits everywhere.
///
/// ```text
/// r = sqrt(-2 ln u1),  n0 = r cos(2π u2),  n1 = r sin(2π u2)
/// u1 = (word1 | 1) / 2^32  in (0, 1): the midpoints of 2^31 equal cells, so ln is finite and |n| <= 6.66
/// u2 = word2 / 2^32        in [0, 1)
/// ```
///
/// Every step is an integer operation, a float32 addition, product, fused multiply-add or square root, each
/// rounded as IEEE 754 prescribes, so the result does not depend on the compiler, the vector width or the
/// machine. There is no branch and no table: C2 vectorises the loop, and the sequence can be written in
/// OpenCL C with the same bits (there `clz`, `fma`, `convert_float_rte`; `sqrt` needs
/// `-cl-fp32-correctly-rounded-divide-sqrt`). `Math.log`, `Math.sin` and `Math.cos` give no such promise.
///
/// Errors against the exact functions, measured by the tests: below 2 ulp for `-2 ln u1` and the radius,
/// below 2.5 ulp for the sine and cosine. Polynomials: minimax in relative error by the Remez algorithm,
/// computed for Larch with 40 digits. Source: Box and Muller, "A note on the generation of random normal
/// deviates", 1958.
final class BoxMuller {
    /// √2 · 2^31 as an unsigned int: mantissas below it are doubled, so that `ln` is expanded around 1.
    private static final int SQRT2 = -1257966797;
    private static final float LN2_HIGH = 0.693145752f;      // 16 bits, so that its product with an exponent is exact
    private static final float LN2_LOW = 1.42860682e-6f;

    private BoxMuller() {
    }

    /// `(word1[j], word2[j])` become `(n0[j], n1[j])` for `j < count`.
    ///
    /// Four loops, because C2 vectorises only short bodies; the first stays scalar (it has no vector shift by
    /// a variable amount). `n0` and `n1` hold the intermediate results.
    /// @param word1 Not modified
    /// @param word2 Not modified
    /// @param n0    Modified
    /// @param n1    Modified; not `n0`
    static void transform(int[] word1, int[] word2, float[] n0, float[] n1, int count) {
        for (int j = 0; j < count; j++) {
            n0[j] = mantissa(word1[j]);
            n1[j] = exponent(word1[j]);
        }
        for (int j = 0; j < count; j++) {
            n0[j] = radius(n0[j], n1[j]);
        }
        for (int j = 0; j < count; j++) {
            n1[j] = n0[j] * sinTurn(word2[j]);
        }
        for (int j = 0; j < count; j++) {
            n0[j] = n0[j] * cosTurn(word2[j]);
        }
    }

    /// `sqrt(-2 ln u1)`.
    static float radius(int word) {
        return radius(mantissa(word), exponent(word));
    }

    /// `f` where `u1 = (1 + f)·2^e` and `1 + f` lies in [√½, √2). It is an integer over 2^32, so it keeps its
    /// relative precision near `u1 = 1`, where the radius tends to 0.
    static float mantissa(int word) {
        int m = normalized(word);                            // in [2^31, 2^32) unsigned: signed, m - 2^32
        int below = below(m);
        int shifted = m ^ (below << 31);                     // m - 2^31 below √2, m - 2^32 elsewhere
        return (float) (shifted + (shifted & below)) * 0x1p-32f;
    }

    /// `e` of [#mantissa].
    static float exponent(int word) {
        return (float) (below(normalized(word)) - Integer.numberOfLeadingZeros(word | 1));
    }

    private static int normalized(int word) {
        int k = word | 1;
        return k << Integer.numberOfLeadingZeros(k);
    }

    /// -1 where a normalized mantissa is below √2, else 0.
    private static int below(int m) {
        return (m - SQRT2) >> 31;
    }

    private static float radius(float f, float e) {
        return (float) Math.sqrt(-2f * ln(f, e));
    }

    /// `ln((1 + f)·2^e) = e ln 2 + f + f² P(f)`.
    static float ln(float f, float e) {
        float p = -0.0762178302f;
        p = Math.fma(p, f, 0.129044369f);
        p = Math.fma(p, f, -0.132429868f);
        p = Math.fma(p, f, 0.141818240f);
        p = Math.fma(p, f, -0.166090831f);
        p = Math.fma(p, f, 0.200019747f);
        p = Math.fma(p, f, -0.250015825f);
        p = Math.fma(p, f, 0.333333254f);
        p = Math.fma(p, f, -0.499999881f);
        return Math.fma(e, LN2_HIGH, Math.fma(e, LN2_LOW, Math.fma(f * f, p, f)));
    }

    /// `cos(2π word/2^32)`.
    ///
    /// The angle is `±π/2·x` or half a turn more, `x` in [-1, 1) exact; `cos(π/2·x) = sin(π/2·(1-|x|))`, and
    /// `1-|x|` is exact too, so the zeros of the cosine cost no precision.
    static float cosTurn(int word) {
        int x = (word << 1) >> 1;                            // x·2^30
        return halfTurnSign(word) * sinQuarter((float) ((1 << 30) - Math.abs(x)) * 0x1p-30f);
    }

    /// `sin(2π word/2^32)`.
    static float sinTurn(int word) {
        int x = (word << 1) >> 1;
        return halfTurnSign(word) * sinQuarter((float) x * 0x1p-30f);
    }

    /// -1 where the angle lies in (1/4, 3/4] of a turn, rounded to the half turn; else 1.
    private static float halfTurnSign(int word) {
        return (float) (((word ^ (word << 1)) >> 31) | 1);
    }

    /// `sin(π/2·x)` for `x` in [-1, 1].
    private static float sinQuarter(float x) {
        float z = x * x;
        float p = 1.51485132e-4f;
        p = Math.fma(p, z, -4.67376656e-3f);
        p = Math.fma(p, z, 7.96896815e-2f);
        p = Math.fma(p, z, -6.45963728e-1f);
        p = Math.fma(p, z, -5.20585570e-8f);                 // the rest of the leading coefficient
        return Math.fma(1.57079637f, x, p * x);
    }
}
