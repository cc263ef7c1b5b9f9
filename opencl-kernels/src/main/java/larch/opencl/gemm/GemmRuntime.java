package larch.opencl.gemm;

import larch.device.DeviceInfo;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.NdRange;
import larch.opencl.runtime.Prepared;
import larch.opencl.source.ProgramSource;

/// What a matrix product needs of an opened device. Commands take effect in the order in which they are run.
public interface GemmRuntime {
    /// @return the device's limits
    DeviceInfo device();

    /// Prepares a kernel; the program is built at its first use.
    /// @param source the program
    /// @param function the kernel function
    /// @param range the work-items
    /// @param flops floating-point operations of a run, 0 if they are not of interest
    /// @param bytes what a run must move to and from global memory
    /// @param args the arguments in order, each [DeviceMemory], an [Integer] or a [Float]
    /// @return the launch, not yet run
    Prepared prepare(ProgramSource source, String function, NdRange range, double flops, double bytes, Object... args);

    /// @param floats how many
    /// @return memory that begins at a multiple of 16 bytes, with any content
    DeviceMemory take(int floats);

    /// Takes memory back. Commands that use it may still be in the queue; later ones come after them.
    /// @param memory from [#take]
    void giveBack(DeviceMemory memory);
}
