package larch.tuner;

import java.time.Duration;
import java.util.function.LongSupplier;

/// How long a search may go on. Nothing is begun after its end; what has begun is finished.
public final class TimeBox {
    private final LongSupplier nanoClock;
    private final long start;
    private final Duration limit;

    /// @param limit how long, from now on
    public TimeBox(Duration limit) {
        this(limit, System::nanoTime);
    }

    TimeBox(Duration limit, LongSupplier nanoClock) {
        this.limit = limit;
        this.nanoClock = nanoClock;
        start = nanoClock.getAsLong();
    }

    /// @return the time since it began
    public Duration elapsed() {
        return Duration.ofNanos(nanoClock.getAsLong() - start);
    }

    boolean isOver() {
        return elapsed().compareTo(limit) >= 0;
    }
}
