package larch.fncf.data;

import java.util.LinkedHashMap;
import java.util.Map;

/// How negatives for training are drawn (D7): with replacement, fresh in every epoch.
///
/// @param perPositive `neg.count`: how many for each training pair
/// @param reject      `neg.reject`: which draws are thrown back
/// @param alpha       `neg.dist`: an item is drawn in proportion to (its training popularity)^alpha; 0 is
///                    `uniform`
public record NegativeOptions(int perPositive, Reject reject, double alpha) {
    private static final String POWER = "pop^";

    /// `neg.reject`: which draws are thrown back.
    public enum Reject {
        /// Items of the user's training part; held-out items may be drawn, so that nothing leaks.
        TRAIN,
        /// Nothing: a training pair may come back as a negative.
        NONE
    }

    /// Checks the ranges.
    public NegativeOptions {
        if (perPositive < 0) {
            throw new IllegalArgumentException("neg.count: expected 0 or more, got " + perPositive);
        }
        if (!(alpha >= 0 && alpha <= 10)) {
            throw new IllegalArgumentException("neg.dist: expected an exponent from 0 to 10, got " + alpha);
        }
    }

    /// @return 4 per positive, training pairs thrown back, uniform: as NCF does
    public static NegativeOptions defaults() {
        return new NegativeOptions(4, Reject.TRAIN, 0);
    }

    /// @param key   `neg.count`, `neg.reject` or `neg.dist`
    /// @param value such as `4`, `train`, `uniform`, `pop^0.75`
    /// @return these options with one changed
    public NegativeOptions with(String key, String value) {
        return switch (key) {
            case "neg.count" -> new NegativeOptions((int) number(key, value, true), reject, alpha);
            case "neg.reject" -> new NegativeOptions(perPositive, DataOptions.parse(Reject.class, key, value), alpha);
            case "neg.dist" -> new NegativeOptions(perPositive, reject, exponent(key, value));
            default -> throw new IllegalArgumentException("negative option: expected one of " + toMap().keySet()
                    + ", got \"" + key + "\"");
        };
    }

    /// @return every key with its value, as the experiment file writes them
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("neg.count", Integer.toString(perPositive));
        map.put("neg.reject", DataOptions.text(reject));
        map.put("neg.dist", alpha == 0 ? "uniform" : POWER + alpha);
        return map;
    }

    private static double exponent(String key, String value) {
        if (value.equals("uniform")) {
            return 0;
        }
        if (!value.startsWith(POWER)) {
            throw new IllegalArgumentException(key + ": expected uniform or " + POWER + "ALPHA, got \"" + value + "\"");
        }
        return number(key, value.substring(POWER.length()), false);
    }

    private static double number(String key, String value, boolean whole) {
        try {
            return whole ? Integer.parseInt(value) : Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + ": expected a " + (whole ? "whole " : "") + "number, got \""
                    + value + "\"", e);
        }
    }
}
