package larch.opencl.probe;

import java.util.Map;

/// What a probe found out about a device.
/// @param answer the answer to the probe's question
/// @param verdict the reason, or what was measured, in one line
/// @param numbers the measured numbers by name, with the unit in the name
/// @param detail a text worth keeping whole, such as a compiler's log; may be empty
public record Finding(Answer answer, String verdict, Map<String, Double> numbers, String detail) {
    /// The kinds of answers.
    public enum Answer {
        /// The device can, and the values were right.
        YES,
        /// The device refuses or computes wrongly.
        NO,
        /// The question was for numbers.
        MEASURED,
        /// The question does not concern this device.
        NOT_APPLICABLE;

        /// @return the answer as it is printed
        public String text() {
            return switch (this) {
                case YES -> "yes";
                case NO -> "no";
                case MEASURED -> "measured";
                case NOT_APPLICABLE -> "not applicable";
            };
        }
    }

    /// Copies the map.
    public Finding {
        numbers = Map.copyOf(numbers);
    }

    static Finding yes(String verdict) {
        return new Finding(Answer.YES, verdict, Map.of(), "");
    }

    static Finding no(String verdict) {
        return new Finding(Answer.NO, verdict, Map.of(), "");
    }

    static Finding measured(String verdict, Map<String, Double> numbers) {
        return new Finding(Answer.MEASURED, verdict, numbers, "");
    }

    static Finding notApplicable(String verdict) {
        return new Finding(Answer.NOT_APPLICABLE, verdict, Map.of(), "");
    }

    /// @return the same finding with a text to keep
    Finding keeping(String text) {
        return new Finding(answer, verdict, numbers, text);
    }
}
