package larch.opencl.runtime;

import larch.opencl.OpenClContext;
import larch.opencl.OpenClMachine;
import larch.opencl.source.ProgramSource;

/// The machine's preferred device with everything that runs kernels on it, and the programs of the tests.
final class Opened implements AutoCloseable {
    private static final ProgramSource PROGRAM = new ProgramSource("tests.cl", """
            __kernel void axpy(__global const float *x, __global float *y, float a, int n) {
                int i = get_global_id(0);
                if (i < n) { y[i] += a * x[i]; }
            }
            __kernel void add_one(__global int *x, long n) {
                if (get_global_id(0) < n) { x[get_global_id(0)]++; }
            }
            __kernel void reverse_group(__global float *x, __local float *tile) {
                int l = get_local_id(0);
                tile[l] = x[get_global_id(0)];
                barrier(CLK_LOCAL_MEM_FENCE);
                x[get_global_id(0)] = tile[get_local_size(0) - 1 - l];
            }
            __kernel void spin(__global float *x, int steps) {
                float v = x[0];
                for (int i = 0; i < steps; i++) { v = v * 0.5f + 1.0f; }
                x[0] = v;
            }
            """, "");

    private final OpenClRuntime runtime;
    final OpenClContext context;
    final MemoryPool pool;
    final Launcher launcher;
    final Transfers transfers;

    Opened() {
        this(false);
    }

    Opened(boolean profiling) {
        runtime = OpenClRuntime.open(OpenClMachine.devices().at(0), profiling);
        context = runtime.context();
        pool = runtime.pool();
        launcher = runtime.launcher();
        transfers = runtime.transfers();
    }

    Launch launch(String function, long items, long group) {
        return new Launch(runtime.programs().get(PROGRAM), function, NdRange.covering(items, group));
    }

    DeviceMemory upload(float... values) {
        return runtime.upload(values);
    }

    float[] download(DeviceMemory memory) {
        return runtime.download(memory, 0, (int) (memory.bytes() / Float.BYTES));
    }

    @Override
    public void close() {
        runtime.close();
    }
}
