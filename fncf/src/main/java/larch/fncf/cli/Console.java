package larch.fncf.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Where a command speaks: results to standard output, everything about how it goes to standard error.
///
/// Notes and progress are silent with `--quiet`; progress also where no person watches. Safe for several
/// threads.
final class Console {
    /// Moves to the start of the line and clears it.
    private static final String CLEAR_LINE = "\r\033[K";
    /// Work that is done by then shows no progress.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final PrintStream out;
    private final PrintStream err;
    private final boolean interactive;
    private final Duration patience;
    private boolean quiet;
    private boolean barShown;

    /// @param out         results
    /// @param err         everything else
    /// @param interactive whether a person watches a terminal
    /// @param patience    how long work may take before progress is shown
    Console(PrintStream out, PrintStream err, boolean interactive, Duration patience) {
        this.out = out;
        this.err = err;
        this.interactive = interactive;
        this.patience = patience;
    }

    /// @return the console of this process
    static Console ofProcess() {
        boolean terminal = System.console() != null && System.console().isTerminal()
                && !"dumb".equals(System.getenv("TERM"));
        return new Console(stream(FileDescriptor.out, "stdout.encoding"), stream(FileDescriptor.err, "stderr.encoding"),
                terminal, PATIENCE);
    }

    // Without a locale (LANG=C, as in containers) Java would turn the é of a title into a question mark; terminals and
    // files of such systems are UTF-8 all the same.
    private static PrintStream stream(FileDescriptor descriptor, String property) {
        Charset charset = Charset.forName(System.getProperty(property, "UTF-8"));
        return new PrintStream(new FileOutputStream(descriptor), true,
                charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset);
    }

    void setQuiet(boolean quiet) {
        this.quiet = quiet;
    }

    boolean isInteractive() {
        return interactive;
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    /// @param line something to know about how it goes
    void note(String line) {
        if (!quiet) {
            println("larch: " + line);
        }
    }

    /// @param lines what was asked for and is no result, such as times; shown with `--quiet` as well; empty for nothing
    void details(String lines) {
        if (!lines.isEmpty()) {
            println(lines.stripTrailing());
        }
    }

    /// @param line why the command ends without a result
    void error(String line) {
        println("larch: " + line);
    }

    private synchronized void println(String line) {
        if (barShown) {
            err.print(CLEAR_LINE);
            barShown = false;
        }
        err.println(line);
    }

    /// @param task  what is being done, in a few words
    /// @param unit  what is counted, such as `samples`
    /// @return progress that appears once the work has taken a while; close it when the work is done
    Progress progress(String task, String unit) {
        return new Progress(this, task, unit, interactive && !quiet ? patience : null);
    }

    synchronized void bar(String text) {
        err.print("\r" + text + "\033[K");
        err.flush();
        barShown = true;
    }

    synchronized void clearBar() {
        if (barShown) {
            err.print(CLEAR_LINE);
            err.flush();
            barShown = false;
        }
    }
}
