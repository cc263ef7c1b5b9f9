package larch.opencl;

import static org.jocl.CL.*;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;

/// A device opened for work: a context and an in-order queue, which may be shared between threads. Commands run in
/// the order in which they were enqueued, whichever thread did it.
public final class OpenClContext implements AutoCloseable {
    private final OpenClDevice device;
    private final boolean profiling;
    private final OpenClScope scope = new OpenClScope();
    private final cl_context handle;
    private final cl_command_queue queue;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Opens a device whose commands are not timed.
    /// @param device the device
    /// @throws OpenClException if the driver refuses
    public OpenClContext(OpenClDevice device) {
        this(device, false);
    }

    /// Opens a device.
    /// @param device the device
    /// @param profiling whether the queue times its commands; some drivers then run no two of them at once
    /// @throws OpenClException if the driver refuses
    // The queue is made by OpenCL 1.0's function: its successor is missing from 1.2 drivers, it from none.
    @SuppressWarnings("deprecation")
    public OpenClContext(OpenClDevice device, boolean profiling) {
        this.device = device;
        this.profiling = profiling;
        try {
            var properties = new cl_context_properties();
            properties.addProperty(CL_CONTEXT_PLATFORM, device.platform());
            handle = scope.own(clCreateContext(properties, 1, new cl_device_id[] {device.id()}, null, null, null),
                    CL::clReleaseContext);
            queue = scope.own(clCreateCommandQueue(handle, device.id(), profiling ? CL_QUEUE_PROFILING_ENABLE : 0, null),
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

    /// @return whether the queue times its commands
    public boolean profiling() {
        return profiling;
    }

    /// @return the context's handle, valid until this is closed
    public cl_context handle() {
        return handle;
    }

    /// @return the queue's handle, valid until this is closed
    /// @throws IllegalStateException if this is closed
    public cl_command_queue queue() {
        if (closed.get()) {
            throw new IllegalStateException("opencl: the context on " + device + " is closed");
        }
        return queue;
    }

    /// Sends the commands enqueued so far to the device without waiting for them. Some drivers hold them back
    /// until then.
    /// @throws OpenClException if the device is lost
    public void flush() {
        try {
            clFlush(queue());
        } catch (CLException e) {
            throw failure("flush the queue", e);
        }
    }

    /// Waits until every command enqueued so far has been completed.
    /// @throws OpenClException if the device is lost or a command failed
    public void finish() {
        try {
            clFinish(queue());
        } catch (CLException e) {
            throw failure("finish the commands", e);
        }
    }

    /// Turns what JOCL throws into an error that names this device.
    /// @param attempt what was tried, as in `copy 1024 bytes`
    /// @param cause what JOCL threw
    /// @return the error: the attempt, the device, the status, and what it means where that is known
    public OpenClException failure(String attempt, CLException cause) {
        return new OpenClException("opencl: " + attempt + " on " + device, cause);
    }

    /// Waits for the queue's commands, then releases the queue and the context. Closing twice is harmless.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            clFinish(queue);
        } catch (CLException e) {
            throw failure("finish the commands", e);
        } finally {
            scope.close();
        }
    }
}
