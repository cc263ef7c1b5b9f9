package larch.opencl.probe;

import static org.jocl.CL.*;

import larch.opencl.runtime.LocalMemory;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;

/// A kernel with its arguments, launched in one dimension.
record ProbeKernel(cl_command_queue queue, cl_kernel handle) {
    /// When a launch ran, by the device's timer.
    record Span(long startNanos, long endNanos) {
        double seconds() {
            return (endNanos - startNanos) / 1e9;
        }
    }

    /// @param arguments in order: [cl_mem], [Integer], [Float] or [LocalMemory]
    ProbeKernel with(Object... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case cl_mem buffer -> clSetKernelArg(handle, i, Sizeof.cl_mem, Pointer.to(buffer));
                case Integer number -> clSetKernelArg(handle, i, Sizeof.cl_int, Pointer.to(new int[] {number}));
                case Float number -> clSetKernelArg(handle, i, Sizeof.cl_float, Pointer.to(new float[] {number}));
                case LocalMemory local -> clSetKernelArg(handle, i, local.bytes(), null);
                default -> throw new IllegalArgumentException("probe: argument " + i + ": expected a buffer, an int,"
                        + " a float or local memory, got " + arguments[i].getClass().getSimpleName());
            }
        }
        return this;
    }

    /// Enqueues a launch and waits for nothing.
    /// @param global the number of work-items, a multiple of `local`
    void enqueue(long global, long local) {
        clEnqueueNDRangeKernel(queue, handle, 1, null, new long[] {global}, new long[] {local}, 0, null, null);
    }

    /// Runs a launch to its end.
    Span launch(long global, long local) {
        cl_event done = new cl_event();
        clEnqueueNDRangeKernel(queue, handle, 1, null, new long[] {global}, new long[] {local}, 0, null, done);
        return span(done);
    }

    /// Waits for a launch and releases its event.
    private static Span span(cl_event done) {
        try {
            clWaitForEvents(1, new cl_event[] {done});
            return new Span(nanos(done, CL_PROFILING_COMMAND_START), nanos(done, CL_PROFILING_COMMAND_END));
        } finally {
            clReleaseEvent(done);
        }
    }

    private static long nanos(cl_event event, int parameter) {
        long[] nanos = new long[1];
        clGetEventProfilingInfo(event, parameter, Sizeof.cl_ulong, Pointer.to(nanos), null);
        return nanos[0];
    }
}
