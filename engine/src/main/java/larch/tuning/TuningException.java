package larch.tuning;

/// A tuning that cannot be used: damaged, or found on another machine. The message is one line.
public final class TuningException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message which file and line, what was expected, what is there, what to do
    public TuningException(String message) {
        super(message);
    }

    /// @param message which file, what is wrong with it, what to do
    /// @param cause   why it cannot be read or written
    public TuningException(String message, Throwable cause) {
        super(message, cause);
    }
}
