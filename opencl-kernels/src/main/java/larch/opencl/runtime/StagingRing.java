package larch.opencl.runtime;

import static org.jocl.CL.clEnqueueMarkerWithWaitList;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import larch.opencl.OpenClContext;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_event;

/// Pinned memory for values on their way to the device, in chunks that are filled one after the other.
///
/// A full chunk gets a marker behind its last transfer and is used again only when the device has passed it. The
/// ring begins with one chunk and grows while chunks are still on their way. Not thread-safe.
final class StagingRing implements AutoCloseable {
    /// Keeps every piece on a cache line of its own.
    private static final long ALIGNMENT = 64;

    private final OpenClContext context;
    private final long chunkBytes;
    private final int mostChunks;
    private final Deque<Sealed> sealed = new ArrayDeque<>();
    private PinnedMemory current;
    private long used;

    private record Sealed(PinnedMemory memory, cl_event passed) {}

    /// A place for one transfer.
    /// @param segment where to put the values
    /// @param pointer the same place for OpenCL
    record Slot(MemorySegment segment, Pointer pointer) {}

    StagingRing(OpenClContext context, long chunkBytes, int mostChunks) {
        this.context = context;
        this.chunkBytes = chunkBytes;
        this.mostChunks = mostChunks;
    }

    /// @return the most bytes of a slot
    long chunkBytes() {
        return chunkBytes;
    }

    /// The transfer from a slot must be enqueued before the next slot is taken.
    /// @param bytes at most [#chunkBytes()]
    /// @return a place that the device does not read any more
    Slot slot(long bytes) {
        if (current == null || used + bytes > chunkBytes) {
            nextChunk();
        }
        var slot = new Slot(current.segment().asSlice(used, bytes), current.at(used));
        used = (used + bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return slot;
    }

    /// @return how many chunks there are
    int chunks() {
        return sealed.size() + (current == null ? 0 : 1);
    }

    private void nextChunk() {
        if (current != null) {
            sealed.add(new Sealed(current, marker()));
            current = null;
        }
        if (!sealed.isEmpty() && (sealed.size() >= mostChunks || Events.hasEnded(sealed.peek().passed()))) {
            Sealed oldest = sealed.poll();
            current = oldest.memory();
            Events.await(context, oldest.passed(), "move values to the device");
        } else {
            current = new PinnedMemory(context, chunkBytes);
        }
        used = 0;
    }

    /// On a queue that is in order a marker ends after everything before it.
    private cl_event marker() {
        var passed = new cl_event();
        try {
            clEnqueueMarkerWithWaitList(context.queue(), 0, null, passed);
            return passed;
        } catch (CLException e) {
            throw context.failure("mark the end of transfers", e);
        }
    }

    /// Frees the memory when the transfers enqueued so far are done; does not wait.
    @Override
    public void close() {
        for (Sealed chunk = sealed.poll(); chunk != null; chunk = sealed.poll()) {
            org.jocl.CL.clReleaseEvent(chunk.passed());
            chunk.memory().close();
        }
        if (current != null) {
            current.close();
            current = null;
        }
    }
}
