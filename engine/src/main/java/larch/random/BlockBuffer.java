package larch.random;

/// A few Philox blocks on their way to an array.
///
/// The words lie as in `Philox4x32.blocks`, all words 0 first, then all words 2, 1 and 3, so that the loops which make
/// them and turn them into normals read and write adjacent elements and C2 can vectorise them; the store methods then
/// deal them out in stream order. One buffer serves a call of `Rng`: at most 2 KiB, whatever the length.
final class BlockBuffer {
    private static final int MAX_BLOCKS = 64;

    private final long key;
    private final int stride;
    private final int[] words;
    private final float[] floats;
    private int blocks;
    private int skip;

    /// @param len how many numbers the caller wants in all
    BlockBuffer(long key, int len) {
        this.key = key;
        this.stride = (int) Math.min(MAX_BLOCKS, (len + 3L) / 4 + 1);    // + 1: a range may begin inside a block
        this.words = new int[4 * stride];
        this.floats = new float[4 * stride];
    }

    /// Computes the words from `start` on: as many as fit, at most `len`.
    /// @return how many there are
    int load(long start, int len) {
        skip = (int) (start & 3);
        int n = Math.min(len, 4 * stride - skip);
        blocks = (skip + n + 3) / 4;
        Philox4x32.blocks(key, start >>> 2, blocks, stride, words);
        return n;
    }

    void storeBits(int[] dst, int off, int n) {
        int j = 0;
        for (; j < n && ((skip + j) & 3) != 0; j++) {
            dst[off + j] = words[at(skip + j)];
        }
        for (int block = (skip + j) >> 2; j <= n - 4; j += 4, block++) {
            dst[off + j] = words[block];
            dst[off + j + 1] = words[2 * stride + block];
            dst[off + j + 2] = words[stride + block];
            dst[off + j + 3] = words[3 * stride + block];
        }
        for (; j < n; j++) {
            dst[off + j] = words[at(skip + j)];
        }
    }

    void storeUniforms(float[] dst, int off, int n) {
        for (int i = 0; i < words.length; i++) {
            floats[i] = (words[i] >>> 8) * 0x1p-24f;
        }
        storeFloats(dst, off, n);
    }

    void storeNormals(float[] dst, int off, int n) {
        // words 0 and 2 of every block are radii; words 1 and 3, two strides further on, are their angles
        BoxMuller.transform(words, floats, 2 * stride, stride + blocks);
        storeFloats(dst, off, n);
    }

    /// [#storeBits] for the results of the other two.
    private void storeFloats(float[] dst, int off, int n) {
        int j = 0;
        for (; j < n && ((skip + j) & 3) != 0; j++) {
            dst[off + j] = floats[at(skip + j)];
        }
        for (int block = (skip + j) >> 2; j <= n - 4; j += 4, block++) {
            dst[off + j] = floats[block];
            dst[off + j + 1] = floats[2 * stride + block];
            dst[off + j + 2] = floats[stride + block];
            dst[off + j + 3] = floats[3 * stride + block];
        }
        for (; j < n; j++) {
            dst[off + j] = floats[at(skip + j)];
        }
    }

    /// Where word `i` of the loaded blocks lies: column `i / 4` of row 0, 2, 1 or 3.
    private int at(int i) {
        int row = ((i & 1) << 1) | ((i >> 1) & 1);
        return row * stride + (i >> 2);
    }
}
