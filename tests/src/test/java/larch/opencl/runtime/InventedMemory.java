package larch.opencl.runtime;

import org.jocl.cl_mem;

/// Memory of no device, for tests of what is done with memory.
public final class InventedMemory {
    private static final MemoryPool NO_POOL = new MemoryPool(null, null);

    private InventedMemory() {}

    /// @param bytes how large it claims to be
    /// @return memory that can be asked for its size, and no more
    public static DeviceMemory of(long bytes) {
        return new DeviceMemory(NO_POOL, new Block(new cl_mem(), bytes), bytes);
    }
}
