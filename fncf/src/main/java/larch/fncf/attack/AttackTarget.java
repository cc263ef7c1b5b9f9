package larch.fncf.attack;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import larch.fncf.data.FeatureTable;
import larch.fncf.data.Field;

/// Which feature columns an attacker may change, in the order of [AttackedModel]: a user's, then an item's.
///
/// @param name    as on the command line, such as `user+item` or `age`
/// @param columns those columns
public record AttackTarget(String name, BitSet columns) {
    private static final String USER = "user";
    private static final String ITEM = "item";

    /// Copies the columns.
    public AttackTarget {
        columns = (BitSet) columns.clone();
    }

    /// @return a copy of the columns
    @Override
    public BitSet columns() {
        return (BitSet) columns.clone();
    }

    /// @param text  `user`, `item`, a field of either such as `age` or `genre`, or several of those joined by
    ///              `+`
    /// @param users what the user columns mean
    /// @param items what the item columns mean
    /// @return the target; throws [IllegalArgumentException] for a name that is not there or stands for no
    ///         column
    public static AttackTarget parse(String text, FeatureTable users, FeatureTable items) {
        BitSet columns = new BitSet();
        for (String part : text.split("\\+", -1)) {
            BitSet some = columnsOf(part.strip(), users, items);
            if (some.isEmpty()) {
                throw new IllegalArgumentException("target: expected some of " + names(users, items) + ", joined by +, got '"
                        + text + "'" + (users.width() + items.width() == 0 ? "; this data has no features to attack" : ""));
            }
            columns.or(some);
        }
        return new AttackTarget(text, columns);
    }

    private static BitSet columnsOf(String part, FeatureTable users, FeatureTable items) {
        BitSet columns = new BitSet();
        select(columns, part, USER, users, 0);
        select(columns, part, ITEM, items, users.width());
        return columns;
    }

    private static void select(BitSet columns, String part, String whole, FeatureTable table, int offset) {
        if (part.equals(whole)) {
            columns.set(offset, offset + table.width());
        }
        for (Field field : table.fields()) {
            if (part.equals(field.name())) {
                columns.set(offset + field.from(), offset + field.to());
            }
        }
    }

    private static List<String> names(FeatureTable users, FeatureTable items) {
        List<String> names = new ArrayList<>(List.of(USER, ITEM));
        users.fields().forEach(field -> names.add(field.name()));
        items.fields().forEach(field -> names.add(field.name()));
        return names;
    }
}
