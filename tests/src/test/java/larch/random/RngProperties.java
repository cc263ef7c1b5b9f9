package larch.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/// However a range is cut up, and wherever it begins, its numbers are the same.
class RngProperties {
    @Property(tries = 300)
    void randomAccessEqualsBulkAndCursor(@ForAll long seed, @ForAll String name,
            @ForAll @LongRange(min = 0, max = 1L << 40) long start, @ForAll @IntRange(max = 40) int len) {
        Rng rng = Rng.of(seed).stream(name);
        int[] words = new int[len];
        rng.bits(words, 0, len, start);
        float[] uniforms = new float[len];
        rng.uniforms(uniforms, 0, len, start);
        for (int j = 0; j < len; j++) {
            assertEquals(rng.bits(start + j), words[j]);
            assertEquals((words[j] >>> 8) * 0x1p-24f, uniforms[j]);
        }
        Draws draws = rng.draws();
        for (int j = 0; j < len; j++) {
            assertEquals(rng.bits(j), draws.nextInt());
        }
        assertEquals(len, draws.position());
    }

    @Property(tries = 300)
    void normalsComeFromPairsOfWords(@ForAll long seed, @ForAll @LongRange(min = 0, max = 1L << 40) long start) {
        Rng rng = Rng.of(seed);
        float[] normals = new float[9];
        rng.normals(normals, 0, 9, start);
        for (int j = 0; j < 9; j++) {
            long even = (start + j) & -2;
            float r = BoxMuller.radius(rng.bits(even));
            int angle = rng.bits(even + 1);
            assertEquals(r * (even == start + j ? BoxMuller.cosTurn(angle) : BoxMuller.sinTurn(angle)), normals[j]);
        }
    }

    @Property(tries = 200)
    void aRangeSplitAnywhereIsTheSameRange(@ForAll long seed, @ForAll @LongRange(min = 0, max = 1L << 61) long start,
            @ForAll @IntRange(max = 3000) int len, @ForAll @IntRange(max = 3000) int cutAt,
            @ForAll @IntRange(max = 5) int off) {
        int cut = Math.min(cutAt, len);
        Rng rng = Rng.of(seed);

        float[] whole = new float[len + 10];
        Arrays.fill(whole, Float.NaN);
        rng.normals(whole, off, len, start);
        float[] parts = new float[len + 10];
        Arrays.fill(parts, Float.NaN);
        rng.normals(parts, off + cut, len - cut, start + cut);
        rng.normals(parts, off, cut, start);
        assertArrayEquals(whole, parts);
        for (int i = 0; i < whole.length; i++) {            // and nothing outside the range is touched
            assertEquals(i < off || i >= off + len, Float.isNaN(whole[i]));
        }

        int[] wholeBits = new int[len + 10];
        rng.bits(wholeBits, off, len, start);
        int[] partBits = new int[len + 10];
        rng.bits(partBits, off, cut, start);
        rng.bits(partBits, off + cut, len - cut, start + cut);
        assertArrayEquals(wholeBits, partBits);
    }
}
