package larch.bench.report;

import java.util.ArrayList;
import java.util.List;

/// One axis of a [Chart]: from numbers to positions.
///
/// @param label what it shows, with the unit
/// @param isLog whether equal ratios are equally long
/// @param from  the least number
/// @param to    the largest
/// @param ticks where a line stands
record Axis(String label, boolean isLog, double from, double to, List<Double> ticks) {
    private static final int ABOUT = 5;

    /// An axis from 0 with round ticks.
    static Axis linear(String label, double largest) {
        double raw = largest / ABOUT;
        double magnitude = Math.pow(10, Math.floor(Math.log10(raw)));
        double step = magnitude * (raw / magnitude > 5 ? 10 : raw / magnitude > 2 ? 5 : raw / magnitude > 1 ? 2 : 1);
        List<Double> ticks = new ArrayList<>();
        for (double tick = 0; tick < largest + step; tick += step) {
            ticks.add(tick);
        }
        return new Axis(label, false, 0, ticks.getLast(), ticks);
    }

    /// A logarithmic axis with a tick at every power of a base.
    static Axis log(String label, double least, double largest, int base) {
        double first = Math.floor(Math.log(least) / Math.log(base) + 1e-9);
        double last = Math.max(first + 1, Math.ceil(Math.log(largest) / Math.log(base) - 1e-9));
        List<Double> ticks = new ArrayList<>();
        for (double exponent = first; exponent <= last; exponent++) {
            ticks.add(Math.pow(base, exponent));
        }
        return new Axis(label, true, ticks.getFirst(), ticks.getLast(), ticks);
    }

    /// @param number a number on the axis
    /// @return where it stands, from 0 to 1
    double position(double number) {
        return isLog ? Math.log(number / from) / Math.log(to / from) : (number - from) / (to - from);
    }
}
