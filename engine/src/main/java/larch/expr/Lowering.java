package larch.expr;

import static larch.expr.Comparison.EQ;
import static larch.expr.Comparison.GE;
import static larch.expr.Comparison.GT;
import static larch.expr.Comparison.LT;
import static larch.expr.Expr.ONE;
import static larch.expr.Expr.ZERO;
import static larch.expr.Expr.apply;
import static larch.expr.Expr.con;
import static larch.expr.Expr.fma;
import static larch.expr.Expr.neg;
import static larch.expr.Expr.select;

import java.util.List;

/// Rewrites an [Expr] into exactly rounded primitives only ([Prim#isExact]).
///
/// exp, log, tanh and sigmoid become polynomials in fused multiply-adds. Since each step is rounded by IEEE 754 and
/// nothing is left to a library, a scalar loop, a vector loop of any width and an OpenCL kernel give the same bits. The
/// JDK's own vector functions do not: their bits change when a method is compiled.
///
/// Largest errors in ulp, subnormal arguments and results included; the first four over all 2³² floats, the last two over
/// every 17th (`LoweringAccuracyTest`, tag `slow`):
///
/// | exp | log | tanh | sigmoid | log1p | softplus |
/// |---|---|---|---|---|---|
/// | 1.01 ulp | 0.83 ulp | 1.33 ulp | 1.63 ulp | below 3 ulp | below 3 ulp |
///
/// `pow` with an integral exponent up to 64 multiplies, at most `|p|` ulp; it is `1/x^|p|` below 0, hence 0 where `x^|p|`
/// overflows. With another exponent it is `√x` for ½, else `exp(p · log x)`, which errs by up to `2 + 2·|p · log x|` ulp.
///
/// Range reductions after W. J. Cody and W. Waite (1980); polynomial coefficients of S. L. Moshier's Cephes library.
public final class Lowering {
    private static final float LOG2_E = 1.44269504088896341f;
    /// ln 2 in two parts: the product of the first with any exponent is exact.
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    /// Adding and subtracting 1.5·2²³ rounds to an integer, ties to even, for |x| < 2²².
    private static final float ROUNDER = 12582912f;
    private static final float SQRT_2 = 1.41421356237f;

    private Lowering() {
    }

    /// @param expr any expression
    /// @return the same function in exactly rounded primitives
    public static Expr lower(Expr expr) {
        return Nodes.fold(expr, Nodes::parts, (node, lowered) -> switch (node) {
            case Expr.Arg a -> a;
            case Expr.Const c -> c;
            case Expr.Select s -> select(s.comparison(), lowered.apply(s.left()), lowered.apply(s.right()),
                    lowered.apply(s.ifTrue()), lowered.apply(s.ifFalse()));
            case Expr.Apply f -> primitive(f.prim(), f.args().stream().map(lowered).toList());
        });
    }

    private static Expr primitive(Prim prim, List<Expr> in) {
        Expr x = in.get(0);
        return switch (prim) {
            case EXP -> exp(x);
            case LOG -> log(x);
            case LOG1P -> log1p(x);
            case TANH -> tanh(x);
            case SIGMOID -> sigmoid(x);
            case POW -> pow(x, ((Expr.Const) in.get(1)).value());
            case ADD, SUB, MUL, DIV, MIN, MAX, NEG, ABS, SQRT, FMA, POW2, EXPONENT, MANTISSA ->
                apply(prim, in.toArray(Expr[]::new));
        };
    }

    // x = n·ln2 + r with |r| <= ln2/2, then eˣ = 2ⁿ·eʳ. 2ⁿ is applied in two halves, because n reaches from -150
    // (subnormal results) to 128 (just below overflow) and one float factor does not.
    private static Expr exp(Expr x) {
        Expr clamped = max(min(x, con(89f)), con(-104f));
        Expr n = round(mul(clamped, con(LOG2_E)));
        Expr r = fma(n, con(-LN2_LOW), fma(n, con(-LN2_HIGH), clamped));
        Expr p = horner(r, 1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f,
                5.0000001201e-1f);
        Expr expR = add(fma(p, mul(r, r), r), ONE);
        Expr half = round(mul(n, con(0.5f)));
        return mul(mul(expR, apply(Prim.POW2, half)), apply(Prim.POW2, sub(n, half)));
    }

