package larch.fncf.data;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// The decisions about data that the paper leaves open; each is a key of the experiment file.
///
/// @param items      `data.items`: which films count as items
/// @param tie        `data.tie`: who comes last among ratings of one user with equal timestamps
/// @param validation `data.val`: which rating is held out for validation
/// @param gender     `feat.gender`
/// @param age        `feat.age`
/// @param year       `feat.year`
public record DataOptions(Items items, Tie tie, Validation validation, Gender gender, Age age, Year year) {
    /// `data.items`: which films of the catalogue count as items.
    public enum Items {
        /// Only those that somebody rated (ML-1M: 3,706 of 3,883).
        RATED,
        /// All of them; those that nobody rated are cold items.
        CATALOG
    }

    /// `data.tie`: the order among ratings of one user with equal timestamps. ML-100K has 415 users whose
    /// latest timestamp is tied, so this choice alone moves its HR@10 by more than 0.1.
    public enum Tie {
        /// The last in the file is the latest.
        LAST,
        /// The first in the file is the latest.
        FIRST,
        /// Drawn with the seed.
        RANDOM,
        /// Rising item index: the highest is the latest.
        ITEM_ASC,
        /// Falling item index: the lowest is the latest.
        ITEM_DESC,
        /// The item with the most ratings in the whole history is the latest.
        POPULAR,
        /// The item with the fewest ratings in the whole history is the latest.
        UNPOPULAR
    }

    /// `data.val`: the rating of each user that is held out for validation.
    public enum Validation {
        /// The one before the test rating.
        SECOND_LAST,
        /// Any one but the test rating, drawn with the seed.
        RANDOM,
        /// None, as in the NCF files.
        NONE
    }

    /// `feat.gender`: how gender is encoded.
    public enum Gender {
        /// Two columns; changing it moves the vector by √2.
        ONEHOT2,
        /// One column, 1 for M; changing it moves the vector by 1.
        BINARY
    }

    /// `feat.age`: how age is encoded.
    public enum Age {
        /// The seven age groups of ML-1M; exact ages are put into them.
        BINS7,
        /// One column: age from the youngest user (0) to the oldest (1).
        SCALAR
    }

    /// `feat.year`: how the year of release is encoded.
    public enum Year {
        /// One column: from the oldest film of the catalogue (0) to the newest (1); a missing year is the
        /// mean.
        MINMAX,
        /// One column per decade of the catalogue; a missing year sets none.
        DECADE
    }

    /// @return rated items, ties in file order, second-last for validation, `onehot2`, `bins7`, `minmax`
    public static DataOptions defaults() {
        return new DataOptions(Items.RATED, Tie.LAST, Validation.SECOND_LAST, Gender.ONEHOT2, Age.BINS7, Year.MINMAX);
    }

    /// @param key   such as `data.tie`
    /// @param value such as `item-asc`
    /// @return these options with one changed
    public DataOptions with(String key, String value) {
        return switch (key) {
            case "data.items" -> new DataOptions(parse(Items.class, key, value), tie, validation, gender, age, year);
            case "data.tie" -> new DataOptions(items, parse(Tie.class, key, value), validation, gender, age, year);
            case "data.val" -> new DataOptions(items, tie, parse(Validation.class, key, value), gender, age, year);
            case "feat.gender" -> new DataOptions(items, tie, validation, parse(Gender.class, key, value), age, year);
            case "feat.age" -> new DataOptions(items, tie, validation, gender, parse(Age.class, key, value), year);
            case "feat.year" -> new DataOptions(items, tie, validation, gender, age, parse(Year.class, key, value));
            default -> throw new IllegalArgumentException("data option: expected one of " + toMap().keySet()
                    + ", got \"" + key + "\"");
        };
    }

    /// @return every key with its value, as the experiment file writes them
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("data.items", text(items));
        map.put("data.tie", text(tie));
        map.put("data.val", text(validation));
        map.put("feat.gender", text(gender));
        map.put("feat.age", text(age));
        map.put("feat.year", text(year));
        return map;
    }

    static <E extends Enum<E>> E parse(Class<E> type, String key, String value) {
        for (E constant : type.getEnumConstants()) {
            if (text(constant).equals(value)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(key + ": expected one of "
                + Arrays.stream(type.getEnumConstants()).map(DataOptions::text).toList() + ", got \"" + value + "\"");
    }

    static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
