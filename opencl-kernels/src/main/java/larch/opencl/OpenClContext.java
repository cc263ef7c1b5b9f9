package larch.opencl;

import static org.jocl.CL.*;

import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;

/// A device opened for work: a context and an in-order queue that times its commands.
///
/// The context may be shared between threads; the queue keeps the order of one thread's commands.
public final class OpenClContext implements AutoCloseable {
    private final OpenClDevice device;
    private final OpenClScope scope = new OpenClScope();
    private final cl_context handle;
    private final cl_command_queue queue;

    /// Opens a device.
    /// @param device the device
    /// @throws OpenClException if the driver refuses
    // The queue is made by OpenCL 1.0's function: its successor is missing from 1.2 drivers, it from none.
    @SuppressWarnings("deprecation")
    public OpenClContext(OpenClDevice device) {
        this.device = device;
        try {
            var properties = new cl_context_properties();
            properties.addProperty(CL_CONTEXT_PLATFORM, device.platform());
            handle = scope.own(clCreateContext(properties, 1, new cl_device_id[] {device.id()}, null, null, null),
                    CL::clReleaseContext);
            queue = scope.own(clCreateCommandQueue(handle, device.id(), CL_QUEUE_PROFILING_ENABLE, null),
                    CL::clReleaseCommandQueue);
        } catch (CLException e) {
            scope.close();
            throw new OpenClException("opencl: open a context on " + device, e);
        }
    }

    /// @return the device
    public OpenClDevice device() {
        return device;
    }

    /// @return the context's handle, valid until this is closed
    public cl_context handle() {
        return handle;
    }

    /// @return the queue's handle, valid until this is closed
    public cl_command_queue queue() {
        return queue;
    }

    /// Waits for the queue's commands, then releases the queue and the context.
    @Override
    public void close() {
        try {
            clFinish(queue);
        } finally {
            scope.close();
        }
    }
}
