package larch.fncf.cli;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import larch.fncf.data.Split;

/// What one user is recommended: all items but those of their training and validation part, best first.
///
/// The held-out test item is not excluded: it is what the user went on to choose, so seeing it is the point.
///
/// @param logits one for each item
/// @param order  the items that are not excluded, the highest logit first, equal ones by index
record RankedItems(float[] logits, List<Integer> order) {
    /// @param logits one for each item
    /// @param split  what the user has met
    /// @param user   the user
    /// @return the ranking
    static RankedItems of(float[] logits, Split split, int user) {
        List<Integer> order = IntStream.range(0, logits.length).filter(item -> !isKnown(split, user, item)).boxed()
                .sorted(Comparator.comparingDouble(item -> -logits[item])).toList();
        return new RankedItems(logits, order);
    }

    /// @return whether the item was chosen by the user before the held-out one
    static boolean isKnown(Split split, int user, int item) {
        return split.seenInTrain(user, item) || split.validationItem(user) == item;
    }

    /// @param item an item
    /// @return its rank from 1; 0 if it is excluded
    int rank(int item) {
        return order.indexOf(item) + 1;
    }

    /// @param item an item
    /// @return the probability that the user likes it, according to the model
    double probability(int item) {
        return Numbers.sigmoid(logits[item]);
    }
}
