package larch.opencl;

import larch.device.DeviceException;
import org.jocl.CLException;

/// An OpenCL device could not be selected, opened or used.
public class OpenClException extends DeviceException {
    private static final long serialVersionUID = 1L;

    /// @param message what was tried, what happened, what to do
    public OpenClException(String message) {
        super(message);
    }

    /// @param attempt what was tried, as in `opencl: open a context on cpu`
    /// @param cause what JOCL threw; its status name becomes part of the message
    public OpenClException(String attempt, CLException cause) {
        super(attempt + ": " + cause.getMessage(), cause);
    }
}
