package larch.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The cursor: how many words each draw takes, and that bounded draws and shuffles are fair.
class DrawsTest {
    @Test
    void eachDrawTakesItsWords() {
        Rng rng = Rng.of(1).stream("d");
        Draws draws = rng.draws();
        assertEquals(rng.bits(0), draws.nextInt());
        assertEquals((long) rng.bits(1) << 32 | rng.bits(2) & 0xffffffffL, draws.nextLong());
        assertEquals((rng.bits(3) >>> 8) * 0x1p-24f, draws.nextFloat());
        long word45 = (long) rng.bits(4) << 32 | rng.bits(5) & 0xffffffffL;
        assertEquals((word45 >>> 11) * 0x1p-53, draws.nextDouble());
        float[] normals = new float[2];
        rng.normals(normals, 0, 2, 6);
        assertEquals(normals[0], draws.nextNormal());
        rng.normals(normals, 0, 2, 8);
        assertEquals(normals[0], draws.nextGaussian());
        assertEquals(10, draws.position());
        assertEquals(rng.bits(0), rng.draws().nextInt());
    }

    @Test
    void wordsComeInOrderHoweverManyAreComputedAhead() {
        Rng rng = Rng.of(1).stream("ahead");
        int[] words = new int[5_000];
        rng.bits(words, 0, words.length, 0);
        Draws draws = rng.draws();
        for (int i = 0; i < words.length; i++) {
            assertEquals(i, draws.position());
            assertEquals(words[i], draws.nextInt());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000, 3 << 29, Integer.MAX_VALUE})
    void boundedDrawsAreUnbiased(int bound) {
        int bins = Math.min(bound, 30);
        int n = 300_000;
        long[] counts = new long[bins];
        double[] expected = new double[bins];
        for (int b = 0; b < bins; b++) {                    // bin b holds the values v with v·bins/bound = b
            long from = ((long) b * bound + bins - 1) / bins;
            long to = ((b + 1L) * bound + bins - 1) / bins;
            expected[b] = n * (double) (to - from) / bound;
        }
        Draws draws = Rng.of(5).stream("bounded", bound).draws();
        for (int i = 0; i < n; i++) {
            int v = draws.nextInt(bound);
            assertTrue(v >= 0 && v < bound);
            counts[(int) ((long) v * bins / bound)]++;
        }
        double chiSquare = 0;
        for (int b = 0; b < bins; b++) {
            chiSquare += Math.pow(counts[b] - expected[b], 2) / expected[b];
        }
        assertTrue(chiSquare <= bins - 1 + 5 * Math.sqrt(2 * bins),
                "chi-square " + chiSquare + " of " + bins + " bins");
    }

    /// 2^32 words make 8/3 words for each of 3·2^29 values: without rejection two values of three would get
    /// three words and the third only two, in a pattern modulo 3.
    @Test
    void boundedDrawsAreUnbiasedModuloThree() {
        Draws draws = Rng.of(6).draws();
        int n = 300_000;
        int[] counts = new int[3];
        for (int i = 0; i < n; i++) {
            counts[draws.nextInt(3 << 29) % 3]++;
        }
        for (int count : counts) {
            assertEquals(n / 3.0, count, 5 * Math.sqrt(n * 2 / 9.0));
        }
        // 2^32 mod bound = 2^30 of the 2^32 words are refused, so a draw takes 4/3 words in the mean
        assertEquals(n * 4 / 3.0, draws.position(), 5 * Math.sqrt(n * 4 / 9.0));
    }

    @Test
    void bothHalvesOfThePairAreNormalFromTheCursorToo() {
        Draws draws = Rng.of(4).draws();
        double sum = 0;
        double squares = 0;
        int n = 200_000;
        for (int i = 0; i < n; i++) {
            double v = draws.nextNormal();
            sum += v;
            squares += v * v;
        }
        assertEquals(0, sum / n, 5 / Math.sqrt(n));
        assertEquals(1, squares / n, 5 * Math.sqrt(2.0 / n));
    }

    @Test
    void shufflesReachEveryOrderEquallyOften() {
        Draws draws = Rng.of(9).draws();
        int n = 60_000;
        int[] counts = new int[6];
        for (int i = 0; i < n; i++) {
            int[] a = {9, 0, 1, 2, 9};
            draws.shuffle(a, 1, 4);
            assertEquals(9, a[0]);
            assertEquals(9, a[4]);
            counts[2 * a[1] + (a[2] > a[3] ? 1 : 0)]++;
        }
        for (int count : counts) {
            assertEquals(n / 6.0, count, 5 * Math.sqrt(n * 5 / 36.0), () -> Arrays.toString(counts));
        }
    }

    @Test
    void aShuffleKeepsTheElements() {
        int[] a = IntStream.range(0, 1000).toArray();
        Rng.of(3).draws().shuffle(a, 0, 1000);
        assertTrue(IntStream.range(0, 1000).anyMatch(i -> a[i] != i));
        Arrays.sort(a);
        assertArrayEquals(IntStream.range(0, 1000).toArray(), a);
        Rng.of(3).draws().shuffle(a, 5, 5);
        assertArrayEquals(IntStream.range(0, 1000).toArray(), a);
    }

    @Test
    void servesTheLibraryAsARandomGenerator() {
        List<Integer> list = new ArrayList<>(List.of(1, 2, 3, 4, 5, 6, 7, 8));
        Collections.shuffle(list, Rng.of(3).draws());
        List<Integer> again = new ArrayList<>(List.of(1, 2, 3, 4, 5, 6, 7, 8));
        Collections.shuffle(again, Rng.of(3).draws());
        assertEquals(list, again);
        assertTrue(Rng.of(3).draws().ints(100, -5, 5).allMatch(v -> v >= -5 && v < 5));
    }

    @Test
    void badArgumentsSayWhatIsWrong() {
        Draws draws = Rng.of(0).draws();
        assertThrows(IllegalArgumentException.class, () -> draws.nextInt(0));
        assertThrows(IllegalArgumentException.class, () -> draws.nextInt(-3));
        assertThrows(IndexOutOfBoundsException.class, () -> draws.shuffle(new int[3], 0, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> draws.shuffle(new int[3], 2, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> draws.shuffle(new int[3], -1, 1));
    }
}
