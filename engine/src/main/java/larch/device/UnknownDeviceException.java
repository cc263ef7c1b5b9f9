package larch.device;

/// What was asked for names no device, or more than one. The message lists those that there are.
public final class UnknownDeviceException extends DeviceException {
    private static final long serialVersionUID = 1L;

    /// @param message what was asked for, and what there is
    public UnknownDeviceException(String message) {
        super(message);
    }
}
