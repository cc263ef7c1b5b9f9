package larch.fncf.cli;

/// A run that was started well and failed: exit code 1. The message is the one line that the user sees.
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message what happened, and what to do
    Failure(String message) {
        this(message, null);
    }

    /// @param message what happened, and what to do
    /// @param cause   what was thrown, for `--debug`
    Failure(String message, Throwable cause) {
        super(message, cause);
    }
}
