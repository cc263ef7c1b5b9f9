package larch.opencl.gemm;

import java.util.ArrayList;
import java.util.List;
import larch.device.DeviceInfo;
import larch.opencl.OpenClMachine;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.NdRange;
import larch.opencl.runtime.OpenClRuntime;
import larch.opencl.runtime.Prepared;
import larch.opencl.source.ProgramSource;

/// The runtime of a backend, with scratch memory that is counted and full of NaN, so that reading what nobody wrote shows.
final class GemmBench implements GemmRuntime, AutoCloseable {
    private final OpenClRuntime opened;
    private final PooledGemmRuntime runtime;
    private final List<DeviceMemory> uploaded = new ArrayList<>();
    private int taken;

    private GemmBench(OpenClRuntime opened) {
        this.opened = opened;
        runtime = new PooledGemmRuntime(opened);
    }

    /// @return one for each device of this machine; without any, the test is skipped and says why
    static List<GemmBench> all() {
        return OpenClMachine.devices().all().stream().map(device -> OpenClRuntime.open(device, false))
                .map(GemmBench::new).toList();
    }

    @Override
    public DeviceInfo device() {
        return runtime.device();
    }

    @Override
    public Prepared prepare(ProgramSource source, String function, NdRange range, double flops, double bytes, Object... args) {
        return runtime.prepare(source, function, range, flops, bytes, args);
    }

    @Override
    public DeviceMemory take(int floats) {
        taken++;
        DeviceMemory memory = runtime.take(floats);
        opened.transfers().fill(memory, 0, floats, Float.NaN);
        return memory;
    }

    @Override
    public void giveBack(DeviceMemory memory) {
        taken--;
        runtime.giveBack(memory);
    }

    /// @return scratch memory that was not given back
    int taken() {
        return taken;
    }

    DeviceMemory upload(float... values) {
        DeviceMemory memory = opened.upload(values);
        uploaded.add(memory);
        return memory;
    }

    void fill(DeviceMemory memory, int floats, float value) {
        opened.transfers().fill(memory, 0, floats, value);
    }

    float[] read(DeviceMemory memory, int floats) {
        return opened.download(memory, 0, floats);
    }

    /// Gives back what was uploaded; programs stay.
    void clear() {
        uploaded.forEach(opened.pool()::giveBack);
        uploaded.clear();
    }

    @Override
    public void close() {
        opened.close();
    }
}
