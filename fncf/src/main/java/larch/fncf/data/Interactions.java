package larch.fncf.data;

import java.util.Objects;

/// Who used what, when and how they liked it: one row per rating, in the order of the file.
///
/// Row `n` says that user `users[n]` rated item `items[n]` with `ratings[n]` at `timestamps[n]`. Implicit
/// feedback (D1) reads every row as 1, whatever the rating. No (user, item) pair occurs twice: the readers
/// see to that, because leave-one-out would otherwise hold out an item that is still in the training part.
/// The arrays are shared, not copied, because they are large: they must not be written to.
///
/// @param numUsers   users are `0 … numUsers-1`; a user may have no row
/// @param numItems   items are `0 … numItems-1`; an item may have no row
/// @param users      user of each row
/// @param items      item of each row
/// @param timestamps time of each row: seconds since 1970, or ordinals where the data set's note says so
/// @param ratings    rating of each row
public record Interactions(int numUsers, int numItems, int[] users, int[] items, long[] timestamps, float[] ratings) {
    /// Checks the lengths and the index ranges.
    public Interactions {
        if (items.length != users.length || timestamps.length != users.length || ratings.length != users.length) {
            throw new IllegalArgumentException("interactions: expected four arrays of one length, got "
                    + users.length + " users, " + items.length + " items, " + timestamps.length + " timestamps, "
                    + ratings.length + " ratings");
        }
        for (int n = 0; n < users.length; n++) {
            Objects.checkIndex(users[n], numUsers);
            Objects.checkIndex(items[n], numItems);
        }
    }

    /// @return the number of rows
    public int size() {
        return users.length;
    }

    /// @return the number of rows of each user
    public int[] countPerUser() {
        return count(users, numUsers);
    }

    /// @return the number of rows of each item: its popularity
    public int[] countPerItem() {
        return count(items, numItems);
    }

    static int[] count(int[] indices, int bound) {
        int[] counts = new int[bound];
        for (int index : indices) {
            counts[index]++;
        }
        return counts;
    }
}
