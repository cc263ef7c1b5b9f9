package larch.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/// The float32 functions of [BoxMuller] against `StrictMath` in double precision, in units in the last place.
class BoxMullerTest {
    /// Words that sit on the seams: ends of the range, powers of two and their neighbours, quarter turns, √2.
    private static final int[] SEAMS = seams();

    @Test
    void logarithm() {
        checkUlps("-2 ln u1", 2, w -> -2 * BoxMuller.ln(BoxMuller.mantissa(w), BoxMuller.exponent(w)),
                w -> -2 * StrictMath.log(Integer.toUnsignedLong(w | 1) * 0x1p-32));
    }

    @Test
    void radius() {
        checkUlps("radius", 2, BoxMuller::radius,
                w -> StrictMath.sqrt(-2 * StrictMath.log(Integer.toUnsignedLong(w | 1) * 0x1p-32)));
    }

    @Test
    void cosine() {
        checkUlps("cos", 2.5, BoxMuller::cosTurn, BoxMullerTest::exactCos);
    }

    @Test
    void sine() {
        checkUlps("sin", 2.5, BoxMuller::sinTurn, BoxMullerTest::exactSin);
    }

    @Test
    void mantissaLiesAroundOneAndExponentCompletesIt() {
        for (int i = 0; i < 100_000; i++) {
            int w = i < SEAMS.length ? SEAMS[i] : Rng.of(5).bits(i);
            float f = BoxMuller.mantissa(w);
            assertTrue(f >= -0.2929f && f <= 0.41422f, () -> "mantissa " + f + " of word " + w);
            double u1 = Integer.toUnsignedLong(w | 1) * 0x1p-32;
            assertEquals(u1, (1.0 + f) * StrictMath.scalb(1.0, (int) BoxMuller.exponent(w)), u1 * 0x1p-25);
        }
    }

    @Test
    void largestAndSmallestRadius() {
        assertEquals(StrictMath.sqrt(64 * StrictMath.log(2)), BoxMuller.radius(0), 1e-6);
        assertEquals(0x1p-15 * StrictMath.sqrt(0.5), BoxMuller.radius(-1), 1e-11);
    }

    @Test
    void manyAtOnceAreTheSamePairs() {
        int[] word1 = new int[777];
        int[] word2 = new int[777];
        Rng.of(8).bits(word1, 0, 777, 0);
        Rng.of(9).bits(word2, 0, 777, 0);
        float[] n0 = new float[777];
        float[] n1 = new float[777];
        for (int repeat = 0; repeat < 3_000; repeat++) {    // so that the compiled code is compared as well
            BoxMuller.transform(word1, word2, n0, n1, 777);
        }
        for (int j = 0; j < 777; j++) {
            float r = BoxMuller.radius(word1[j]);
            assertEquals(r * BoxMuller.cosTurn(word2[j]), n0[j]);
            assertEquals(r * BoxMuller.sinTurn(word2[j]), n1[j]);
        }
    }

    private static void checkUlps(String what, double maxUlps, IntToDoubleFunction actual,
            IntToDoubleFunction exact) {
        int[] words = new int[1 << 20];
        Rng.of(17).bits(words, 0, words.length, 0);
        System.arraycopy(SEAMS, 0, words, 0, SEAMS.length);
        for (int w : words) {
            double expected = exact.applyAsDouble(w);
            double ulps = Math.abs(actual.applyAsDouble(w) - expected) / Math.ulp((float) expected);
            assertTrue(ulps <= maxUlps, () -> what + " of word 0x" + Integer.toHexString(w) + ": " + ulps + " ulp off "
                    + expected);
        }
    }

    /// `StrictMath.cos(2πu)` is no reference near its zeros, because 2πu itself is rounded: reduce to an
    /// eighth first.
    private static double exactCos(int w) {
        int quarter = (w + 0x20000000) >>> 30;
        double angle = (w - (quarter << 30)) * 0x1p-31 * StrictMath.PI;
        return switch (quarter) {
            case 0 -> StrictMath.cos(angle);
            case 1 -> -StrictMath.sin(angle);
            case 2 -> -StrictMath.cos(angle);
            default -> StrictMath.sin(angle);
        };
    }

    private static double exactSin(int w) {
        return exactCos(w - 0x40000000);
    }

    private static int[] seams() {
        int[] words = new int[32 * 3 + 4 * 5];
        int n = 0;
        for (int bit = 0; bit < 32; bit++) {
            for (int d = -1; d <= 1; d++) {
                words[n++] = (1 << bit) + d;
            }
        }
        for (int base : new int[] {0x40000000, 0xc0000000, 0xb504f333, 0x5a827999}) {   // the last two: √2, √½ of 2^31
            for (int d = -2; d <= 2; d++) {
                words[n++] = base + d;
            }
        }
        return words;
    }
}
