package larch.fncf.data;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Reads the ratings of a MovieLens set: user id, item id, stars, timestamp, one rating a line.
///
/// A (user, item) pair may occur once: a second rating of the same film by the same user is an error, because
/// leave-one-out would hold out an item that is still in the training part. Neither original file has one.
final class RatingsReader {
    private static final int MAX_STARS = 5;
    private final Map<String, Integer> userIndex;
    private final Map<String, Integer> itemIndex;

    /// @param userIndex id of each known user in the files → index
    /// @param itemIndex id of each film of the catalogue → index
    RatingsReader(Map<String, Integer> userIndex, Map<String, Integer> itemIndex) {
        this.userIndex = userIndex;
        this.itemIndex = itemIndex;
    }

    Interactions read(Rows rows, String userFile, String itemFile) {
        PairSet seen = new PairSet(userIndex.size(), itemIndex.size());
        InteractionsBuilder ratings = new InteractionsBuilder();
        while (rows.next()) {
            int user = index(rows, 0, "user", userIndex, userFile);
            int item = index(rows, 1, "film", itemIndex, itemFile);
            int stars = rows.integer(2, "rating", 1, MAX_STARS);
            long timestamp = rows.timestamp(3);
            if (!seen.add(user, item)) {
                throw rows.error("one rating of each film by each user", "user " + rows.text(0) + " and film "
                        + rows.text(1) + " a second time", "keep one of the two rows");
            }
            ratings.add(user, item, timestamp, stars);
        }
        return ratings.build(userIndex.size(), itemIndex.size());
    }

    private static int index(Rows rows, int field, String what, Map<String, Integer> indices, String file) {
        Integer index = indices.get(rows.text(field));
        if (index == null) {
            throw rows.error("the id of a " + what + " in " + file, Rows.quoted(rows.text(field)),
                    "add the " + what + " to " + file + " or remove the row");
        }
        return index;
    }

    /// Drops the items without a row and renumbers the rest in their old order.
    /// @param kept receives the old index of each kept item
    static Interactions ratedOnly(Interactions all, List<Integer> kept) {
        int[] counts = all.countPerItem();
        int[] renumbered = new int[all.numItems()];
        for (int item = 0; item < counts.length; item++) {
            if (counts[item] > 0) {
                renumbered[item] = kept.size();
                kept.add(item);
            }
        }
        int[] items = Arrays.stream(all.items()).map(item -> renumbered[item]).toArray();
        return new Interactions(all.numUsers(), kept.size(), all.users(), items, all.timestamps(), all.ratings());
    }
}
