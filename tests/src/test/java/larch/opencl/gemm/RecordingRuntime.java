package larch.opencl.gemm;

import java.util.ArrayList;
import java.util.List;
import larch.device.DeviceInfo;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.InventedMemory;
import larch.opencl.runtime.NdRange;
import larch.opencl.source.ProgramSource;

/// A runtime without a device: it writes the launches down.
final class RecordingRuntime implements GemmRuntime {
    private final DeviceInfo device;
    final List<String> launches = new ArrayList<>();

    RecordingRuntime(DeviceInfo device) {
        this.device = device;
    }

    @Override
    public DeviceInfo device() {
        return device;
    }

    @Override
    public void launch(ProgramSource source, String function, NdRange range, Object... args) {
        launches.add(function + " " + range);
    }

    @Override
    public DeviceMemory take(int floats) {
        return InventedMemory.of((long) floats * Float.BYTES);
    }

    @Override
    public void giveBack(DeviceMemory memory) {
        launches.add("give back");
    }
}
