package larch.opencl;

import larch.device.DeviceException;
import org.jocl.CL;
import org.jocl.CLException;

/// An OpenCL device could not be selected, opened or used.
public class OpenClException extends DeviceException {
    private static final long serialVersionUID = 1L;
    /// NVIDIA's status for an illegal read or write in a kernel; in no header.
    private static final int NVIDIA_LOST = -9999;

    /// @param message what was tried, what happened, what to do
    public OpenClException(String message) {
        super(message);
    }

    /// @param attempt what was tried, as in `opencl: open a context on cpu`
    /// @param cause what JOCL threw; its status name becomes part of the message, and a lost device is told as such
    public OpenClException(String attempt, CLException cause) {
        super(attempt + ": " + cause.getMessage() + explain(cause.getStatus()), cause);
    }

    /// A queue is only used while its context is open, so an invalid one means that the driver has given it up,
    /// as NVIDIA's does after a fault in a kernel.
    private static String explain(int status) {
        return switch (status) {
            case CL.CL_DEVICE_NOT_AVAILABLE, CL.CL_INVALID_COMMAND_QUEUE, NVIDIA_LOST ->
                "; the device was lost (a kernel's illegal access, a driver reset or unplugging): results since the "
                        + "last read that succeeded are void; open a new backend";
            case CL.CL_OUT_OF_RESOURCES ->
                "; the device ran out of memory or registers, or a kernel enqueued before accessed memory that is not "
                        + "its own; results since the last read that succeeded are void";
            default -> "";
        };
    }
}
