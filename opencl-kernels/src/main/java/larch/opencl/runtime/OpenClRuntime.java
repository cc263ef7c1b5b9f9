package larch.opencl.runtime;

import larch.opencl.OpenClContext;
import larch.opencl.OpenClDevice;
import larch.opencl.OpenClScope;

/// A device opened for work, with everything that runs kernels on it; each serves all threads.
/// @param context the device's context with its queue
/// @param pool lends memory
/// @param programs builds each program once
/// @param launcher enqueues kernels
/// @param transfers moves values
public record OpenClRuntime(OpenClContext context, MemoryPool pool, ProgramCache programs, Launcher launcher,
        Transfers transfers) implements AutoCloseable {
    /// Opens a device.
    /// @param device which one
    /// @param timesKernels whether every launch is timed ([Launcher#times])
    /// @return what must be closed
    /// @throws larch.opencl.OpenClException if the driver refuses
    public static OpenClRuntime open(OpenClDevice device, boolean timesKernels) {
        OpenClContext context = new OpenClContext(device, timesKernels);
        return new OpenClRuntime(context, new MemoryPool(context), new ProgramCache(context), new Launcher(context),
                new Transfers(context));
    }

    /// @return the device
    public OpenClDevice device() {
        return context.device();
    }

    /// @param values what the memory is to hold
    /// @return memory of its own for them
    public DeviceMemory upload(float... values) {
        DeviceMemory memory = pool.take((long) values.length * Float.BYTES);
        transfers.write(values, 0, memory, 0, values.length);
        return memory;
    }

    /// @param memory where
    /// @param from the first of the floats
    /// @param count how many
    /// @return the floats, once all commands before are done
    public float[] download(DeviceMemory memory, long from, int count) {
        float[] values = new float[count];
        transfers.read(memory, from, values, 0, count);
        return values;
    }

    /// Waits for the commands, then releases everything, memory that is still lent too. Closing twice is harmless.
    @Override
    public void close() {
        try (var scope = new OpenClScope()) {
            scope.own(context, OpenClContext::close);
            scope.own(pool, MemoryPool::releaseAll);
            scope.own(programs, ProgramCache::close);
            scope.own(transfers, Transfers::close);
            scope.own(launcher, Launcher::close);
        }
    }
}
