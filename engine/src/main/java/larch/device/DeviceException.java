package larch.device;

/// A device is not there, or it refused to work. The message says what was tried, what happened and what
/// to do, so that a program can print it as it stands.
public class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message what was tried, what happened, what to do
    public DeviceException(String message) {
        super(message);
    }

    /// @param message what was tried, what happened, what to do
    /// @param cause what the driver's library threw
    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
