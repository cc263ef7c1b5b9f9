package larch.opencl.runtime;

import static org.jocl.CL.*;

import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import larch.opencl.OpenClContext;
import larch.opencl.OpenClException;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_mem;

/// Lends memory of one device and uses again what comes back.
///
/// A block that comes back may still be in use by commands that were enqueued before; its next owner's commands come
/// after them, because the queue is in order. Memory whose Java object is garbage-collected comes back by itself.
/// When the device has no more, free blocks are released, then garbage is collected, and only then is it an error.
/// Thread-safe.
public final class MemoryPool implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(MemoryPool.class.getName());
    /// How often and how long to wait for the collector's owners to give back: a fraction of a second in all.
    private static final int COLLECTIONS = 3;
    private static final long COLLECTION_MILLIS = 60;

    private final OpenClContext context;
    private final Driver driver;
    private final FreeBlocks free = new FreeBlocks();
    private final Set<Block> live = Collections.newSetFromMap(new IdentityHashMap<>());
    private long liveBytes;
    private volatile boolean closed;

    /// What was lent and is not back yet.
    /// @param blocks how many blocks
    /// @param bytes their size, rounded up as it is on the device
    public record Live(int blocks, long bytes) {
        @Override
        public String toString() {
            return Bytes.text(bytes) + " live in " + blocks + (blocks == 1 ? " block" : " blocks");
        }
    }

    /// Makes and releases blocks.
    interface Driver {
        cl_mem create(long bytes);

        void release(cl_mem handle);
    }

    /// Makes an empty pool.
    /// @param context the opened device
    public MemoryPool(OpenClContext context) {
        this(context, new Driver() {
            @Override
            public cl_mem create(long bytes) {
                return createBuffer(context, bytes);
            }

            @Override
            public void release(cl_mem handle) {
                clReleaseMemObject(handle);
            }
        });
    }

    MemoryPool(OpenClContext context, Driver driver) {
        this.context = context;
        this.driver = driver;
    }

    /// @param bytes the size; 0 is allowed
    /// @return memory of at least that size, contents undefined
    /// @throws OpenClException if the device has no more
    public synchronized DeviceMemory take(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("opencl memory: the size must not be negative, got " + bytes);
        }
        if (closed) {
            throw new IllegalStateException("opencl memory: the pool on " + context.device() + " is closed");
        }
        Block block = free.takeFor(bytes);
        if (block == null) {
            block = allocate(bytes);
        }
        live.add(block);
        liveBytes += block.capacity();
        return new DeviceMemory(this, block, bytes);
    }

    /// Takes memory back. Giving back twice is harmless.
    /// @param memory what [#take] of this pool returned
    public void giveBack(DeviceMemory memory) {
        if (memory.pool() != this) {
            throw new IllegalArgumentException("opencl memory: these " + memory.bytes() + " bytes are from another "
                    + "pool; give them back to theirs");
        }
        memory.giveBack();
    }

    /// The end of a loan: called once for each, by the owner or in place of a collected one.
    synchronized void recycle(Block block) {
        if (live.remove(block)) {
            liveBytes -= block.capacity();
            free.add(block);
            notifyAll();
        }
    }

    /// @return the size of what is lent, rounded up as it is on the device
    public synchronized long liveBytes() {
        return liveBytes;
    }

    /// @return how many blocks are lent
    public synchronized int liveBlocks() {
        return live.size();
    }

    /// @return the size of the blocks that wait for their next owner
    public synchronized long freeBytes() {
        return free.bytes();
    }

    /// Releases the free blocks.
    /// @return how many bytes that were
    public synchronized long trim() {
        long bytes = free.bytes();
        release(free.takeAll());
        return bytes;
    }

    /// Releases everything, what is still lent too: its owners cannot use it any more.
    /// @return what was still lent; nothing at the second call
    public synchronized Live releaseAll() {
        closed = true;
        Live left = new Live(live.size(), liveBytes);
        trim();
        release(live);
        live.clear();
        liveBytes = 0;
        return left;
    }

    /// [#releaseAll()], with a warning in the log if something was still lent.
    @Override
    public void close() {
        Live left = releaseAll();
        if (left.blocks() > 0) {
            LOG.log(Level.WARNING, () -> "opencl memory: the pool on " + context.device() + " was closed with " + left);
        }
    }

    boolean isClosed() {
        return closed;
    }

    OpenClContext context() {
        return context;
    }

    private void release(Collection<Block> blocks) {
        blocks.forEach(block -> driver.release(block.handle()));
    }

    private Block allocate(long bytes) {
        long largest = Math.max(bytes, context.device().info().maxAllocationBytes());
        long capacity = Math.min(FreeBlocks.capacityFor(bytes), largest);
        CLException refusal = null;
        for (int attempt = 0; attempt <= COLLECTIONS; attempt++) {
            try {
                return new Block(create(capacity), capacity);
            } catch (CLException e) {
                refusal = e;
            }
            if (trim() == 0 && !collectGarbage()) {
                break;
            }
        }
        throw outOfMemory(bytes, refusal);
    }

    /// A driver that allocates late would tell only in the middle of a launch, hence the look at the sum.
    private cl_mem create(long capacity) {
        if (liveBytes + free.bytes() + capacity > context.device().info().globalMemoryBytes()) {
            throw new CLException("CL_MEM_OBJECT_ALLOCATION_FAILURE", CL_MEM_OBJECT_ALLOCATION_FAILURE);
        }
        try {
            return driver.create(capacity);
        } catch (CLException e) {
            switch (e.getStatus()) {
                case CL_MEM_OBJECT_ALLOCATION_FAILURE, CL_OUT_OF_RESOURCES, CL_OUT_OF_HOST_MEMORY,
                        CL_INVALID_BUFFER_SIZE -> throw e;
                default -> throw context.failure("allocate " + Bytes.text(capacity), e);
            }
        }
    }

    /// Java collects when its heap is full, not when the device is: small objects may hold all of its memory.
    /// @return whether something came back
    private boolean collectGarbage() {
        for (int i = 0; i < COLLECTIONS && free.bytes() == 0 && !live.isEmpty(); i++) {
            System.gc();
            try {
                wait(COLLECTION_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return trim() > 0;
    }

    private OpenClException outOfMemory(long bytes, CLException refusal) {
        long most = context.device().info().maxAllocationBytes();
        return new OpenClException("opencl: allocate " + Bytes.text(bytes) + " on " + context.device() + ": "
                + CL.stringFor_errorCode(refusal.getStatus()) + "; " + new Live(live.size(), liveBytes)
                + ", the device has " + Bytes.text(context.device().info().globalMemoryBytes()) + " and gives at most "
                + Bytes.text(most) + " at once; "
                + (bytes > most ? "use a smaller model or smaller batches, or split the tensor"
                        : "use a smaller model or smaller batches, or close what is no longer needed"));
    }

    /// Some drivers give a buffer its memory at its first use. The migration is a first use, so that a refusal comes
    /// here and not from the first kernel.
    private static cl_mem createBuffer(OpenClContext context, long bytes) {
        cl_mem buffer = clCreateBuffer(context.handle(), CL_MEM_READ_WRITE, bytes, null, null);
        try {
            clEnqueueMigrateMemObjects(context.queue(), 1, new cl_mem[] {buffer},
                    CL_MIGRATE_MEM_OBJECT_CONTENT_UNDEFINED, 0, null, null);
            return buffer;
        } catch (CLException e) {
            clReleaseMemObject(buffer);
            throw e;
        }
    }
}
