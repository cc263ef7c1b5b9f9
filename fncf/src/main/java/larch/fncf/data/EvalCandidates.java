package larch.fncf.data;

import java.util.Arrays;
import java.util.BitSet;
import larch.random.Draws;
import larch.random.Rng;

/// The items among which each user's held-out item is ranked; drawn once, stored and hashed (D5, D6).
///
/// Negatives are distinct and uniform over the items that the user has nowhere in the history (training,
/// validation, test). They depend on the seed, the part and the user, on nothing else; a run on the same
/// split always ranks the same lists. A user with fewer unseen items than asked for gets all of them, in
/// rising order, and ranks among fewer. Files that bring their own negatives (NCF) have them used for the
/// test part.
///
/// Streams: `candidates/test` and `candidates/validation`, one per user.
public final class EvalCandidates {
    /// The number of negatives of the leave-one-out protocol.
    public static final int DEFAULT_NEGATIVES = 99;

    /// Which held-out item is ranked.
    public enum Part {
        /// [Split#validationItem].
        VALIDATION,
        /// [Split#testItem].
        TEST
    }

    private final Part part;
    private final int[] positives;
    private final int[][] negatives;
    private final String sha256;

    private EvalCandidates(Part part, int[] positives, int[][] negatives) {
        this.part = part;
        this.positives = positives;
        this.negatives = negatives;
        Sha256 hash = new Sha256();
        for (int user = 0; user < positives.length; user++) {
            hash.ints(positives[user], negatives[user].length).ints(negatives[user]);
        }
        sha256 = hash.hex();
    }

    /// @param dataset where the format may have negatives of its own
    /// @param split   the split of that data set
    /// @param part    which held-out items
    /// @param seed    of the draw
    /// @return the file's own lists for the test part if there are any, else 99 drawn per user
    public static EvalCandidates of(Dataset dataset, Split split, Part part, long seed) {
        if (part == Part.TEST && dataset.fixedTest().isPresent()) {
            return new EvalCandidates(part, positives(split, part), dataset.fixedTest().get().negatives().clone());
        }
        return draw(split, part, seed, DEFAULT_NEGATIVES);
    }

    /// @param split        the split
    /// @param part         which held-out items
    /// @param seed         of the draw
    /// @param numNegatives per user, if it has so many unseen items
    /// @return freshly drawn lists
    public static EvalCandidates draw(Split split, Part part, long seed, int numNegatives) {
        if (numNegatives < 0) {
            throw new IllegalArgumentException("candidates: expected 0 or more negatives, got " + numNegatives);
        }
        int[] positives = positives(split, part);
        int[][] negatives = new int[positives.length][0];
        Rng rng = Rng.of(seed).stream(part == Part.TEST ? "candidates/test" : "candidates/validation");
        BitSet drawn = new BitSet(split.numItems());
        for (int user = 0; user < positives.length; user++) {
            if (positives[user] < 0) {
                continue;
            }
            drawn.clear();
            negatives[user] = split.numItems() - split.seenCount(user) <= numNegatives ? unseen(split, user)
                    : drawUnseen(split, user, rng.stream("user", user).draws(), numNegatives, drawn);
        }
        return new EvalCandidates(part, positives, negatives);
    }

    private static int[] positives(Split split, Part part) {
        int[] positives = new int[split.numUsers()];
        Arrays.setAll(positives, user -> part == Part.TEST ? split.testItem(user) : split.validationItem(user));
        return positives;
    }

    private static int[] unseen(Split split, int user) {
        int[] items = new int[split.numItems() - split.seenCount(user)];
        for (int item = 0, n = 0; n < items.length; item++) {
            if (!split.seen(user, item)) {
                items[n++] = item;
            }
        }
        return items;
    }

    private static int[] drawUnseen(Split split, int user, Draws draws, int count, BitSet drawn) {
        int[] items = new int[count];
        for (int n = 0; n < count; ) {
            int item = draws.nextInt(split.numItems());
            if (!split.seen(user, item) && !drawn.get(item)) {
                drawn.set(item);
                items[n++] = item;
            }
        }
        return items;
    }

    /// @return which held-out items these are
    public Part part() {
        return part;
    }

    /// @return the number of users, with and without a held-out item
    public int numUsers() {
        return positives.length;
    }

    /// @param user a user
    /// @return the held-out item, -1 for none: such a user is not evaluated
    public int positive(int user) {
        return positives[user];
    }

    /// @param user a user
    /// @return the items to rank it against; empty without a held-out item; shared, not to be written to
    public int[] negatives(int user) {
        return negatives[user];
    }

    /// @return SHA-256 over, for each user, the held-out item, the number of negatives and the negatives,
    ///         each as four bytes, the highest first
    public String sha256() {
        return sha256;
    }
}
