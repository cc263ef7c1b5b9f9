package larch.opencl.gemm;

import java.util.ArrayList;
import java.util.List;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.NdRange;
import larch.opencl.runtime.Prepared;
import larch.opencl.source.ProgramSource;

/// A product as the launches of its path, with the memory that they need besides. A and B may change between runs: their
/// copies are among the launches.
final class PreparedProduct implements Prepared {
    private final GemmRuntime runtime;
    private final List<Prepared> launches = new ArrayList<>();
    private final List<DeviceMemory> scratch = new ArrayList<>();

    PreparedProduct(GemmRuntime runtime) {
        this.runtime = runtime;
    }

    /// @param floats how many
    /// @return memory of its own until this is closed
    DeviceMemory scratch(int floats) {
        DeviceMemory memory = runtime.take(floats);
        scratch.add(memory);
        return memory;
    }

    /// Adds a launch to what a run enqueues; see [GemmRuntime#prepare].
    void launch(ProgramSource source, String function, NdRange range, double flops, double bytes, Object... args) {
        launches.add(runtime.prepare(source, function, range, flops, bytes, args));
    }

    @Override
    public void run() {
        launches.forEach(Prepared::run);
    }

    @Override
    public void close() {
        launches.forEach(Prepared::close);
        scratch.forEach(runtime::giveBack);
        scratch.clear();
    }
}
