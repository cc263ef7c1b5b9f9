package larch.opencl.runtime;

import static org.jocl.CL.*;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import larch.opencl.OpenClContext;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_mem;

/// Memory of the host that the device reads and writes directly: a buffer made with `CL_MEM_ALLOC_HOST_PTR` and
/// mapped once. Transfers from other memory are copied by the driver first, and then need not be asynchronous.
final class PinnedMemory implements AutoCloseable {
    private final OpenClContext context;
    private final cl_mem buffer;
    private final ByteBuffer mapped;

    PinnedMemory(OpenClContext context, long bytes) {
        this.context = context;
        try {
            buffer = clCreateBuffer(context.handle(), CL_MEM_READ_WRITE | CL_MEM_ALLOC_HOST_PTR, bytes, null, null);
            try {
                mapped = map(bytes);
            } catch (CLException e) {
                clReleaseMemObject(buffer);
                throw e;
            }
        } catch (CLException e) {
            throw context.failure("pin " + Bytes.text(bytes) + " of host memory", e);
        }
    }

    /// On a queue of its own: the context's would first run everything that it holds.
    @SuppressWarnings("deprecation")
    private ByteBuffer map(long bytes) {
        cl_command_queue queue = clCreateCommandQueue(context.handle(), context.device().id(), 0, null);
        try {
            return CL.clEnqueueMapBuffer(queue, buffer, true, CL_MAP_READ | CL_MAP_WRITE, 0, bytes, 0, null, null, null);
        } finally {
            clReleaseCommandQueue(queue);
        }
    }

    /// @return the memory for Java
    MemorySegment segment() {
        return MemorySegment.ofBuffer(mapped);
    }

    /// @return the memory for OpenCL, from an offset on
    Pointer at(long offset) {
        return Pointer.to(mapped).withByteOffset(offset);
    }

    /// Frees the memory when the commands enqueued so far are done with it; does not wait.
    @Override
    public void close() {
        try {
            clEnqueueUnmapMemObject(context.queue(), buffer, mapped, 0, null, null);
        } catch (CLException e) {
            throw context.failure("unpin host memory", e);
        } finally {
            clReleaseMemObject(buffer);
        }
    }
}