    // x = m·2ᵉ with √½ <= m < √2, then log x = e·ln2 + log(1 + (m - 1)).
    private static Expr log(Expr x) {
        Expr isSubnormal = con(Float.MIN_NORMAL);
        Expr normal = select(LT, x, isSubnormal, mul(x, con(0x1p23f)), x);
        Expr exponent = sub(apply(Prim.EXPONENT, normal), select(LT, x, isSubnormal, con(23), ZERO));
        Expr mantissa = apply(Prim.MANTISSA, normal);
        Expr m = select(GT, mantissa, con(SQRT_2), mul(mantissa, con(0.5f)), mantissa);
        Expr e = select(GT, mantissa, con(SQRT_2), add(exponent, ONE), exponent);
        Expr f = sub(m, ONE);
        Expr f2 = mul(f, f);
        Expr p = horner(f, 7.0376836292e-2f, -1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f,
                -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f);
        Expr tail = fma(e, con(LN2_LOW), mul(mul(p, f), f2));
        Expr logM = add(f, fma(con(-0.5f), f2, tail));
        Expr finite = fma(e, con(LN2_HIGH), logM);
        Expr infinity = con(Float.POSITIVE_INFINITY);
        return select(GT, x, ZERO, select(EQ, x, infinity, infinity, finite),
                select(EQ, x, ZERO, con(Float.NEGATIVE_INFINITY), con(Float.NaN)));
    }

    // W. Kahan's correction: with w = fl(1 + x), log1p(x) = log(w)·x/(w - 1), and x itself where w = 1.
    private static Expr log1p(Expr x) {
        Expr w = add(ONE, x);
        Expr infinity = con(Float.POSITIVE_INFINITY);
        Expr corrected = mul(log(w), div(x, sub(w, ONE)));
        return select(EQ, w, ONE, x, select(EQ, w, infinity, infinity, corrected));
    }

    private static Expr tanh(Expr x) {
        Expr magnitude = apply(Prim.ABS, x);
        Expr square = mul(x, x);
        Expr p = horner(square, -5.70498872745e-3f, 2.06390887954e-2f, -5.37397155531e-2f, 1.33314422036e-1f,
                -3.33332819422e-1f);
        Expr nearZero = fma(mul(p, square), x, x);
        Expr far = sub(ONE, div(con(2), add(exp(add(magnitude, magnitude)), ONE)));
        return select(LT, magnitude, con(0.625f), nearZero, select(LT, x, ZERO, neg(far), far));
    }

    // Only e = e^-|x| is formed, so nothing overflows. Below 0 the result is q = e/(1 + e), in the form e - e·q: there the
    // roundings of q count for little, because e·q is small against e.
    private static Expr sigmoid(Expr x) {
        Expr e = exp(neg(apply(Prim.ABS, x)));
        Expr q = div(select(GE, x, ZERO, ONE, e), add(ONE, e));
        return select(GE, x, ZERO, q, fma(neg(e), q, e));
    }

    private static Expr pow(Expr x, float exponent) {
        if (exponent == 0.5f) {
            return apply(Prim.SQRT, x);
        }
        if (exponent == Math.rint(exponent) && Math.abs(exponent) <= 64) {
            Expr power = integerPower(x, Math.abs((int) exponent));
            return exponent < 0 ? div(ONE, power) : power;
        }
        return exp(mul(con(exponent), log(x)));
    }

    private static Expr integerPower(Expr x, int n) {
        if (n <= 1) {
            return n == 0 ? ONE : x;
        }
        Expr half = integerPower(x, n / 2);
        Expr square = mul(half, half);
        return n % 2 == 0 ? square : mul(square, x);
    }

    private static Expr horner(Expr x, float... coefficients) {
        Expr p = con(coefficients[0]);
        for (int i = 1; i < coefficients.length; i++) {
            p = fma(p, x, con(coefficients[i]));
        }
        return p;
    }

    private static Expr round(Expr x) {
        return sub(add(x, con(ROUNDER)), con(ROUNDER));
    }

    // Not Expr.add and its kin: those fold constants away, and here every rounding is meant.
    private static Expr add(Expr x, Expr y) {
        return apply(Prim.ADD, x, y);
    }

    private static Expr sub(Expr x, Expr y) {
        return apply(Prim.SUB, x, y);
    }

    private static Expr mul(Expr x, Expr y) {
        return apply(Prim.MUL, x, y);
    }

    private static Expr div(Expr x, Expr y) {
        return apply(Prim.DIV, x, y);
    }

    private static Expr min(Expr x, Expr y) {
        return apply(Prim.MIN, x, y);
    }

    private static Expr max(Expr x, Expr y) {
        return apply(Prim.MAX, x, y);
    }
}
