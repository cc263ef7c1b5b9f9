package larch.random;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.LongSupplier;

/// A source of random numbers named by a seed and a path; immutable (unless it follows a counter), so threads may share
/// it.
///
/// A stream is not a sequence that someone advances but a function from an index to a word: word `i` is word
/// `i mod 4` of Philox block `i / 4` under the stream's 64-bit key ([Philox4x32]). Hence any part can be
/// computed anywhere, in any order, by any number of threads, with the same result.
///
/// ```java
/// Rng root = Rng.of(42);
/// root.stream("init/fc1").normals(weights, 0, weights.length, 0);
/// root.stream("noise/fc1", () -> step).normals(noise, from, to - from, from);   // each thread its own range
/// Draws draws = root.stream("negatives", user).draws();                   // one after another
/// ```
///
/// The key is a hash of seed and path, so it does not matter in which order streams are made, adding one
/// changes no other, and different paths give unrelated numbers (`StreamKey` says how rarely two keys could
/// meet). A path is a list of steps: `stream("a").stream("b")` is not `stream("a/b")`.
public final class Rng {
    private final String path;
    /// The key of a stream that never moves.
    private final long fixedKey;
    /// What the key of a stream below a counter is computed from; null for a stream that never moves.
    private final LongSupplier movingKey;

    private Rng(String path, long fixedKey, LongSupplier movingKey) {
        this.path = path;
        this.fixedKey = fixedKey;
        this.movingKey = movingKey;
    }

    /// @param seed any number; two seeds give unrelated numbers even if they differ in one bit
    /// @return the root stream of that seed
    public static Rng of(long seed) {
        return new Rng("seed " + seed, StreamKey.root(seed), null);
    }

    /// @param name what the numbers are for
    /// @return the child stream of that name
    public Rng stream(String name) {
        byte[] bytes = utf8(name);
        String childPath = path + ": " + name;
        return movingKey == null ? new Rng(childPath, StreamKey.child(fixedKey, bytes), null)
                : new Rng(childPath, 0, () -> StreamKey.child(key(), bytes));
    }

    /// A fixed one of many streams. Where code is kept and run again, as in a recorded plan, a step number must be a
    /// counter instead: [#stream(String, LongSupplier)].
    /// @param name  what the numbers are for
    /// @param index which one of many: a user, a layer, an epoch
    /// @return the child stream of that name and index; it differs from `stream(name)` for every index
    public Rng stream(String name, long index) {
        byte[] bytes = utf8(name);
        String childPath = path + ": " + name + "[" + index + "]";
        return movingKey == null ? new Rng(childPath, StreamKey.child(fixedKey, bytes, index), null)
                : new Rng(childPath, 0, () -> StreamKey.child(key(), bytes, index));
    }

    /// A stream that follows a counter: at any time it is `stream(name, counter.getAsLong())`, and so are its children.
    /// So code that keeps its streams, such as a recorded plan, draws other numbers in each step.
    /// @param name    what the numbers are for
    /// @param counter the present index; must not move while numbers are drawn
    /// @return the child stream
    public Rng stream(String name, LongSupplier counter) {
        byte[] bytes = utf8(name);
        return new Rng(path + ": " + name + "[...]", 0, () -> StreamKey.child(key(), bytes, counter.getAsLong()));
    }

    /// @return whether this stream or one above it follows a counter, so that later draws may differ from earlier ones
    public boolean followsCounter() {
        return movingKey != null;
    }

    private static byte[] utf8(String name) {
        return Objects.requireNonNull(name, "name").getBytes(StandardCharsets.UTF_8);
    }

    /// One word; random access. For many words the other methods are faster.
    /// @param i the index of the word, `i >= 0`
    /// @return 32 random bits
    public int bits(long i) {
        if (i < 0) {
            throw new IllegalArgumentException("bits: the index must be >= 0; got " + i);
        }
        int[] words = new int[Philox4x32.WORDS];
        Philox4x32.block(key(), i >>> 2, 0, words);
        return words[(int) (i & 3)];
    }

    /// Words `start` to `start + len - 1`.
    /// @param dst   Modified: `dst[off + j]` becomes `bits(start + j)`
    /// @param off   where to begin in `dst`
    /// @param len   how many
    /// @param start the index of the first word, `start >= 0`
    public void bits(int[] dst, int off, int len, long start) {
        check("bits", dst.length, off, len, start);
        BlockBuffer buffer = new BlockBuffer(key(), len);
        for (int done = 0; done < len; ) {
            int n = buffer.load(start + done, len - done);
            buffer.storeBits(dst, off + done, n);
            done += n;
        }
    }

    /// Uniform numbers in [0, 1): `(word >>> 8) / 2^24`, every multiple of 2^-24 equally likely.
    /// @param dst   Modified: `dst[off + j]` depends on this stream and on `start + j` alone
    /// @param off   where to begin in `dst`
    /// @param len   how many
    /// @param start the index of the first number, `start >= 0`
    public void uniforms(float[] dst, int off, int len, long start) {
        check("uniforms", dst.length, off, len, start);
        BlockBuffer buffer = new BlockBuffer(key(), len);
        for (int done = 0; done < len; ) {
            int n = buffer.load(start + done, len - done);
            buffer.storeUniforms(dst, off + done, n);
            done += n;
        }
    }

    /// Standard normal numbers: words `2p` and `2p+1` make numbers `2p` and `2p+1` (see `BoxMuller`).
    /// @param dst   Modified: `dst[off + j]` depends on this stream and on `start + j` alone, to the last bit
    /// @param off   where to begin in `dst`
    /// @param len   how many
    /// @param start the index of the first number, `start >= 0`
    public void normals(float[] dst, int off, int len, long start) {
        check("normals", dst.length, off, len, start);
        BlockBuffer buffer = new BlockBuffer(key(), len);
        for (int done = 0; done < len; ) {
            int n = buffer.load(start + done, len - done);
            buffer.storeNormals(dst, off + done, n);
            done += n;
        }
    }

    /// @return a cursor at word 0 of this stream; each call gives a new one
    public Draws draws() {
        return new Draws(key());
    }

    /// @return the key that the words of this stream are computed with, for kernels that compute them
    ///         elsewhere
    public long key() {
        return movingKey == null ? fixedKey : movingKey.getAsLong();
    }

    /// @return the seed and the path, such as `Rng[seed 42: noise/fc1[7]]`
    @Override
    public String toString() {
        return "Rng[" + path + "]";
    }

    private static void check(String what, int length, int off, int len, long start) {
        if (off < 0 || len < 0 || off > length - len) {
            throw new IndexOutOfBoundsException(what + ": " + len + " numbers at offset " + off
                    + " do not fit an array of length " + length);
        }
        if (start < 0 || start > Long.MAX_VALUE - len) {
            throw new IllegalArgumentException(what + ": the start must be >= 0 and start + len below 2^63; got start "
                    + start + ", len " + len);
        }
    }
}
