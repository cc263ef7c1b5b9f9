package larch.fncf.data;

import java.util.Arrays;
import larch.random.Draws;
import larch.random.Rng;

/// Holds out one rating of each user for testing and, if asked, one for validation (D3, D4).
///
/// Test is the latest rating of the user; validation is the one before it (`second-last`), any other one
/// drawn with the seed (`random`), or nothing (`none`). `data.tie` decides which of several ratings with
/// equal timestamps is the latest; where its rule leaves two equal, the later in the file is.
///
/// A user with one rating keeps it for training and has neither test nor validation item; a user with two has
/// a test item and one for training; a user without any takes no part. Where the format fixes the test items
/// (NCF), those are taken and only validation is chosen here.
///
/// Streams: `split/tie` (one draw per rating, in file order), `split/validation` (one per user).
public final class LeaveOneOut {
    private static final int NONE = -1;

    private LeaveOneOut() { }

    /// @param dataset the data
    /// @param options `data.tie` and `data.val` are used
    /// @param seed    for the random choices only: other options give the same split for every seed
    /// @return the split
    public static Split split(Dataset dataset, DataOptions options, long seed) {
        Interactions all = dataset.interactions();
        int numUsers = all.numUsers();
        long[] tieKey = tieKeys(all, options.tie(), seed);
        int[] testRow = dataset.fixedTest().isPresent() ? fixedRows(all, dataset.fixedTest().get())
                : latestRows(all, tieKey, filled(numUsers), all.countPerUser(), 2);
        int[] left = all.countPerUser();
        for (int user = 0; user < numUsers; user++) {
            left[user] -= testRow[user] == NONE ? 0 : 1;
        }
        int[] validationRow = switch (options.validation()) {
            case NONE -> filled(numUsers);
            // A user keeps at least one rating for training.
            case SECOND_LAST -> latestRows(all, tieKey, testRow, left, 2);
            case RANDOM -> randomRows(all, testRow, left, seed);
        };
        return new Split(all, validationRow, testRow);
    }

    private static int[] filled(int numUsers) {
        int[] rows = new int[numUsers];
        Arrays.fill(rows, NONE);
        return rows;
    }

    /// Of rows with equal timestamps, the one with the highest key is the latest.
    private static long[] tieKeys(Interactions all, DataOptions.Tie tie, long seed) {
        int[] popularity = all.countPerItem();
        Draws draws = Rng.of(seed).stream("split/tie").draws();
        long[] keys = new long[all.size()];
        for (int n = 0; n < keys.length; n++) {
            int item = all.items()[n];
            keys[n] = switch (tie) {
                case LAST -> n;
                case FIRST -> -n;
                case RANDOM -> draws.nextInt();
                case ITEM_ASC -> item;
                case ITEM_DESC -> -item;
                case POPULAR -> popularity[item];
                case UNPOPULAR -> -popularity[item];
            };
        }
        return keys;
    }

    /// @param except  per user a row that does not count
    /// @param counts  per user how many rows count
    /// @param atLeast users with fewer get none
    private static int[] latestRows(Interactions all, long[] tieKey, int[] except, int[] counts, int atLeast) {
        int[] latest = filled(all.numUsers());
        for (int n = 0; n < all.size(); n++) {
            int user = all.users()[n];
            if (n == except[user] || counts[user] < atLeast) {
                continue;
            }
            int best = latest[user];
            boolean later = best == NONE || all.timestamps()[n] > all.timestamps()[best]
                    || all.timestamps()[n] == all.timestamps()[best] && tieKey[n] >= tieKey[best];
            latest[user] = later ? n : best;
        }
        return latest;
    }

    private static int[] randomRows(Interactions all, int[] testRow, int[] left, long seed) {
        Rng rng = Rng.of(seed);
        int[] skip = new int[all.numUsers()];
        for (int user = 0; user < skip.length; user++) {
            skip[user] = left[user] < 2 ? NONE : rng.stream("split/validation", user).draws().nextInt(left[user]);
        }
        int[] chosen = filled(all.numUsers());
        for (int n = 0; n < all.size(); n++) {
            int user = all.users()[n];
            if (n != testRow[user] && skip[user]-- == 0) {
                chosen[user] = n;
            }
        }
        return chosen;
    }

    private static int[] fixedRows(Interactions all, FixedTest fixed) {
        int[] rows = filled(all.numUsers());
        for (int n = 0; n < all.size(); n++) {
            int user = all.users()[n];
            rows[user] = all.items()[n] == fixed.testItem()[user] ? n : rows[user];
        }
        return rows;
    }
}
