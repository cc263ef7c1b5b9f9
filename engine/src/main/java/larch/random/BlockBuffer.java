package larch.random;

/// Some Philox blocks on their way to an array: made many at a time, because then C2 vectorises the loops,
/// and one array per word of a block, because vector code wants neighbours. The store methods deal them out
/// in stream order.
///
/// One buffer serves one call of `Rng`; it is as large as the call needs, at most 12 KiB, which fits the
/// first cache.
final class BlockBuffer {
    private static final int MAX_BLOCKS = 256;

    private final long key;
    private final int capacity;
    private final long[] a;
    private final long[] b;
    private int[] word1;
    private int[] word2;
    private float[] n0;
    private float[] n1;
    private float[] n2;
    private float[] n3;
    private int blocks;
    private int skip;

    /// @param len how many numbers the caller wants in all
    BlockBuffer(long key, int len) {
        this.key = key;
        this.capacity = (int) Math.min(MAX_BLOCKS, (len + 3L) / 4 + 1);  // + 1: a range may begin inside a block
        this.a = new long[capacity];
        this.b = new long[capacity];
    }

    /// Computes the words from `start` on: as many as fit, at most `len`.
    /// @return how many there are
    int load(long start, int len) {
        skip = (int) (start & 3);
        int n = Math.min(len, Philox4x32.WORDS * capacity - skip);
        blocks = (skip + n + 3) / 4;
        Philox4x32.blocks(key, start >>> 2, blocks, a, b);
        return n;
    }

    void storeBits(int[] dst, int off, int n) {
        for (int j = 0; j < n; j++) {
            dst[off + j] = word(skip + j);
        }
    }

    void storeUniforms(float[] dst, int off, int n) {
        for (int j = 0; j < n; j++) {
            dst[off + j] = (word(skip + j) >>> 8) * 0x1p-24f;
        }
    }

    void storeNormals(float[] dst, int off, int n) {
        if (n0 == null) {
            word1 = new int[capacity];
            word2 = new int[capacity];
            n0 = new float[capacity];
            n1 = new float[capacity];
            n2 = new float[capacity];
            n3 = new float[capacity];
        }
        split(a, word1, word2, blocks);
        BoxMuller.transform(word1, word2, n0, n1, blocks);
        split(b, word1, word2, blocks);
        BoxMuller.transform(word1, word2, n2, n3, blocks);
        int j = 0;
        for (; j < n && ((skip + j) & 3) != 0; j++) {
            dst[off + j] = normal(skip + j);
        }
        for (int block = (skip + j) >> 2; j <= n - 4; j += 4, block++) {
            dst[off + j] = n0[block];
            dst[off + j + 1] = n1[block];
            dst[off + j + 2] = n2[block];
            dst[off + j + 3] = n3[block];
        }
        for (; j < n; j++) {
            dst[off + j] = normal(skip + j);
        }
    }

    private static void split(long[] pairs, int[] low, int[] high, int count) {
        for (int j = 0; j < count; j++) {
            low[j] = (int) pairs[j];
            high[j] = (int) (pairs[j] >>> 32);
        }
    }

    private float normal(int i) {
        float[] lane = (i & 2) == 0 ? ((i & 1) == 0 ? n0 : n1) : ((i & 1) == 0 ? n2 : n3);
        return lane[i >> 2];
    }

    private int word(int i) {
        long pair = (i & 2) == 0 ? a[i >> 2] : b[i >> 2];
        return (int) (pair >>> ((i & 1) << 5));
    }
}
