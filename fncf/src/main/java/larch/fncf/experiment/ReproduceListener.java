package larch.fncf.experiment;

/// Hears how a reproduction goes; called on the thread that runs it.
public interface ReproduceListener {
    /// Hears nothing.
    ReproduceListener SILENT = new ReproduceListener() {
    };

    /// @param jobs how many models and attacks there are in all
    default void plan(int jobs) {
    }

    /// @param index number of the job, from 1
    /// @param name  what it does
    default void jobStarted(int index, String name) {
    }

    /// @param done  how much of the current job
    /// @param total of how much
    default void progress(long done, long total) {
    }

    /// @param name    what was done
    /// @param seconds how long it took, when it was done
    /// @param resumed whether it had been done by an earlier run
    default void jobDone(String name, double seconds, boolean resumed) {
    }

    /// @param line something to know
    default void message(String line) {
    }
}
