package larch.random;

/// Philox4x32-10: a block of four random 32-bit words as a function of a 128-bit counter and a 64-bit key.
///
/// Ten rounds; in each, two 32×32-bit products are split into halves, mixed with the other words and the round key:
///
/// ```text
/// (x0,x1,x2,x3) <- (hi(M1·x2) ^ x1 ^ k0,  lo(M1·x2),  hi(M0·x0) ^ x3 ^ k1,  lo(M0·x0));  k0 += W0;  k1 += W1
/// ```
///
/// Here the four words travel as two longs, `a = x0 | x1<<32` and `b = x2 | x3<<32`. Rotating a product by 32 bits
/// puts its high half into the low word and its low half into the high word, which is where the round wants them, so
/// half a round is one line ([#half]) and the C2 compiler turns a loop over blocks into vector code.
///
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011; constants and test
/// vectors from their Random123 library. It passes BigCrush; it is not for cryptography.
public final class Philox4x32 {
    /// The words of a block.
    public static final int WORDS = 4;

    private static final int ROUNDS = 10;
    private static final long M0 = 0xD2511F53L;
    private static final long M1 = 0xCD9E8D57L;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;
    private static final long LOW = 0xFFFFFFFFL;

    private Philox4x32() {
    }

    /// One block.
    /// @param key         key words `k0` (low half) and `k1` (high half)
    /// @param counterLow  counter words 0 (low half) and 1 (high half)
    /// @param counterHigh counter words 2 (low half) and 3 (high half)
    /// @param words       Modified: receives the four words
    public static void block(long key, long counterLow, long counterHigh, int[] words) {
        long a = counterLow;
        long b = counterHigh;
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++, k0 += W0, k1 += W1) {
            long nextA = half(M1, b, a, k0);
            b = half(M0, a, b, k1);
            a = nextA;
        }
        words[0] = (int) a;
        words[1] = (int) (a >>> 32);
        words[2] = (int) b;
        words[3] = (int) (b >>> 32);
    }

    /// Word `i % 4` of block `i / 4`, whose counter is `i / 4`.
    static int word(long key, long i) {
        long a = i >>> 2;
        long b = 0;
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++, k0 += W0, k1 += W1) {
            long nextA = half(M1, b, a, k0);
            b = half(M0, a, b, k1);
            a = nextA;
        }
        long pair = (i & 2) == 0 ? a : b;
        return (int) ((i & 1) == 0 ? pair : pair >>> 32);
    }

    /// Blocks `first` to `first + count - 1`, word by word: block `j` puts its words 0, 2, 1, 3 at `words[j]`,
    /// `words[stride + j]`, `words[2*stride + j]`, `words[3*stride + j]`. That order leaves the even words and the odd
    /// words side by side, as Box-Muller wants them.
    static void blocks(long key, long first, int count, int stride, int[] words) {
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int j = 0; j < count; j++) {
            long a = first + j;
            long b = 0;
            // Unrolled by hand: a loop over the rounds inside would keep C2 from vectorising the loop over blocks.
            long t = half(M1, b, a, k0);
            b = half(M0, a, b, k1);
            a = half(M1, b, t, k0 + W0);
            b = half(M0, t, b, k1 + W1);
            t = half(M1, b, a, k0 + 2 * W0);
            b = half(M0, a, b, k1 + 2 * W1);
            a = half(M1, b, t, k0 + 3 * W0);
            b = half(M0, t, b, k1 + 3 * W1);
            t = half(M1, b, a, k0 + 4 * W0);
            b = half(M0, a, b, k1 + 4 * W1);
            a = half(M1, b, t, k0 + 5 * W0);
            b = half(M0, t, b, k1 + 5 * W1);
            t = half(M1, b, a, k0 + 6 * W0);
            b = half(M0, a, b, k1 + 6 * W1);
            a = half(M1, b, t, k0 + 7 * W0);
            b = half(M0, t, b, k1 + 7 * W1);
            t = half(M1, b, a, k0 + 8 * W0);
            b = half(M0, a, b, k1 + 8 * W1);
            a = half(M1, b, t, k0 + 9 * W0);
            b = half(M0, t, b, k1 + 9 * W1);
            words[j] = (int) a;
            words[stride + j] = (int) b;
            words[2 * stride + j] = (int) (a >>> 32);
            words[3 * stride + j] = (int) (b >>> 32);
        }
    }

    /// Half a round: the product's halves swapped, then its low word mixed with the other pair's high word and the key.
    private static long half(long multiplier, long factor, long other, int key) {
        return Long.rotateLeft(multiplier * (factor & LOW), 32) ^ (other >>> 32) ^ (key & LOW);
    }
}
