package larch.opencl.gemm;

import larch.device.DeviceInfo;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.Launch;
import larch.opencl.runtime.NdRange;
import larch.opencl.runtime.OpenClRuntime;
import larch.opencl.runtime.Prepared;
import larch.opencl.source.ProgramSource;

/// Products on the queue, programs and memory that everything else on the device uses.
/// @param opened the device
record PooledGemmRuntime(OpenClRuntime opened) implements GemmRuntime {
    @Override
    public DeviceInfo device() {
        return opened.device().info();
    }

    @Override
    public Prepared prepare(ProgramSource source, String function, NdRange range, double flops, double bytes, Object... args) {
        return opened.launcher().prepare(new Launch(opened.programs().get(source), function, range, flops, bytes), args);
    }

    @Override
    public DeviceMemory take(int floats) {
        return opened.pool().take((long) floats * Float.BYTES);
    }

    @Override
    public void giveBack(DeviceMemory memory) {
        opened.pool().giveBack(memory);
    }
}
