package larch.fncf.cli;

import java.io.PrintStream;
import java.time.Duration;
import picocli.CommandLine;

/// The laboratory's main class.
public final class Main {
    private Main() {
    }

    /// Runs the program and ends the process with its exit code.
    /// @param args the command line
    public static void main(String[] args) {
        System.exit(run(args, Console.ofProcess()));
    }

    /// Runs the program inside another one: no person watches, and the process goes on.
    /// @param args the command line
    /// @param out  receives results
    /// @param err  receives everything else
    /// @return the exit code: 0 fine, 1 failed run, 2 wrong usage or bad input
    public static int run(String[] args, PrintStream out, PrintStream err) {
        return run(args, new Console(out, err, false, Duration.ZERO));
    }

    static int run(String[] args, Console console) {
        CommandLine line = Larch.commandLine(console);
        try {
            return line.execute(args);
        } catch (Error failure) {
            // picocli hands on exceptions only.
            return ((Failures) line.getExecutionExceptionHandler()).handle(failure);
        }
    }
}
