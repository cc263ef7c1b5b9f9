package larch.opencl.runtime;

import static org.jocl.CL.*;

import java.lang.foreign.MemorySegment;
import larch.opencl.OpenClContext;
import larch.opencl.OpenClException;
import org.jocl.CLException;
import org.jocl.Pointer;

/// Moves values between Java's arrays and a device, in the order of the context's queue. Offsets and counts are in
/// elements of four bytes. Thread-safe.
///
/// A write has taken its values when it returns and waits for no earlier command as long as less than
/// [#RING_BYTES] are on their way; they go through pinned memory ([StagingRing]). A larger array goes in pieces and
/// waits for the first ones to arrive. A read waits for all commands before it.
///
/// Errors: indices outside an array or the device's memory are refused before anything is enqueued.
public final class Transfers implements AutoCloseable {
    /// The bytes that can be on their way to the device while writes do not wait.
    public static final long RING_BYTES = 32L << 20;
    private static final int CHUNKS = 16;

    private final OpenClContext context;
    private final StagingRing ring;
    private final ReadBack readBack;
    private volatile boolean closed;

    /// Makes the transfers of an opened device; pinned memory is taken when it is needed.
    /// @param context the device
    public Transfers(OpenClContext context) {
        this(context, RING_BYTES / CHUNKS, CHUNKS);
    }

    Transfers(OpenClContext context, long chunkBytes, int chunks) {
        this.context = context;
        this.ring = new StagingRing(context, chunkBytes, chunks);
        this.readBack = new ReadBack(context, chunkBytes);
    }

    /// Enqueues a write.
    /// @param source the values
    /// @param from the first one
    /// @param target where they go
    /// @param to the position of the first one there
    /// @param n how many
    /// @throws OpenClException if the driver refuses
    public void write(float[] source, int from, DeviceMemory target, long to, int n) {
        write(MemorySegment.ofArray(source), from, target, to, n);
    }

    /// [#write(float[], int, DeviceMemory, long, int)] for integers.
    /// @param source the values
    /// @param from the first one
    /// @param target where they go
    /// @param to the position of the first one there
    /// @param n how many
    /// @throws OpenClException if the driver refuses
    public void write(int[] source, int from, DeviceMemory target, long to, int n) {
        write(MemorySegment.ofArray(source), from, target, to, n);
    }

    private synchronized void write(MemorySegment source, int from, DeviceMemory target, long to, int n) {
        requireOpen();
        Range.check("write", "the array", from, n, source.byteSize());
        Range.check("write", "the device memory", to, n, target.bytes());
        long end = (long) n * Float.BYTES;
        for (long done = 0; done < end; done += ring.chunkBytes()) {
            long bytes = Math.min(ring.chunkBytes(), end - done);
            StagingRing.Slot slot = ring.slot(bytes);
            MemorySegment.copy(source, (long) from * Float.BYTES + done, slot.segment(), 0, bytes);
            try {
                clEnqueueWriteBuffer(context.queue(), target.handle(), CL_FALSE, to * Float.BYTES + done, bytes,
                        slot.pointer(), 0, null, null);
            } catch (CLException e) {
                throw context.failure("write " + Bytes.text(bytes), e);
            }
        }
    }

    /// Reads, after all commands enqueued so far.
    /// @param source where the values are
    /// @param from the position of the first one there
    /// @param target where they go
    /// @param to the position of the first one there
    /// @param n how many
    /// @throws OpenClException if the driver refuses, the device is lost or an earlier command failed
    public void read(DeviceMemory source, long from, float[] target, int to, int n) {
        read(source, from, MemorySegment.ofArray(target), to, n);
    }

    /// [#read(DeviceMemory, long, float[], int, int)] for integers.
    /// @param source where the values are
    /// @param from the position of the first one there
    /// @param target where they go
    /// @param to the position of the first one there
    /// @param n how many
    /// @throws OpenClException if the driver refuses, the device is lost or an earlier command failed
    public void read(DeviceMemory source, long from, int[] target, int to, int n) {
        read(source, from, MemorySegment.ofArray(target), to, n);
    }

    private void read(DeviceMemory source, long from, MemorySegment target, int to, int n) {
        requireOpen();
        Range.check("read", "the device memory", from, n, source.bytes());
        Range.check("read", "the array", to, n, target.byteSize());
        readBack.read(source.handle(), from * Float.BYTES,
                target.asSlice((long) to * Float.BYTES, (long) n * Float.BYTES));
    }

    /// Enqueues a copy from memory of the device to other memory of it.
    /// @param source where the values are
    /// @param from the position of the first one there
    /// @param target where they go; the same memory if the ranges do not overlap
    /// @param to the position of the first one there
    /// @param n how many
    /// @throws OpenClException if the driver refuses, as it does for overlapping ranges
    public void copy(DeviceMemory source, long from, DeviceMemory target, long to, long n) {
        Range.check("copy", "the source", from, n, source.bytes());
        Range.check("copy", "the target", to, n, target.bytes());
        if (n == 0) {
            return;
        }
        try {
            clEnqueueCopyBuffer(context.queue(), source.handle(), target.handle(), from * Float.BYTES,
                    to * Float.BYTES, n * Float.BYTES, 0, null, null);
        } catch (CLException e) {
            throw context.failure("copy " + Bytes.text(n * Float.BYTES), e);
        }
    }

    /// Enqueues the setting of equal values.
    /// @param target where they go
    /// @param to the position of the first one
    /// @param n how many
    /// @param value the value
    /// @throws OpenClException if the driver refuses
    public void fill(DeviceMemory target, long to, long n, float value) {
        Range.check("fill", "the device memory", to, n, target.bytes());
        if (n == 0) {
            return;
        }
        try {
            clEnqueueFillBuffer(context.queue(), target.handle(), Pointer.to(new float[] {value}), Float.BYTES,
                    to * Float.BYTES, n * Float.BYTES, 0, null, null);
        } catch (CLException e) {
            throw context.failure("fill " + Bytes.text(n * Float.BYTES), e);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("opencl: the transfers of " + context.device() + " are closed");
        }
    }

    /// @return the chunks of pinned memory for writes
    synchronized int stagingChunks() {
        return ring.chunks();
    }

    /// Frees the pinned memory when the transfers enqueued so far are done. Closing twice is harmless.
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            ring.close();
            readBack.close();
        }
    }
}
