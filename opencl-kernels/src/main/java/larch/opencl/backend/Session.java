package larch.opencl.backend;

import larch.opencl.OpenClDevice;
import larch.opencl.OpenClProgram;
import larch.opencl.gemm.GemmChoice;
import larch.opencl.gemm.OpenClGemm;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.KernelTimes;
import larch.opencl.runtime.Launch;
import larch.opencl.runtime.OpenClRuntime;
import larch.opencl.runtime.PreparedLaunch;
import larch.opencl.runtime.Transfers;
import larch.opencl.source.ProgramSource;

/// Everything that is open while a backend is: the device and its matrix products.
final class Session implements AutoCloseable {
    private final OpenClRuntime runtime;
    private final OpenClGemm gemm;
    private volatile boolean closed;

    /// @param device       which device
    /// @param timesKernels whether every launch is timed
    /// @param choice       which kernels products take
    Session(OpenClDevice device, boolean timesKernels, GemmChoice choice) {
        runtime = OpenClRuntime.open(device, timesKernels);
        try {
            gemm = new OpenClGemm(runtime, choice);
        } catch (RuntimeException e) {
            runtime.close();
            throw e;
        }
    }

    OpenClDevice device() {
        return runtime.device();
    }

    Transfers transfers() {
        return open().transfers();
    }

    OpenClGemm gemm() {
        return gemm;
    }

    KernelTimes times() {
        return runtime.launcher().times();
    }

    /// @param floats how many
    /// @return memory of arbitrary content
    DeviceMemory take(long floats) {
        return open().pool().take(floats * Float.BYTES);
    }

    void giveBack(DeviceMemory memory) {
        runtime.pool().giveBack(memory);
    }

    /// @return how many blocks of memory are lent
    int liveBlocks() {
        return runtime.pool().liveBlocks();
    }

    /// @param source a program
    /// @return the program, built once
    OpenClProgram program(ProgramSource source) {
        return open().programs().get(source);
    }

    PreparedLaunch prepare(Launch launch, Object... arguments) {
        return open().launcher().prepare(launch, arguments);
    }

    private OpenClRuntime open() {
        if (closed) {
            throw new IllegalStateException("opencl: the backend on " + device() + " is closed, and its tensors with it; "
                    + "read them before, with toArray() or copy()");
        }
        return runtime;
    }

    @Override
    public void close() {
        closed = true;
        runtime.close();
    }
}
