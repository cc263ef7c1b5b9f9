package larch.backend;

/// A program that a backend has compiled: [Backend#compile].
public interface Executable {
    /// Runs all calls of the program again, on what their memory holds now.
    void run();

    /// Runs the program so many times in a row: exactly what as many calls of [#run()] do.
    /// @param times how often, at least 0
    default void run(int times) {
        for (int i = 0; i < times; i++) {
            run();
        }
    }

    /// Runs the program with a clock between its calls.
    /// @param runs how often
    /// @return `nanos[w][i]`: how long worker `w` of the backend was busy with call `i` of the trace, over all runs
    long[][] profile(int runs);

    /// @return for people: one line for each call, in the order of a run, and how the work is shared out
    @Override
    String toString();
}
