package larch.fncf.cli;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/// Progress of one piece of work: a bar with rate and remaining time, on standard error of a terminal, once
/// the work has taken longer than a moment. It leaves no trace when it is closed.
final class Progress implements AutoCloseable {
    private final Console console;
    private final String task;
    private final String unit;
    private final Duration patience;
    private final long start = System.nanoTime();
    private ProgressBar bar;

    /// @param patience when to appear; null for never
    Progress(Console console, String task, String unit, Duration patience) {
        this.console = console;
        this.task = task;
        this.unit = " " + unit;
        this.patience = patience;
    }

    /// @param done  how much is done
    /// @param total of how much; at most 0 if that is not known
    void at(long done, long total) {
        if (patience == null) {
            return;
        }
        if (bar == null) {
            Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
            if (elapsed.compareTo(patience) < 0) {
                return;
            }
            bar = new ProgressBarBuilder().setTaskName(task).setInitialMax(total > 0 ? total : -1).setUnit(unit, 1)
                    .showSpeed().setSpeedUnit(ChronoUnit.SECONDS).setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(200).setConsumer(new Line(console)).clearDisplayOnFinish()
                    .startsFrom(done, elapsed).build();
        }
        bar.stepTo(done);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
        console.clearBar();
    }

    /// The console's bottom line, which notes may push up at any time.
    private record Line(Console console, ConsoleProgressBarConsumer terminal) implements ProgressBarConsumer {
        Line(Console console) {
            this(console, new ConsoleProgressBarConsumer(console.err()));
        }

        @Override
        public int getMaxRenderedLength() {
            return terminal.getMaxRenderedLength();
        }

        @Override
        public void accept(String text) {
            console.bar(text);
        }

        @Override
        public void clear() {
            console.clearBar();
        }

        @Override
        public void close() {
            console.clearBar();
        }
    }
}
