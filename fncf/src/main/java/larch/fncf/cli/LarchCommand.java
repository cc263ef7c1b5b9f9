package larch.fncf.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

/// A subcommand. What can be found wrong before the work is found in [#run] first.
abstract class LarchCommand implements Callable<Integer> {
    private final Console console;

    /// @param console where it speaks
    LarchCommand(Console console) {
        this.console = console;
    }

    final Console console() {
        return console;
    }

    @Override
    public final Integer call() throws IOException {
        run();
        return 0;
    }

    /// Does the work.
    /// @throws UserError   if what was asked for cannot be done
    /// @throws Failure     if it was started well and failed
    /// @throws IOException if a result cannot be written
    abstract void run() throws IOException;
}
