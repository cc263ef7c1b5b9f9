package larch.fncf.train;

/// Hears how training goes; called on the training thread.
public interface TrainListener {
    /// Hears nothing.
    TrainListener SILENT = new TrainListener() {
    };

    /// @param done  samples of all epochs so far
    /// @param total samples of all epochs
    default void progress(long done, long total) {
    }

    /// @param log what happened in an epoch
    default void epochDone(EpochLog log) {
    }
}
