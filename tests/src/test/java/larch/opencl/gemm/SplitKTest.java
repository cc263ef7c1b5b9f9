package larch.opencl.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where sums over k are cut.
class SplitKTest {
    /// The layers of FNCF at several batch sizes, and shapes around what decides.
    @ParameterizedTest
    @CsvSource({
        "256, 128, 128,   128", "256, 128, 511,   511", "256, 128, 512,   128", "256, 128, 1024,  128", "256, 128, 1000,  160",
        "256, 128, 65536, 2048", "128, 64, 4096,  128", "128, 64, 65536,  512", "64, 1, 65536, 256", "1, 1, 65537, 288",
        "512, 512, 4096,  1024", "512, 513, 4096, 4096", "2048, 2048, 65536, 65536", "5, 5, 0, 0"})
    void theExtentsSayHowManySteps(int m, int n, int k, int steps) {
        assertEquals(steps, SplitK.DEFAULT.steps(m, n, k));
        assertEquals(k, SplitK.NEVER.steps(m, n, k));
    }

    /// No chunk is empty, the launch is no larger than wanted, and the bound is never above that of one chain.
    @Test
    void chunksCoverAllStepsOnce() {
        SplittableRandom random = new SplittableRandom(1);
        int splits = 0;
        for (int i = 0; i < 10_000; i++) {
            int m = 1 + random.nextInt(700);
            int n = 1 + random.nextInt(700);
            int k = 1 + random.nextInt(1 << 1 + random.nextInt(20));
            int steps = SplitK.DEFAULT.steps(m, n, k);
            int chunks = Math.ceilDiv(k, steps);
            assertTrue(steps >= 1 && steps <= k && (chunks - 1L) * steps < k);
            if (chunks > 1) {
                splits++;
                assertTrue(steps >= 128 && steps % 32 == 0, () -> "steps " + steps);
                assertTrue(chunks * Math.ceilDiv(m, 64) * Math.ceilDiv(n, 64) <= 256);
                assertTrue(steps + chunks + 1 <= k + 2);
            }
        }
        assertTrue(splits > 1_000, splits + " splits");
    }

    @Test
    void numbersThatMakeNoSenseAreRefused() {
        assertEquals("gemm: a split must have groups >= 0, steps >= 1 and chunks >= 2; got 256, 0 and 4",
                assertThrows(IllegalArgumentException.class, () -> new SplitK(256, 0, 4)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> new SplitK(-1, 1, 4));
        assertThrows(IllegalArgumentException.class, () -> new SplitK(256, 1, 1));
    }
}
