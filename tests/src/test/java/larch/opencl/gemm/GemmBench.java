package larch.opencl.gemm;

import static org.jocl.CL.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import larch.device.DeviceInfo;
import larch.opencl.OpenClContext;
import larch.opencl.OpenClDevice;
import larch.opencl.OpenClMachine;
import larch.opencl.OpenClProgram;
import larch.opencl.OpenClScope;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;

/// The plainest runtime that there can be, for tests: blocking copies, a program and a kernel object for each source.
final class GemmBench implements GemmRuntime, AutoCloseable {
    private final OpenClScope scope = new OpenClScope();
    private final OpenClContext context;
    private final Map<KernelSource, OpenClProgram> programs = new HashMap<>();
    private final Map<String, cl_kernel> kernels = new HashMap<>();
    private int acquired;

    private GemmBench(OpenClDevice device) {
        context = new OpenClContext(device);
    }

    /// @return one for each device of this machine; without any, the test is skipped and says why
    static List<GemmBench> all() {
        List<GemmBench> all = new ArrayList<>();
        OpenClMachine.devices().all().forEach(device -> all.add(new GemmBench(device)));
        return all;
    }

    @Override
    public DeviceInfo device() {
        return context.device().info();
    }

    @Override
    public void launch(KernelSource source, String function, long[] global, long[] local, Object... args) {
        OpenClProgram program = programs.computeIfAbsent(source,
                s -> OpenClProgram.ofSource(context, s.name(), s.text(), s.options()));
        cl_kernel kernel = kernels.computeIfAbsent(System.identityHashCode(program) + function,
                name -> program.kernel(function));
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case Integer x -> clSetKernelArg(kernel, i, Sizeof.cl_int, Pointer.to(new int[] {x}));
                case Float x -> clSetKernelArg(kernel, i, Sizeof.cl_float, Pointer.to(new float[] {x}));
                case cl_mem x -> clSetKernelArg(kernel, i, Sizeof.cl_mem, Pointer.to(x));
                default -> throw new IllegalArgumentException("argument " + i + ": " + args[i]);
            }
        }
        clEnqueueNDRangeKernel(context.queue(), kernel, global.length, null, global, local, 0, null, null);
    }

    /// Filled with NaN, so that reading what nobody wrote shows.
    @Override
    public cl_mem acquire(int floats) {
        acquired++;
        float[] nan = new float[floats];
        Arrays.fill(nan, Float.NaN);
        return buffer(nan);
    }

    @Override
    public void release(cl_mem buffer) {
        acquired--;
    }

    /// @return buffers that were acquired and not released
    int acquired() {
        return acquired;
    }

    cl_mem buffer(float... values) {
        return scope.own(clCreateBuffer(context.handle(), CL_MEM_READ_WRITE | CL_MEM_COPY_HOST_PTR,
                (long) values.length * Float.BYTES, Pointer.to(values), null), CL::clReleaseMemObject);
    }

    float[] read(cl_mem buffer, int floats) {
        float[] values = new float[floats];
        clEnqueueReadBuffer(context.queue(), buffer, CL_TRUE, 0, (long) floats * Float.BYTES, Pointer.to(values), 0, null,
                null);
        return values;
    }

    /// Waits and releases the buffers; programs stay.
    void clear() {
        clFinish(context.queue());
        scope.close();
    }

    @Override
    public void close() {
        clear();
        programs.values().forEach(OpenClProgram::close);
        context.close();
    }
}
