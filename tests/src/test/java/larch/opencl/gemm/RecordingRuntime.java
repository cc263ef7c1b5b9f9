package larch.opencl.gemm;

import java.util.ArrayList;
import java.util.List;
import larch.device.DeviceInfo;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.InventedMemory;
import larch.opencl.runtime.NdRange;
import larch.opencl.runtime.Prepared;
import larch.opencl.source.ProgramSource;

/// A runtime without a device: it writes down what is run and what is given back.
final class RecordingRuntime implements GemmRuntime {
    private final DeviceInfo device;
    final List<String> launches = new ArrayList<>();
    /// The kernel function that cannot be prepared; empty for none.
    String missing = "";
    /// Launches that are not closed.
    final List<String> open = new ArrayList<>();
    /// Operations and bytes of the launches that were prepared.
    final List<String> costs = new ArrayList<>();

    RecordingRuntime(DeviceInfo device) {
        this.device = device;
    }

    @Override
    public DeviceInfo device() {
        return device;
    }

    @Override
    public Prepared prepare(ProgramSource source, String function, NdRange range, double flops, double bytes, Object... args) {
        if (function.equals(missing)) {
            throw new IllegalStateException("no " + function);
        }
        String launch = function + " " + range;
        open.add(launch);
        costs.add(String.format("%s %.0f %.0f", function, flops, bytes));
        return new Prepared() {
            @Override
            public void run() {
                launches.add(launch);
            }

            @Override
            public void close() {
                open.remove(launch);
            }
        };
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
