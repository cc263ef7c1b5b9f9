package larch.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// The closed form of a row's drift against the sum that it stands for.
class AdamDriftTest {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;

    private final AdamDrift drift = new AdamDrift(BETA1, BETA2);

    @Test
    void isExactAtBothEnds() {
        for (long t : new long[] {0, 1, 10, 500, 40_000}) {
            for (long k : new long[] {1, 2, 50, 3000}) {
                assertEquals(sum(BETA1, t, k), drift.whereEpsilonRules(t, k), 1e-10 * sum(BETA1, t, k));
                double fast = BETA1 / Math.sqrt(BETA2);
                assertEquals(sum(fast, t, k), drift.whereEpsilonVanishes(t, k), 1e-10 * sum(fast, t, k));
            }
        }
    }

    private static double sum(double q, long t, long k) {
        double sum = 0;
        for (long j = 1; j <= k; j++) {
            sum += AdamDrift.biasCorrection(BETA1, BETA2, t + j) * Math.pow(q, j);
        }
        return sum;
    }

    @Test
    void errsByLessThanDocumentedInBetween() {
        double worst = 0;
        for (double theta = 0.01; theta < 1; theta += 0.01) {
            double epsilon = 1e-7;
            double root = epsilon * theta / (1 - theta);
            for (long t : new long[] {1, 10, 500, 40_000}) {
                for (long k : new long[] {1, 2, 5, 20, 100, 3000}) {
                    double exact = 0;
                    for (long j = 1; j <= k; j++) {
                        exact += AdamDrift.biasCorrection(BETA1, BETA2, t + j) * Math.pow(BETA1, j)
                                / (Math.pow(BETA2, j / 2.0) * root + epsilon);
                    }
                    double closed = ((1 - theta) * drift.whereEpsilonRules(t, k) + theta * drift.whereEpsilonVanishes(t, k))
                            / (root + epsilon);
                    worst = Math.max(worst, Math.abs(closed / exact - 1));
                }
            }
        }
        double found = worst;
        assertTrue(found <= 1.5e-5, () -> "relative error " + found);
    }

    @Test
    void decaysThatDoNotConvergeAreRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> new AdamDrift(0.9, 0.81)).getMessage();
        assertEquals("adam: dense semantics on gathered rows need beta1 < sqrt(beta2), got 0.9 and 0.81; use lazy rows",
                message);
    }
}
