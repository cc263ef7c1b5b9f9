package larch.opencl.gemm;

import java.util.ArrayList;
import java.util.List;
import larch.device.DeviceInfo;
import org.jocl.cl_mem;

/// A runtime without a device: it writes the launches down.
final class RecordingRuntime implements GemmRuntime {
    private final DeviceInfo device;
    final List<String> launches = new ArrayList<>();

    RecordingRuntime(DeviceInfo device) {
        this.device = device;
    }

    static DeviceInfo device(long maxWorkGroup, long localMemory) {
        return new DeviceInfo(0, "invented", "vendor", "OpenCL 3.0", "1.0", DeviceInfo.Type.GPU, "platform", "OpenCL 3.0",
                4, 1000, 1L << 33, 1L << 31, localMemory, maxWorkGroup, List.of(256L, 256L, 64L), 1, false, false, false,
                false, List.of());
    }

    @Override
    public DeviceInfo device() {
        return device;
    }

    @Override
    public void launch(KernelSource source, String function, long[] global, long[] local, Object... args) {
        launches.add(function + " " + global[0] + "x" + global[1] + " by " + local[0] + "x" + local[1]);
    }

    @Override
    public cl_mem acquire(int floats) {
        return new cl_mem();
    }

    @Override
    public void release(cl_mem buffer) {
        launches.add("release");
    }
}
