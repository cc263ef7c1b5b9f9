package larch.opencl.backend;

import java.util.ArrayList;
import java.util.List;
import larch.backend.KernelCall;
import larch.opencl.OpenClProgram;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.Launch;
import larch.opencl.runtime.NdRange;
import larch.opencl.runtime.Prepared;
import larch.opencl.runtime.PreparedLaunch;
import larch.tensor.Buffer;
import larch.tensor.Tensor;

/// A call with its kernels, their arguments and whatever memory they need besides; running it only enqueues, unless tensors
/// of the heap are among its results.
final class PreparedCall implements Prepared {
    /// Work-items of a group of the element-wise kernels: many enough for every device, few enough for all.
    static final int GROUP = 256;

    private final Session session;
    private final Visitors visitors;
    private final List<Runnable> steps = new ArrayList<>();
    private final List<Prepared> owned = new ArrayList<>();
    private final List<DeviceMemory> scratch = new ArrayList<>();

    /// @param session the device
    /// @param call    what is to be run
    PreparedCall(Session session, KernelCall call) {
        this.session = session;
        visitors = new Visitors(session, call);
    }

    /// @param tensor one that the call touches
    /// @return where it lies on the device
    Visitors.Place place(Tensor tensor) {
        return place(tensor.buffer(), tensor.offset());
    }

    Visitors.Place place(Buffer buffer, int offset) {
        return visitors.place(buffer, offset);
    }

    /// @param elements of four bytes
    /// @return memory of its own until this is closed
    DeviceMemory scratch(long elements) {
        DeviceMemory memory = session.take(elements);
        scratch.add(memory);
        return memory;
    }

    /// Adds something to do in each run.
    void step(Runnable action) {
        steps.add(action);
    }

    /// Closes work together with this.
    <T extends Prepared> T own(T work) {
        owned.add(work);
        return work;
    }

    /// Prepares a launch, not yet as a step.
    /// @param program   where the kernel is
    /// @param function  its name
    /// @param range     work-items
    /// @param bytes     what it must move, for the table of times
    /// @param arguments places count as two: memory and offset
    /// @return the launch
    PreparedLaunch launch(OpenClProgram program, String function, NdRange range, double bytes, List<Object> arguments) {
        List<Object> flat = new ArrayList<>();
        for (Object argument : arguments) {
            if (argument instanceof Visitors.Place(DeviceMemory memory, int offset)) {
                flat.add(memory);
                flat.add(offset);
            } else {
                flat.add(argument);
            }
        }
        return own(session.prepare(new Launch(program, function, range, 0, bytes), flat.toArray()));
    }

    @Override
    public void run() {
        visitors.arrive();
        for (Runnable step : steps) {
            step.run();
        }
        visitors.leave();
    }

    @Override
    public void close() {
        owned.forEach(Prepared::close);
        scratch.forEach(session::giveBack);
        visitors.close();
    }
}
