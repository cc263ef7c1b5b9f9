package larch.bench.report;

import java.util.Locale;

/// Numbers as people read them; `-` where there is none.
final class Figures {
    private static final String NONE = "-";
    private static final String[] TIME_UNITS = {"ns", "µs", "ms", "s"};

    private Figures() {
    }

    /// @param number any number
    /// @return it with three significant digits or all digits before the point, in groups of three
    static String number(double number) {
        if (!Double.isFinite(number)) {
            return NONE;
        }
        double size = Math.abs(number);
        int decimals = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + decimals + "f", number);
    }

    /// @param gflops  speed
    /// @param percent of the peak
    /// @return such as `101 (87 %)`
    static String speed(double gflops, double percent) {
        return Double.isFinite(gflops) ? number(gflops) + String.format(Locale.ROOT, " (%.0f %%)", percent) : NONE;
    }

    /// @param seconds a duration
    /// @return such as `83.1 µs`
    static String time(double seconds) {
        double value = seconds * 1e9;
        int unit = 0;
        while (value >= 1000 && unit < TIME_UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return number(value) + " " + TIME_UNITS[unit];
    }
}
