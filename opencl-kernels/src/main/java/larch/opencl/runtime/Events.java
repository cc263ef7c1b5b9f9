package larch.opencl.runtime;

import static org.jocl.CL.*;

import larch.opencl.OpenClContext;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_event;

/// What is asked of events.
final class Events {
    private Events() {}

    /// @return whether the command has ended, well or not
    static boolean hasEnded(cl_event event) {
        int[] status = new int[1];
        clGetEventInfo(event, CL_EVENT_COMMAND_EXECUTION_STATUS, Sizeof.cl_int, Pointer.to(status), null);
        return status[0] <= CL_COMPLETE;
    }

    /// Waits for a command and releases its event, also if the command failed.
    /// @param attempt what failed then
    static void await(OpenClContext context, cl_event event, String attempt) {
        try {
            // Not every driver sends a command off just because somebody waits for it.
            clFlush(context.queue());
            clWaitForEvents(1, new cl_event[] {event});
        } catch (CLException e) {
            throw context.failure(attempt, e);
        } finally {
            clReleaseEvent(event);
        }
    }

    /// @return when the command started, in nanoseconds of the device's timer; it must have ended
    static long start(cl_event event) {
        return time(event, CL_PROFILING_COMMAND_START);
    }

    /// @return when the command ended, in nanoseconds of the device's timer; it must have ended
    static long end(cl_event event) {
        return time(event, CL_PROFILING_COMMAND_END);
    }

    private static long time(cl_event event, int parameter) {
        long[] nanos = new long[1];
        clGetEventProfilingInfo(event, parameter, Sizeof.cl_ulong, Pointer.to(nanos), null);
        return nanos[0];
    }
}
