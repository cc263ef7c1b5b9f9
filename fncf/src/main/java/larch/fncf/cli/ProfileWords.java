package larch.fncf.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import larch.fncf.data.FeatureTable;
import larch.fncf.data.Field;

/// What an attack did to a profile, in words.
final class ProfileWords {
    /// A column that moved by less is not worth a word.
    private static final float NOTABLE = 0.01f;
    private static final int COLUMNS_PER_FIELD = 3;

    private ProfileWords() {
    }

    /// @param table  what the columns mean
    /// @param before a feature row
    /// @param after  the same row, changed
    /// @return for each field that changed: its nearest valid value before and after, and its largest moves;
    ///         such as `age: 25-34 -> 18-24 (25-34 1.00->0.41, 18-24 0.00->0.52)`
    static List<String> changes(FeatureTable table, float[] before, float[] after) {
        List<String> changes = new ArrayList<>();
        for (Field field : table.fields()) {
            String moves = moves(field, before, after);
            if (!moves.isEmpty()) {
                String from = field.describe(before);
                String to = field.describe(after);
                changes.add(field.name() + ": " + from + (from.equals(to) ? " still" : " -> " + to) + " (" + moves + ")");
            }
        }
        return changes;
    }

    private static String moves(Field field, float[] before, float[] after) {
        return IntStream.range(field.from(), field.to()).boxed()
                .filter(c -> Math.abs(after[c] - before[c]) >= NOTABLE)
                .sorted(Comparator.comparingDouble(c -> -Math.abs(after[c] - before[c])))
                .limit(COLUMNS_PER_FIELD)
                .map(c -> String.format(Locale.ROOT, "%s%.2f->%.2f", label(field, c), before[c], after[c]))
                .collect(Collectors.joining(", "));
    }

    private static String label(Field field, int column) {
        boolean hot = field.kind() == Field.Kind.ONE_HOT || field.kind() == Field.Kind.MULTI_HOT;
        return hot ? field.labels().get(column - field.from()) + " " : "";
    }
}
