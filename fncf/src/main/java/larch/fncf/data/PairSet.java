package larch.fncf.data;

/// A set of (user, item) pairs: one bit for every possible pair, so that membership costs one load.
/// ML-1M takes 2.8 MB.
final class PairSet {
    private final int numItems;
    private final int wordsPerUser;
    private final long[] words;

    PairSet(int numUsers, int numItems) {
        this.numItems = numItems;
        this.wordsPerUser = (numItems + Long.SIZE - 1) / Long.SIZE;
        this.words = new long[Math.multiplyExact(numUsers, wordsPerUser)];
    }

    /// @return false when the pair was there already
    boolean add(int user, int item) {
        int word = user * wordsPerUser + (item >> 6);
        long bit = 1L << item;
        boolean added = (words[word] & bit) == 0;
        words[word] |= bit;
        return added;
    }

    boolean contains(int user, int item) {
        return (words[user * wordsPerUser + (item >> 6)] >>> item & 1) != 0;
    }

    int countOf(int user) {
        int count = 0;
        for (int w = user * wordsPerUser; w < (user + 1) * wordsPerUser; w++) {
            count += Long.bitCount(words[w]);
        }
        return count;
    }

    int numItems() {
        return numItems;
    }
}
