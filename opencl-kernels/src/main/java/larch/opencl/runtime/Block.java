package larch.opencl.runtime;

import org.jocl.cl_mem;

/// A buffer of the device, which has many owners in its life. Compared by identity.
final class Block {
    private final cl_mem handle;
    private final long capacity;

    Block(cl_mem handle, long capacity) {
        this.handle = handle;
        this.capacity = capacity;
    }

    cl_mem handle() {
        return handle;
    }

    /// @return its size in bytes
    long capacity() {
        return capacity;
    }
}
