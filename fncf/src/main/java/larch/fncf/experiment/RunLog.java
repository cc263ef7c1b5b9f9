package larch.fncf.experiment;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/// Writes what a reproduction says to `log.txt`, one line with its time for each event, and passes it on. A resumed run
/// adds to the file.
final class RunLog implements ReproduceListener, AutoCloseable {
    private final PrintWriter file;
    private final ReproduceListener next;

    RunLog(Path folder, ReproduceListener next) throws IOException {
        this.file = new PrintWriter(Files.newBufferedWriter(folder.resolve("log.txt"), StandardOpenOption.CREATE,
                StandardOpenOption.APPEND), true);
        this.next = next;
    }

    void line(String text) {
        file.println(Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + text);
    }

    @Override
    public void plan(int jobs) {
        line("plan: " + jobs + " jobs");
        next.plan(jobs);
    }

    @Override
    public void jobStarted(int index, String name) {
        next.jobStarted(index, name);
    }

    @Override
    public void progress(long done, long total) {
        next.progress(done, total);
    }

    @Override
    public void jobDone(String name, double seconds, boolean resumed) {
        line(String.format(Locale.ROOT, "%s %s, %.1f s", resumed ? "resumed" : "done", name, seconds));
        next.jobDone(name, seconds, resumed);
    }

    @Override
    public void message(String line) {
        line(line);
        next.message(line);
    }

    @Override
    public void close() {
        file.close();
    }
}
