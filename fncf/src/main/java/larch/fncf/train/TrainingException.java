package larch.fncf.train;

/// Training cannot go on: the loss is no longer a finite number. The message names the loss, after how many steps of the stage it
/// was, the stage and the epoch. Losses are looked at together, so some more steps may have been taken since.
public final class TrainingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message where it happened and what to try
    public TrainingException(String message) {
        super(message);
    }
}
