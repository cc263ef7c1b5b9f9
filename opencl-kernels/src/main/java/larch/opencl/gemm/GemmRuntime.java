package larch.opencl.gemm;

import larch.device.DeviceInfo;
import org.jocl.cl_mem;

/// What a matrix product needs of an opened device. Commands take effect in the order of the calls.
public interface GemmRuntime {
    /// @return the device's limits
    DeviceInfo device();

    /// Enqueues a kernel; the program is built at its first use.
    /// @param source the program
    /// @param function the kernel function
    /// @param global work-items in each dimension, a multiple of `local`
    /// @param local work-items of a work-group in each dimension
    /// @param args the arguments in order, each a [cl_mem], an [Integer] or a [Float]
    void launch(KernelSource source, String function, long[] global, long[] local, Object... args);

    /// @param floats how many
    /// @return a buffer that begins at a multiple of 16 bytes, with any content
    cl_mem acquire(int floats);

    /// Takes a buffer back. Commands that use it may still be in the queue; later ones come after them.
    /// @param buffer from [#acquire]
    void release(cl_mem buffer);
}
