package larch.fncf.data;

import java.util.List;
import java.util.Optional;

/// Everything that was read from one data set; immutable.
///
/// `sha256` identifies the content: it is taken over the files that were read, in the reader's fixed order,
/// each as its name, a line feed, its length in decimal, a line feed and its raw bytes. A folder and a zip of
/// the same files therefore have the same hash; the options that encode the features are not part of it.
///
/// @param name         such as `ml-1m`
/// @param note         what a reader of any result from this data must know; empty when there is nothing
/// @param sha256       hash of the content, 64 hexadecimal digits
/// @param interactions the whole history
/// @param userFeatures one row per user; of width 0 when the format has none
/// @param itemFeatures one row per item; of width 0 when the format has none
/// @param itemTitles   one per item; empty when the format has none, see [#title]
/// @param userLabels   the user ids as the files write them
/// @param itemLabels   the item ids as the files write them
/// @param fixedTest    the held-out items and negatives, where the format brings its own
public record Dataset(String name, String note, String sha256, Interactions interactions, FeatureTable userFeatures,
        FeatureTable itemFeatures, List<String> itemTitles, List<String> userLabels, List<String> itemLabels,
        Optional<FixedTest> fixedTest) {
    /// Checks that all parts have the same numbers of users and items.
    public Dataset {
        itemTitles = List.copyOf(itemTitles);
        userLabels = List.copyOf(userLabels);
        itemLabels = List.copyOf(itemLabels);
        requireCount("user features", userFeatures.rows().rows(), interactions.numUsers());
        requireCount("user labels", userLabels.size(), interactions.numUsers());
        requireCount("item features", itemFeatures.rows().rows(), interactions.numItems());
        requireCount("item labels", itemLabels.size(), interactions.numItems());
        if (!itemTitles.isEmpty()) {
            requireCount("item titles", itemTitles.size(), interactions.numItems());
        }
        if (fixedTest.isPresent()) {
            requireCount("fixed test items", fixedTest.get().testItem().length, interactions.numUsers());
        }
    }

    /// @return the number of users
    public int numUsers() {
        return interactions.numUsers();
    }

    /// @return the number of items
    public int numItems() {
        return interactions.numItems();
    }

    /// @param item an item
    /// @return its title, or `item 17` with its id in the files when the format has no titles
    public String title(int item) {
        return itemTitles.isEmpty() ? "item " + itemLabels.get(item) : itemTitles.get(item);
    }

    Dataset withNote(String other) {
        return new Dataset(name, other, sha256, interactions, userFeatures, itemFeatures, itemTitles, userLabels,
                itemLabels, fixedTest);
    }

    private static void requireCount(String what, int got, int expected) {
        if (got != expected) {
            throw new IllegalArgumentException("dataset: expected " + expected + " " + what + ", got " + got);
        }
    }
}
