package larch.fncf.train;

/// Training cannot go on: the loss is no longer a finite number. The message names stage, epoch, step and seed.
public final class TrainingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message where it happened and what to try
    public TrainingException(String message) {
        super(message);
    }
}
