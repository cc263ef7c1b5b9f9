package larch.random;

import java.util.random.RandomGenerator;

/// A cursor that draws the words of a stream one after another.
///
/// Mutable and not safe for use by several threads: give each its own stream. All methods that the interface
/// [RandomGenerator] adds (ranges, Java streams) work and draw through this cursor.
///
/// Words are computed ahead: one block first, then more and more at once, since many blocks together take a fifth of the
/// time and most cursors draw few.
public final class Draws implements RandomGenerator {
    private static final int MOST_AHEAD = 1_024;
    private static final int GROWTH = 4;

    private final long key;
    private int[] words = new int[0];
    private int next;
    /// The index of the first word that is not computed yet.
    private long wordsEnd;
    private BlockBuffer buffer;

    Draws(long key) {
        this.key = key;
    }

    /// @return how many words have been drawn, which is the index of the next one
    public long position() {
        return wordsEnd - words.length + next;
    }

    /// @return 32 random bits: one word
    @Override
    public int nextInt() {
        if (next == words.length) {
            computeAhead();
        }
        return words[next++];
    }

    private void computeAhead() {
        if (words.length == 0) {
            words = new int[Philox4x32.WORDS];
            Philox4x32.block(key, 0, 0, words);
        } else {
            if (words.length < MOST_AHEAD) {
                words = new int[GROWTH * words.length];
                buffer = new BlockBuffer(key, words.length);
            }
            buffer.load(wordsEnd, words.length);
            buffer.storeBits(words, 0, words.length);
        }
        wordsEnd += words.length;
        next = 0;
    }

    /// A uniform integer in `[0, bound)`, without bias: one word, rarely more.
    ///
    /// Source: Lemire, "Fast random integer generation in an interval", 2019.
    /// @param bound how many values, `bound >= 1`
    /// @return the integer
    @Override
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("nextInt: the bound must be >= 1; got " + bound);
        }
        long product = (nextInt() & 0xFFFFFFFFL) * bound;
        if ((product & 0xFFFFFFFFL) < bound) {
            // 2^32 mod bound of the 2^32 words are too many: those with the smallest low halves are drawn again
            long surplus = Integer.remainderUnsigned(-bound, bound);
            while ((product & 0xFFFFFFFFL) < surplus) {
                product = (nextInt() & 0xFFFFFFFFL) * bound;
            }
        }
        return (int) (product >>> 32);
    }

    /// @return 64 random bits: two words, the first in the high half
    @Override
    public long nextLong() {
        long high = (long) nextInt() << 32;
        return high | (nextInt() & 0xFFFFFFFFL);
    }

    /// @return a uniform number in [0, 1), a multiple of 2^-24: one word
    @Override
    public float nextFloat() {
        return (nextInt() >>> 8) * 0x1p-24f;
    }

    /// @return a uniform number in [0, 1), a multiple of 2^-53: two words
    @Override
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /// One standard normal number: two words, the cosine half of `BoxMuller`. [Rng#normals] makes both halves
    /// and is the faster way to many.
    /// @return the number
    public float nextNormal() {
        float r = BoxMuller.radius(nextInt());
        return r * BoxMuller.cosTurn(nextInt());
    }

    /// @return [#nextNormal()], so that this method too gives the same bits everywhere
    @Override
    public double nextGaussian() {
        return nextNormal();
    }

    /// Puts `a[from]` to `a[to - 1]` in random order, all orders equally likely (Fisher and Yates;
    /// Durstenfeld 1964).
    /// @param a    Modified
    /// @param from the first index
    /// @param to   one past the last index
    public void shuffle(int[] a, int from, int to) {
        if (from < 0 || to < from || to > a.length) {
            throw new IndexOutOfBoundsException("shuffle: [" + from + "," + to + ") of an array of length " + a.length);
        }
        for (int n = to - from; n > 1; n--) {
            int chosen = from + nextInt(n);
            int last = from + n - 1;
            int value = a[last];
            a[last] = a[chosen];
            a[chosen] = value;
        }
    }
}
