package larch.fncf.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import larch.fncf.data.FeatureTable;
import larch.fncf.data.Field;

/// Reads a profile in words, such as `age=25-34,gender=F`, back into a feature row.
final class ProfileText {
    private static final String OPTION = "--profile";

    private ProfileText() {
    }

    /// @param table what the columns mean
    /// @param row   the profile so far; not modified
    /// @param text  `field=value` pairs, joined by commas; several values of one field are joined by `|`
    /// @return the profile with those fields
    static float[] apply(FeatureTable table, float[] row, String text) {
        float[] changed = row.clone();
        for (String pair : text.split(",")) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw UserError.of(OPTION, "expected FIELD=VALUE pairs joined by commas, got '" + pair.strip() + "'");
            }
            String name = pair.substring(0, equals).strip();
            List<String> names = table.fields().stream().map(Field::name).toList();
            if (!names.contains(name)) {
                throw UserError.of(OPTION, names.isEmpty() ? "this data describes its users by no features" : "expected one of "
                        + String.join(", ", names) + ", got '" + name + "'" + Suggest.forWord(name, names));
            }
            set(table.field(name), changed, pair.substring(equals + 1).strip());
        }
        return changed;
    }

    private static void set(Field field, float[] row, String value) {
        Arrays.fill(row, field.from(), field.to(), 0);
        switch (field.kind()) {
            case ONE_HOT -> row[field.from() + label(field, value)] = 1;
            case MULTI_HOT -> Arrays.stream(value.split("\\|")).forEach(v -> row[field.from() + label(field, v.strip())] = 1);
            case BINARY -> row[field.from()] = label(field, value);
            case SCALAR -> row[field.from()] = scaled(field, value);
        }
    }

    private static int label(Field field, String value) {
        List<String> lower = field.labels().stream().map(l -> l.toLowerCase(Locale.ROOT)).toList();
        int index = lower.indexOf(value.toLowerCase(Locale.ROOT));
        if (index < 0) {
            throw UserError.of(OPTION, field.name() + ": expected one of " + String.join(", ", field.labels()) + ", got '"
                    + value + "'" + Suggest.forWord(value, field.labels()));
        }
        return index;
    }

    private static float scaled(Field field, String value) {
        double low = Double.parseDouble(field.labels().get(0));
        double high = Double.parseDouble(field.labels().get(1));
        double number;
        try {
            number = Double.parseDouble(value);
        } catch (NumberFormatException _) {
            number = Double.NaN;
        }
        if (!(number >= low && number <= high)) {
            throw UserError.of(OPTION, field.name() + ": expected a number from " + field.labels().get(0) + " to "
                    + field.labels().get(1) + ", got '" + value + "'");
        }
        return high == low ? 0 : (float) ((number - low) / (high - low));
    }
}
