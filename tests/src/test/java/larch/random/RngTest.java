package larch.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Streams: which are the same, that the others are unrelated, and that the numbers have their distributions.
class RngTest {
    private static final int N = 1 << 20;

    @Test
    void theSamePathGivesTheSameNumbersInWhateverOrderStreamsAreMade() {
        Rng first = Rng.of(7);
        int a = first.stream("a").stream("x", 3).bits(11);
        Rng second = Rng.of(7);
        second.stream("z").bits(0);
        second.stream("a", 1);
        assertEquals(a, second.stream("a").stream("x", 3).bits(11));
    }

    /// A change here changes every experiment ever run: do it knowingly or not at all.
    @Test
    void theNumbersOfAStreamAreFrozen() {
        Rng stream = Rng.of(42).stream("noise/fc1", 7);
        assertEquals(FROZEN_KEY, stream.key());
        float[] normals = new float[4];
        stream.normals(normals, 0, 4, 1_000_000);
        assertEquals(List.of(FROZEN_NORMALS), List.of(normals[0], normals[1], normals[2], normals[3]));
    }

    @Test
    void differentPathsHaveDifferentKeys() {
        Set<Long> keys = new HashSet<>();
        int made = 0;
        for (long seed = -50; seed < 50; seed++) {
            Rng root = Rng.of(seed);
            for (Rng stream : List.of(root, root.stream(""), root.stream("", 0), root.stream("a"), root.stream("b"),
                    root.stream("ab"), root.stream("ba"), root.stream("a").stream("b"), root.stream("a/b"),
                    root.stream("a", 0), root.stream("a", 1), root.stream("a", -1), root.stream("a0"),
                    root.stream("\0"), root.stream("ä"))) {
                keys.add(stream.key());
                made++;
            }
            for (int i = 2; i < 500; i++, made++) {
                keys.add(root.stream("a", i).key());
            }
        }
        assertEquals(made, keys.size());
    }

    @Test
    void oneBitOfSeedNameOrIndexFlipsHalfTheKey() {
        double flips = 0;
        int trials = 0;
        for (int t = 0; t < 200; t++) {
            long key = Rng.of(t).stream("x", t).key();
            for (int bit = 0; bit < 64; bit++, trials++) {
                flips += Long.bitCount(key ^ Rng.of(t).stream("x", t ^ 1L << bit).key());
            }
            for (int bit = 0; bit < 64; bit++, trials++) {
                flips += Long.bitCount(key ^ Rng.of(t ^ 1L << bit).stream("x", t).key());
            }
            flips += Long.bitCount(key ^ Rng.of(t).stream("y", t).key());
            trials++;
        }
        assertEquals(32, flips / trials, 0.15);             // six standard errors: 6·4/√25,800
    }

    @Test
    void streamsAreUncorrelated() {
        float[] x = new float[N];
        float[] y = new float[N];
        Rng root = Rng.of(1);
        root.stream("noise", 0).normals(x, 0, N, 0);
        for (Rng other : List.of(root.stream("noise", 1), root.stream("noise"), root, Rng.of(2).stream("noise", 0))) {
            other.normals(y, 0, N, 0);
            assertNotEquals(x[0], y[0]);
            assertEquals(0, correlation(x, y, 0), 5e-3, other::toString);  // five standard errors of 1/√N
        }
        for (int lag = 1; lag <= 8; lag++) {
            assertEquals(0, correlation(x, x, lag), 5e-3, "lag " + lag);
        }
    }

    @Test
    void momentsOfNormals() {
        float[] x = normals(N);
        double m1 = 0, m2 = 0, m3 = 0, m4 = 0;
        for (double v : x) {
            m1 += v / N;
            m2 += v * v / N;
            m3 += v * v * v / N;
            m4 += v * v * v * v / N;
        }
        double standardError = 1 / Math.sqrt(N);            // times √1, √2, √15, √96 for the four moments
        assertEquals(0, m1, 5 * standardError);
        assertEquals(1, m2, 5 * Math.sqrt(2) * standardError);
        assertEquals(0, m3, 5 * Math.sqrt(15) * standardError);
        assertEquals(3, m4, 5 * Math.sqrt(96) * standardError);
    }

    /// Kolmogorov-Smirnov: `√N·sup|F_N - Φ|` exceeds 1.95 once in a thousand seeds; the seed is fixed.
    @Test
    void normalsHaveTheNormalDistribution() {
        float[] x = normals(N);
        Arrays.sort(x);
        double worst = 0;
        for (int i = 0; i < N; i++) {
            double phi = phi(x[i]);
            worst = Math.max(worst, Math.max(phi - (double) i / N, (i + 1.0) / N - phi));
        }
        double statistic = worst * Math.sqrt(N);
        assertTrue(statistic < 1.95, () -> "Kolmogorov-Smirnov statistic " + statistic);
    }

    @Test
    void uniformsHaveTheUniformDistribution() {
        float[] x = new float[N];
        Rng.of(3).stream("uniform").uniforms(x, 0, N, 0);
        int[] bins = new int[1024];
        for (float v : x) {
            assertTrue(v >= 0 && v < 1);
            assertEquals(v * 0x1p24f, Math.rint(v * 0x1p24f));
            bins[(int) (v * 1024)]++;
        }
        double chiSquare = 0;
        for (int count : bins) {
            chiSquare += Math.pow(count - N / 1024.0, 2) / (N / 1024.0);
        }
        assertEquals(1023, chiSquare, 5 * Math.sqrt(2 * 1023));
    }

    @Test
    void badRangesSayWhatIsWrong() {
        Rng rng = Rng.of(0);
        assertThrows(IllegalArgumentException.class, () -> rng.bits(-1));
        assertThrows(IndexOutOfBoundsException.class, () -> rng.normals(new float[3], 1, 3, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> rng.normals(new float[3], -1, 1, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> rng.bits(new int[3], 0, -1, 0));
        assertThrows(IllegalArgumentException.class, () -> rng.uniforms(new float[3], 0, 3, -1));
        assertThrows(IllegalArgumentException.class, () -> rng.uniforms(new float[3], 0, 3, Long.MAX_VALUE - 2));
        assertThrows(NullPointerException.class, () -> rng.stream(null));
    }

    @Test
    void namesItself() {
        assertEquals("Rng[seed 42: noise/fc1[7]: x]", Rng.of(42).stream("noise/fc1", 7).stream("x").toString());
    }

    private static float[] normals(int n) {
        float[] x = new float[n];
        Rng.of(2024).stream("moments").normals(x, 0, n, 0);
        return x;
    }

    private static double correlation(float[] x, float[] y, int lag) {
        double sum = 0;
        for (int i = 0; i + lag < x.length; i++) {
            sum += (double) x[i] * y[i + lag];
        }
        return sum / (x.length - lag);
    }

    /// Φ(x) by its Taylor series `½ + φ(x)·Σ x^(2k+1)/(1·3·…·(2k+1))`, whose terms all have one sign.
    private static double phi(double x) {
        double term = x;
        double sum = x;
        for (int k = 1; Math.abs(term) > 1e-18; k++) {
            term *= x * x / (2 * k + 1);
            sum += term;
        }
        return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    private static final long FROZEN_KEY = -1919448162903160787L;
    private static final Float[] FROZEN_NORMALS = {-0.32571f, 0.8157978f, -1.572965f, 0.35815293f};
}
