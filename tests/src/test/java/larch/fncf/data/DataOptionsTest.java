package larch.fncf.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DataOptionsTest {
    private static final Map<String, List<String>> VALUES = Map.of(
            "data.tie", List.of("last", "first", "random", "item-asc", "item-desc", "popular", "unpopular"),
            "data.items", List.of("rated", "catalog"), "data.val", List.of("second-last", "random", "none"),
            "feat.gender", List.of("onehot2", "binary"), "feat.age", List.of("bins7", "scalar"),
            "feat.year", List.of("minmax", "decade"));

    @Test
    void everyKeyTakesEveryValueAndChangesNothingElse() {
        DataOptions defaults = DataOptions.defaults();
        assertEquals(VALUES.keySet(), defaults.toMap().keySet());
        VALUES.forEach((key, values) -> {
            assertEquals(values.getFirst(), defaults.toMap().get(key), "the first is the default");
            for (String value : values) {
                Map<String, String> expected = defaults.toMap();
                expected.put(key, value);
                assertEquals(expected, defaults.with(key, value).toMap());
            }
        });
    }

    @Test
    void unknownKeysAndValuesNameTheKnownOnes() {
        DataOptions defaults = DataOptions.defaults();
        assertMessage("data option: expected one of [data.items, ", () -> defaults.with("data.ties", "last"));
        assertMessage("data.val: expected one of [second-last, random, none], got \"last\"",
                () -> defaults.with("data.val", "last"));
        NegativeOptions negatives = NegativeOptions.defaults();
        assertMessage("negative option: expected one of [neg.count, ", () -> negatives.with("neg.num", "4"));
        assertMessage("neg.count: expected a whole number, got \"four\"", () -> negatives.with("neg.count", "four"));
        assertMessage("neg.count: expected 0 or more, got -1", () -> negatives.with("neg.count", "-1"));
        assertMessage("neg.reject: expected one of [train, none]", () -> negatives.with("neg.reject", "all"));
        assertMessage("neg.dist: expected uniform or pop^ALPHA", () -> negatives.with("neg.dist", "popular"));
        assertMessage("neg.dist: expected a number, got \"x\"", () -> negatives.with("neg.dist", "pop^x"));
        assertMessage("neg.dist: expected an exponent from 0 to 10", () -> negatives.with("neg.dist", "pop^-1"));
        assertMessage("neg.dist: expected an exponent from 0 to 10", () -> negatives.with("neg.dist", "pop^NaN"));
    }

    @Test
    void negativeOptionsReadBackWhatTheyPrint() {
        NegativeOptions options = NegativeOptions.defaults().with("neg.count", "7").with("neg.reject", "none")
                .with("neg.dist", "pop^0.75");
        assertEquals(new NegativeOptions(7, NegativeOptions.Reject.NONE, 0.75), options);
        assertEquals(Map.of("neg.count", "7", "neg.reject", "none", "neg.dist", "pop^0.75"), options.toMap());
        assertEquals(NegativeOptions.defaults(), NegativeOptions.defaults().with("neg.dist", "uniform"));
    }

    private static void assertMessage(String start, Runnable action) {
        String message = assertThrows(IllegalArgumentException.class, action::run).getMessage();
        assertTrue(message.startsWith(start), message);
    }
}
