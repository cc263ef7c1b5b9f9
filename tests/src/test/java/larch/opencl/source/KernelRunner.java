package larch.opencl.source;

import static org.jocl.CL.*;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import larch.opencl.OpenClDevice;
import larch.opencl.OpenClMachine;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.Launch;
import larch.opencl.runtime.NdRange;
import larch.opencl.runtime.OpenClRuntime;
import org.jocl.Pointer;
import org.jocl.Sizeof;

/// Runs the kernels of one program on the machine's first device, on arrays of the host.
final class KernelRunner implements AutoCloseable {
    /// One size for all launches, because PoCL compiles a kernel for each.
    private static final int GROUP = 64;

    private final OpenClRuntime opened;
    private final ProgramSource program;

    private KernelRunner(ProgramSource program) {
        OpenClDevice device = OpenClMachine.devices().at(0);
        long[] config = new long[1];
        clGetDeviceInfo(device.id(), CL_DEVICE_SINGLE_FP_CONFIG, Sizeof.cl_ulong, Pointer.to(config), null);
        long exact = CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT | CL_FP_DENORM | CL_FP_INF_NAN;
        if ((config[0] & exact) != exact) {
            String reason = "skipped: " + device + " rounds division and square root inexactly or drops subnormals";
            System.out.println(reason);
            abort(reason);
        }
        opened = OpenClRuntime.open(device, false);
        this.program = program;
    }

    /// @return a runner of these kernels; without a device that rounds exactly the test is skipped and says why
    static KernelRunner of(List<KernelSource> kernels) {
        return new KernelRunner(ProgramSource.ofKernels("generated kernels", kernels.toArray(KernelSource[]::new)));
    }

    /// @return the same for a file below `/cl`
    static KernelRunner ofFile(String file) {
        return new KernelRunner(ProgramSource.ofFile(file));
    }

    /// Runs a kernel and brings every array back.
    /// @param kernel its name
    /// @param global work-items of each dimension
    /// @param group  the same of a group
    /// @param args   `float[]` and `int[]` become memory (one for one array), `int`, `long` and `float` stay values
    void run(String kernel, long[] global, long[] group, Object... args) {
        Map<Object, DeviceMemory> memories = new IdentityHashMap<>();
        for (Object arg : args) {
            if (arg instanceof float[] || arg instanceof int[]) {
                memories.computeIfAbsent(arg, this::upload);
            }
        }
        opened.launcher().launch(new Launch(opened.programs().get(program), kernel, NdRange.of(global, group)),
                Arrays.stream(args).map(arg -> memories.containsKey(arg) ? memories.get(arg) : arg).toArray());
        memories.forEach(this::download);
    }

    /// One-dimensional, in whole groups: always some work-items too many.
    void run(String kernel, long least, Object... args) {
        run(kernel, new long[] {(least / GROUP + 1) * GROUP}, new long[] {GROUP}, args);
    }

    private DeviceMemory upload(Object array) {
        if (array instanceof float[] floats) {
            return opened.upload(floats);
        }
        int[] ints = (int[]) array;
        DeviceMemory memory = opened.pool().take((long) ints.length * Integer.BYTES);
        opened.transfers().write(ints, 0, memory, 0, ints.length);
        return memory;
    }

    private void download(Object array, DeviceMemory memory) {
        if (array instanceof float[] floats) {
            opened.transfers().read(memory, 0, floats, 0, floats.length);
        } else {
            opened.transfers().read(memory, 0, (int[]) array, 0, ((int[]) array).length);
        }
        opened.pool().giveBack(memory);
    }

    @Override
    public void close() {
        opened.close();
    }
}
