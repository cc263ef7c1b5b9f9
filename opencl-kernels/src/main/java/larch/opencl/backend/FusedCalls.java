package larch.opencl.backend;

import java.util.ArrayList;
import java.util.List;
import larch.backend.KernelCall;
import larch.backend.rowwise.RowCall;
import larch.gemm.Gemm;
import larch.opencl.fused.FusedArgument;
import larch.opencl.fused.FusedLayout;
import larch.opencl.fused.FusedSource;
import larch.opencl.gemm.PadTranspose;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.Launch;
import larch.opencl.runtime.NdRange;
import larch.opencl.runtime.Prepared;
import larch.opencl.runtime.PreparedLaunch;

/// Chains of calls prepared as one kernel; running it only enqueues.
final class FusedCalls implements Prepared {
    private final Session session;
    private final List<KernelCall> calls;
    private final List<Runnable> before = new ArrayList<>();
    private final List<DeviceMemory> scratch = new ArrayList<>();
    private final List<PreparedLaunch> launches = new ArrayList<>();

    /// @param session the device
    /// @param chains  calls on its tensors; the chains are independent of each other
    /// @param layout  how their rows are spread
    FusedCalls(Session session, List<List<RowCall>> chains, FusedLayout layout) {
        this.session = session;
        calls = chains.stream().flatMap(List::stream).map(RowCall::call).toList();
        FusedSource source = FusedSource.of(chains, layout);
        try {
            List<Object> arguments = new ArrayList<>();
            List<Key> keys = new ArrayList<>();
            source.arguments().forEach(argument -> add(argument, arguments, keys));
            List<Integer> rows = chains.stream().map(chain -> chain.getFirst().rows()).toList();
            arguments.addAll(rows);
            long groups = rows.stream().mapToLong(layout::groups).sum();
            NdRange range = NdRange.of(new long[] {groups * layout.items()}, new long[] {layout.items()});
            PreparedLaunch launch = session.prepare(new Launch(session.program(source.program()), source.function(), range,
                    flops(), 0), arguments.toArray());
            launches.add(launch);
            // A stream that follows a counter has another key in each run.
            keys.forEach(key -> before.add(() -> launch.set(key.position, key.draw.stream().key())));
            before.add(launch::run);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private record Key(int position, KernelCall.Draw draw) {
    }

    private void add(FusedArgument argument, List<Object> to, List<Key> keys) {
        switch (argument) {
            case FusedArgument.Floats(var buffer, int offset) -> to.addAll(List.of(((OpenClBuffer) buffer).memory(), offset));
            case FusedArgument.Indices(int[] indices, int first, int count) -> {
                DeviceMemory memory = scratch(count);
                before.add(() -> session.transfers().write(indices, first, memory, 0, count));
                to.add(memory);
            }
            case FusedArgument.Key(var draw) -> {
                keys.add(new Key(to.size(), draw));
                to.add(0L);
            }
            case FusedArgument.Turned(Gemm g, int ld) -> {
                DeviceMemory memory = scratch((long) g.k() * ld);
                PreparedLaunch turn = session.prepare(new Launch(session.program(PadTranspose.SOURCE),
                        PadTranspose.PAD, PadTranspose.padRange(g.k(), ld)),
                        g.k(), g.n(), ((OpenClBuffer) g.b()).memory(), g.bOffset(), g.bRowStride(), g.bColStride(), g.k(), ld,
                        memory);
                launches.add(turn);
                before.add(turn::run);
                to.addAll(List.of(memory, 0));
            }
        }
    }

    private DeviceMemory scratch(long elements) {
        DeviceMemory memory = session.take(elements);
        scratch.add(memory);
        return memory;
    }

    private double flops() {
        return calls.stream().mapToDouble(call -> call instanceof KernelCall.Product(Gemm g)
                ? 2.0 * g.m() * g.n() * g.k() : 0).sum();
    }

    @Override
    public void run() {
        for (KernelCall call : calls) {
            if (call instanceof KernelCall.Rows rows) {
                rows.checkIndices();
            }
        }
        for (Runnable step : before) {
            step.run();
        }
    }

    @Override
    public void close() {
        launches.forEach(PreparedLaunch::close);
        scratch.forEach(session::giveBack);
    }
}
