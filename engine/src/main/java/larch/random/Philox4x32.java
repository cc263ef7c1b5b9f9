package larch.random;

/// Philox4x32-10: a block of four random 32-bit words as a function of a 128-bit counter and a 64-bit key.
///
/// Ten rounds; in each, two 32×32-bit products are split into halves, mixed with the other words and the
/// round key:
///
/// ```text
/// (x0,x1,x2,x3) <- (hi(M1·x2) ^ x1 ^ k0,  lo(M1·x2),  hi(M0·x0) ^ x3 ^ k1,  lo(M0·x0));  k0 += W0;  k1 += W1
/// ```
///
/// Here the four words travel as two longs, `a = x0 | x1<<32` and `b = x2 | x3<<32`. Rotating a product by 32
/// bits puts its high half into the low word and its low half into the high word, which is where the round
/// wants them, so half a round is one line and the C2 compiler turns a loop over blocks into vector code.
///
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011; constants and
/// test vectors from their Random123 library. It passes BigCrush; it is not for cryptography.
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

    /// The pairs of blocks `first` to `first + count - 1`; the counter of block `i` is `i`.
    /// @param a Modified: `a[j]` receives words 0 (low half) and 1 (high half) of block `first + j`
    /// @param b Modified: the same for words 2 and 3
    static void blocks(long key, long first, int count, long[] a, long[] b) {
        for (int j = 0; j < count; j++) {
            a[j] = first + j;
            b[j] = 0;
        }
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++, k0 += W0, k1 += W1) {
            round(a, b, count, k0, k1);
        }
    }

    /// A loop of its own for each round, through memory: C2 does not vectorise a body of two rounds or more,
    /// and ten vectorised passes over the first-level cache take a fifth of the time of one scalar pass.
    private static void round(long[] a, long[] b, int count, int k0, int k1) {
        for (int j = 0; j < count; j++) {
            long nextA = half(M1, b[j], a[j], k0);
            b[j] = half(M0, a[j], b[j], k1);
            a[j] = nextA;
        }
    }

    /// Half a round: the product's halves swapped, then its low word mixed with the other pair's high word
    /// and the key.
    private static long half(long multiplier, long factor, long other, int key) {
        return Long.rotateLeft(multiplier * (factor & LOW), 32) ^ (other >>> 32) ^ (key & LOW);
    }
}
