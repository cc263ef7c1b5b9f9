package larch.bench.machine;

import java.time.Duration;
import larch.machine.PeakFlops;
import larch.machine.PeakFlops.Loop;
import larch.machine.PeakFlops.Result;

/// Watches the FMA peak of one core over a long run: the clocks of shared and of warm machines drift.
///
/// Its loop is compiled once; a sample then needs some hundredths of a second.
public final class PeakWatch {
    private static final Duration SAMPLE = Duration.ofMillis(40);
    private static final Duration WARM_UP = Duration.ofMillis(300);

    private final Loop loop;
    private final Result first;
    private double highest;

    /// Measures every width and all cores, then compiles the best loop once more.
    /// @param budget the wall time to spend on the measurement
    public PeakWatch(Duration budget) {
        first = PeakFlops.measure(budget);
        loop = Loop.ofWidth(first.best().vectorBits());
        highest = Math.max(first.oneCoreGflops(), loop.gflops(1, WARM_UP));
    }

    /// @return what the first measurement found
    public Result first() {
        return first;
    }

    /// @return the peak of one core now, in GFLOP/s
    public double sample() {
        double now = loop.gflops(1, SAMPLE);
        highest = Math.max(highest, now);
        return now;
    }

    /// @return the highest peak of one core so far, in GFLOP/s
    public double highest() {
        return highest;
    }
}
