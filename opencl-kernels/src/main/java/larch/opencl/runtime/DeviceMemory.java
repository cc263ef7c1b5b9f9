package larch.opencl.runtime;

import java.lang.ref.Cleaner;
import org.jocl.cl_mem;

/// Memory of a device, lent by a [MemoryPool] until it is given back or garbage-collected. Its contents are
/// undefined at first.
public final class DeviceMemory {
    private final MemoryPool pool;
    private final Block block;
    private final long bytes;
    private final Cleaner.Cleanable loan;
    private volatile boolean givenBack;

    DeviceMemory(MemoryPool pool, Block block, long bytes) {
        this.pool = pool;
        this.block = block;
        this.bytes = bytes;
        // Of locals only: an action that held this memory would keep it from being collected.
        this.loan = GarbageCollected.whenGone(this, () -> pool.recycle(block));
    }

    /// @return the size that was asked for
    public long bytes() {
        return bytes;
    }

    /// @return the handle, valid for commands that are enqueued before this is given back
    /// @throws IllegalStateException if this was given back or the pool is closed
    public cl_mem handle() {
        if (givenBack || pool.isClosed()) {
            throw new IllegalStateException("opencl memory: these " + bytes + " bytes were given back to the pool"
                    + (givenBack ? "" : ", which is closed"));
        }
        return block.handle();
    }

    /// @return the pool that lent this
    MemoryPool pool() {
        return pool;
    }

    void giveBack() {
        givenBack = true;
        loan.clean();
    }
}
