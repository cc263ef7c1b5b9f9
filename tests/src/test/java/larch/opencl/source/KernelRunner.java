package larch.opencl.source;

import static org.jocl.CL.*;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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

/// Runs the kernels of one program on the machine's first device, on arrays of the host.
final class KernelRunner implements AutoCloseable {
    /// One size for all launches, because PoCL compiles a kernel for each.
    private static final int GROUP = 64;

    private final OpenClContext context;
    private final OpenClProgram program;
    private final Map<String, cl_kernel> kernels = new HashMap<>();

    private KernelRunner(Function<OpenClContext, OpenClProgram> build) {
        OpenClDevice device = OpenClMachine.devices().at(0);
        long[] config = new long[1];
        clGetDeviceInfo(device.id(), CL_DEVICE_SINGLE_FP_CONFIG, Sizeof.cl_ulong, Pointer.to(config), null);
        long exact = CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT | CL_FP_DENORM | CL_FP_INF_NAN;
        if ((config[0] & exact) != exact) {
            String reason = "skipped: " + device + " rounds division and square root inexactly or drops subnormals";
            System.out.println(reason);
            abort(reason);
        }
        context = new OpenClContext(device);
        program = build.apply(context);
    }

    /// @return a runner of these kernels; without a device that rounds exactly the test is skipped and says why
    static KernelRunner of(List<KernelSource> kernels) {
        String text = KernelSource.program(kernels.toArray(KernelSource[]::new));
        return new KernelRunner(
                context -> OpenClProgram.ofSource(context, "generated kernels", text, KernelSource.EXACT_OPTIONS));
    }

    /// @return the same for a file below `/cl`
    static KernelRunner ofResource(String file) {
        return new KernelRunner(context -> OpenClProgram.build(context, file, KernelSource.EXACT_OPTIONS));
    }

    /// Runs a kernel and brings every array back.
    /// @param kernel its name
    /// @param global work-items of each dimension
    /// @param group  the same of a group
    /// @param args   `float[]` and `int[]` become buffers (one for one array), `int`, `long` and `float` values
    void run(String kernel, long[] global, long[] group, Object... args) {
        cl_kernel function = kernels.computeIfAbsent(kernel, program::kernel);
        Map<Object, cl_mem> buffers = new IdentityHashMap<>();
        try (var scope = new OpenClScope()) {
            for (int i = 0; i < args.length; i++) {
                switch (args[i]) {
                    case Integer value -> clSetKernelArg(function, i, Sizeof.cl_int, Pointer.to(new int[] {value}));
                    case Long value -> clSetKernelArg(function, i, Sizeof.cl_ulong, Pointer.to(new long[] {value}));
                    case Float value -> clSetKernelArg(function, i, Sizeof.cl_float, Pointer.to(new float[] {value}));
                    default -> {
                        cl_mem buffer = buffers.computeIfAbsent(args[i], array -> scope.own(clCreateBuffer(context.handle(),
                                CL_MEM_READ_WRITE | CL_MEM_COPY_HOST_PTR, bytes(array), pointer(array), null),
                                CL::clReleaseMemObject));
                        clSetKernelArg(function, i, Sizeof.cl_mem, Pointer.to(buffer));
                    }
                }
            }
            clEnqueueNDRangeKernel(context.queue(), function, global.length, null, global, group, 0, null, null);
            buffers.forEach((array, buffer) -> clEnqueueReadBuffer(context.queue(), buffer, CL_TRUE, 0, bytes(array),
                    pointer(array), 0, null, null));
        }
    }

    /// One-dimensional, in whole groups: always some work-items too many.
    void run(String kernel, long least, Object... args) {
        run(kernel, new long[] {(least / GROUP + 1) * GROUP}, new long[] {GROUP}, args);
    }

    private static long bytes(Object array) {
        return array instanceof float[] floats ? 4L * floats.length : 4L * ((int[]) array).length;
    }

    private static Pointer pointer(Object array) {
        return array instanceof float[] floats ? Pointer.to(floats) : Pointer.to((int[]) array);
    }

    @Override
    public void close() {
        program.close();
        context.close();
    }
}
