package larch.backend;

/// A backend was asked for by name and cannot run here. The message says why and what to do.
public final class BackendUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message which backend, why not, and the fix
    public BackendUnavailableException(String message) {
        super(message);
    }
}
