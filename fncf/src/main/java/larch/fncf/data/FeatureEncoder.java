package larch.fncf.data;

import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.stream.IntStream;

/// Turns profiles into feature columns in [0,1].
///
/// | table | fields, in this order | width |
/// |---|---|---|
/// | users | gender 2 (or 1), age 7 (or 1), occupation 21 | 30 |
/// | items | genre 18 or 19, year 1 (or one per decade) | 19 (ML-1M) or 20 (ML-100K) |
///
/// Scaled columns take their range from the whole users or films file, so that the code of a film does not
/// depend on which films were rated. Zip codes are not used: the paper does not name them.
final class FeatureEncoder {
    /// The age groups of ML-1M, by the first age of each.
    static final int[] AGE_GROUPS = {1, 18, 25, 35, 45, 50, 56};
    private static final List<String> AGE_LABELS =
            List.of("under 18", "18-24", "25-34", "35-44", "45-49", "50-55", "56+");
    private static final int DECADE = 10;

    private FeatureEncoder() { }

    /// @return the group of an age in years
    static int ageGroup(int age) {
        int group = 0;
        while (group + 1 < AGE_GROUPS.length && age >= AGE_GROUPS[group + 1]) {
            group++;
        }
        return group;
    }

    static FeatureTable users(Profiles profiles, DataOptions options) {
        List<Field> fields = new ArrayList<>();
        boolean binary = options.gender() == DataOptions.Gender.BINARY;
        add(fields, "gender", binary ? Field.Kind.BINARY : Field.Kind.ONE_HOT, List.of("F", "M"));
        IntSummaryStatistics ages = profiles.users().stream().mapToInt(Profiles.User::age).summaryStatistics();
        boolean scalar = options.age() == DataOptions.Age.SCALAR;
        add(fields, "age", scalar ? Field.Kind.SCALAR : Field.Kind.ONE_HOT, scalar ? ends(ages) : AGE_LABELS);
        add(fields, "occupation", Field.Kind.ONE_HOT, profiles.occupations());

        float[][] rows = new float[profiles.users().size()][fields.getLast().to()];
        for (int u = 0; u < rows.length; u++) {
            Profiles.User user = profiles.users().get(u);
            int male = user.male() ? 1 : 0;
            rows[u][binary ? 0 : male] = binary ? male : 1;
            Field age = fields.get(1);
            rows[u][age.from() + (scalar ? 0 : user.ageGroup())] = scalar ? scaled(user.age(), ages) : 1;
            rows[u][fields.get(2).from() + user.occupation()] = 1;
        }
        return FeatureTable.ofDense(fields, rows);
    }

    /// @param kept the films that are items, by their index in the profiles
    static FeatureTable items(Profiles profiles, List<Integer> kept, DataOptions options) {
        IntSummaryStatistics years = profiles.films().stream().mapToInt(Profiles.Film::year)
                .filter(year -> year != Profiles.NO_YEAR).summaryStatistics();
        List<Field> fields = new ArrayList<>();
        add(fields, "genre", Field.Kind.MULTI_HOT, profiles.genres());
        boolean scalar = options.year() == DataOptions.Year.MINMAX;
        add(fields, "year", scalar ? Field.Kind.SCALAR : Field.Kind.ONE_HOT, scalar ? ends(years) : decades(years));

        float[][] rows = new float[kept.size()][fields.getLast().to()];
        for (int i = 0; i < rows.length; i++) {
            Profiles.Film film = profiles.films().get(kept.get(i));
            for (int genre : film.genres()) {
                rows[i][genre] = 1;
            }
            int column = fields.get(1).from();
            boolean known = film.year() != Profiles.NO_YEAR;
            if (scalar) {
                rows[i][column] = scaled(known ? film.year() : years.getAverage(), years);
            } else if (known) {
                rows[i][column + film.year() / DECADE - years.getMin() / DECADE] = 1;
            }
        }
        return FeatureTable.ofDense(fields, rows);
    }

    private static void add(List<Field> fields, String name, Field.Kind kind, List<String> labels) {
        int from = fields.isEmpty() ? 0 : fields.getLast().to();
        boolean hot = kind == Field.Kind.ONE_HOT || kind == Field.Kind.MULTI_HOT;
        fields.add(new Field(name, kind, from, from + (hot ? labels.size() : 1), labels));
    }

    private static List<String> ends(IntSummaryStatistics range) {
        return range.getCount() == 0 ? List.of("0", "0")
                : List.of(Integer.toString(range.getMin()), Integer.toString(range.getMax()));
    }

    private static List<String> decades(IntSummaryStatistics years) {
        return years.getCount() == 0 ? List.of()
                : IntStream.rangeClosed(years.getMin() / DECADE, years.getMax() / DECADE)
                        .mapToObj(decade -> decade * DECADE + "s").toList();
    }

    private static float scaled(double value, IntSummaryStatistics range) {
        return range.getCount() == 0 || range.getMin() == range.getMax() ? 0
                : (float) ((value - range.getMin()) / ((double) range.getMax() - range.getMin()));
    }
}
