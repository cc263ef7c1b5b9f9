package larch.opencl.backend;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import larch.device.DeviceInfo;
import larch.opencl.OpenClContext;
import larch.opencl.OpenClDevice;
import larch.opencl.OpenClProgram;
import larch.opencl.gemm.GemmChoice;
import larch.opencl.gemm.GemmRuntime;
import larch.opencl.gemm.KernelSource;
import larch.opencl.gemm.OpenClGemm;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.KernelTimes;
import larch.opencl.runtime.Launch;
import larch.opencl.runtime.Launcher;
import larch.opencl.runtime.MemoryPool;
import larch.opencl.runtime.NdRange;
import larch.opencl.runtime.PreparedLaunch;
import larch.opencl.runtime.ProgramCache;
import larch.opencl.runtime.Transfers;
import org.jocl.cl_mem;

/// Everything that is open while a backend is: the device's context with its queue, memory, programs, launches, transfers.
final class Session implements AutoCloseable {
    private static final String EXACT_DIVISION = " -cl-fp32-correctly-rounded-divide-sqrt";

    private final OpenClContext context;
    private final MemoryPool pool;
    private final ProgramCache programs;
    private final Launcher launcher;
    private final Transfers transfers;
    private final GemmRuntime products = new Products();
    private final OpenClGemm gemm;
    private final String exactness;

    /// @param device       which device
    /// @param timesKernels whether every launch is timed
    /// @param choice       which kernels products take
    Session(OpenClDevice device, boolean timesKernels, GemmChoice choice) {
        context = new OpenClContext(device, timesKernels);
        pool = new MemoryPool(context);
        programs = new ProgramCache(context);
        launcher = new Launcher(context);
        transfers = new Transfers(context);
        exactness = device.exactDivision() ? EXACT_DIVISION : "";
        gemm = gemm(choice);
    }

    OpenClDevice device() {
        return context.device();
    }

    Transfers transfers() {
        return transfers;
    }

    OpenClGemm gemm() {
        return gemm;
    }

    /// @param choice which kernels
    /// @return products with these
    OpenClGemm gemm(GemmChoice choice) {
        return new OpenClGemm(products, choice);
    }

    KernelTimes times() {
        return launcher.times();
    }

    /// @param floats how many
    /// @return memory of arbitrary content
    DeviceMemory take(long floats) {
        return pool.take(floats * Float.BYTES);
    }

    void giveBack(DeviceMemory memory) {
        pool.giveBack(memory);
    }

    /// @return how many blocks of memory are lent
    int liveBlocks() {
        return pool.liveBlocks();
    }

    /// @param name    stands for the text in errors
    /// @param text    OpenCL C
    /// @param options compiler options
    /// @return the program, built once, with division and square root rounded as on the CPU where the device can
    OpenClProgram program(String name, String text, String options) {
        return programs.get(name, text, options + exactness);
    }

    PreparedLaunch prepare(Launch launch, Object... arguments) {
        return launcher.prepare(launch, arguments);
    }

    void finish() {
        context.finish();
    }

    @Override
    public void close() {
        context.finish();
        launcher.close();
        transfers.close();
        programs.close();
        pool.releaseAll();
        context.close();
    }

    /// What matrix products need.
    private final class Products implements GemmRuntime {
        private final Map<cl_mem, DeviceMemory> scratch = new ConcurrentHashMap<>();

        @Override
        public DeviceInfo device() {
            return context.device().info();
        }

        @Override
        public void launch(KernelSource source, String function, long[] global, long[] local, Object... args) {
            OpenClProgram program = program(source.name(), source.text(), source.options());
            launcher.launch(new Launch(program, function, NdRange.of(global, local)), args);
        }

        @Override
        public cl_mem acquire(int floats) {
            DeviceMemory memory = take(floats);
            scratch.put(memory.handle(), memory);
            return memory.handle();
        }

        @Override
        public void release(cl_mem buffer) {
            giveBack(scratch.remove(buffer));
        }
    }
}
