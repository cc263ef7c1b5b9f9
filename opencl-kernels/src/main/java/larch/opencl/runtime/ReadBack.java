package larch.opencl.runtime;

import static org.jocl.CL.*;

import java.lang.foreign.MemorySegment;
import larch.opencl.OpenClContext;
import org.jocl.CLException;
import org.jocl.cl_event;
import org.jocl.cl_mem;

/// Reads through two chunks of pinned memory in turn: one is copied into the array while the device fills the other.
/// Nothing waits inside the driver with a Java array in its hands, which would hold the garbage collector up.
final class ReadBack implements AutoCloseable {
    private final OpenClContext context;
    private final long chunkBytes;
    private final PinnedMemory[] chunks = new PinnedMemory[2];

    ReadBack(OpenClContext context, long chunkBytes) {
        this.context = context;
        this.chunkBytes = chunkBytes;
    }

    /// @param offset of the first byte in `source`
    /// @param target what is to be filled
    synchronized void read(cl_mem source, long offset, MemorySegment target) {
        long pieces = (target.byteSize() + chunkBytes - 1) / chunkBytes;
        cl_event next = pieces == 0 ? null : enqueue(source, offset, target.byteSize(), 0);
        for (long piece = 0; piece < pieces; piece++) {
            cl_event done = next;
            next = null;
            try {
                next = piece + 1 == pieces ? null : enqueue(source, offset, target.byteSize(), piece + 1);
            } finally {
                awaitFirst(done, next, "read " + Bytes.text(target.byteSize()));
            }
            long start = piece * chunkBytes;
            MemorySegment.copy(chunk(piece).segment(), 0, target, start, length(target.byteSize(), piece));
        }
    }

    /// Waits for the first; the second is released too if that fails.
    private void awaitFirst(cl_event done, cl_event next, String attempt) {
        boolean read = false;
        try {
            Events.await(context, done, attempt);
            read = true;
        } finally {
            if (!read && next != null) {
                clReleaseEvent(next);
            }
        }
    }

    private cl_event enqueue(cl_mem source, long offset, long end, long piece) {
        var done = new cl_event();
        try {
            clEnqueueReadBuffer(context.queue(), source, CL_FALSE, offset + piece * chunkBytes, length(end, piece),
                    chunk(piece).at(0), 0, null, done);
            return done;
        } catch (CLException e) {
            throw context.failure("read " + Bytes.text(length(end, piece)), e);
        }
    }

    private long length(long end, long piece) {
        return Math.min(chunkBytes, end - piece * chunkBytes);
    }

    private PinnedMemory chunk(long piece) {
        int i = (int) (piece % chunks.length);
        if (chunks[i] == null) {
            chunks[i] = new PinnedMemory(context, chunkBytes);
        }
        return chunks[i];
    }

    @Override
    public synchronized void close() {
        for (int i = 0; i < chunks.length; i++) {
            if (chunks[i] != null) {
                chunks[i].close();
                chunks[i] = null;
            }
        }
    }
}
