package larch.opencl.gemm;

import larch.device.DeviceInfo;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.NdRange;
import larch.opencl.runtime.Prepared;
import larch.opencl.source.ProgramSource;

/// A device without tensor cores and asynchronous copies: the same texts with plain OpenCL C in place of NVIDIA's instructions.
///
/// @param bench the device
record Twin(GemmBench bench) implements GemmRuntime {
    @Override
    public DeviceInfo device() {
        return bench.device();
    }

    @Override
    public Prepared prepare(ProgramSource source, String function, NdRange range, double flops, double bytes, Object... args) {
        return bench.prepare(new ProgramSource(source.name(), source.text(), source.options() + " -DPLAIN"), function, range,
                flops, bytes, args);
    }

    @Override
    public DeviceMemory take(int floats) {
        return bench.take(floats);
    }

    @Override
    public void giveBack(DeviceMemory memory) {
        bench.giveBack(memory);
    }

    /// @param kernel one of [GemmKernel#candidates]
    /// @param p its numbers
    /// @return products with it
    OpenClGemm gemm(GemmKernel kernel, GemmParams p) {
        return new OpenClGemm(this, kernel, p, GemmKernel.DIRECT.defaults(), GemmThresholds.DEFAULT);
    }
}
