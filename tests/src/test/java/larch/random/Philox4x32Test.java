package larch.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// The published vectors of Random123 (`kat_vectors`, lines `philox4x32 10`), and the two ways to compute a
/// block.
class Philox4x32Test {
    @Test
    void zeros() {
        check(0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    }

    @Test
    void ones() {
        check(-1, -1, -1, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    }

    @Test
    void digitsOfPi() {
        check(0x299f31d0_a4093822L, 0x85a308d3_243f6a88L, 0x03707344_13198a2eL,
                0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
    }

    @Test
    void manyBlocksAtOnceAreTheSameBlocks() {
        long key = 0x0123456789abcdefL;
        long[] a = new long[100];
        long[] b = new long[100];
        int[] words = new int[4];
        // the second start makes the counter cross from its first word into the next
        for (long first : new long[] {0, 0xffffffd0L, (1L << 61) - 100}) {
            Philox4x32.blocks(key, first, 100, a, b);
            for (int j = 0; j < 100; j++) {
                Philox4x32.block(key, first + j, 0, words);
                assertEquals((words[0] & 0xffffffffL) | (long) words[1] << 32, a[j]);
                assertEquals((words[2] & 0xffffffffL) | (long) words[3] << 32, b[j]);
            }
        }
    }

    private static void check(long key, long counterLow, long counterHigh, int... expected) {
        int[] words = new int[4];
        Philox4x32.block(key, counterLow, counterHigh, words);
        assertArrayEquals(expected, words);
    }
}
