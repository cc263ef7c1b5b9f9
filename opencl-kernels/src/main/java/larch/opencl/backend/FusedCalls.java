package larch.opencl.backend;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final List<Object> arguments = new ArrayList<>();
    /// Positions of arguments.
    private final Map<KernelCall.SeriesRow, Integer> tables = new HashMap<>();
    private PreparedLaunch kernel;

    /// @param session the device
    /// @param chains  calls on its tensors; the chains are independent of each other
    /// @param layout  how their rows are spread
    FusedCalls(Session session, List<List<RowCall>> chains, FusedLayout layout) {
        this(session, chains, layout, FusedSource.of(chains, layout), List.of());
    }

    /// @param session the device
    /// @param chains  calls on its tensors
    /// @param layout  how their rows are spread
    /// @param source  the text for them
    /// @param more    what the text takes behind the number of rows of each chain
    FusedCalls(Session session, List<List<RowCall>> chains, FusedLayout layout, FusedSource source, List<Integer> more) {
        this.session = session;
        calls = chains.stream().flatMap(List::stream).map(RowCall::call).toList();
        try {
            List<Key> keys = new ArrayList<>();
            source.arguments().forEach(argument -> add(argument, keys));
            List<Integer> rows = chains.stream().map(chain -> chain.getFirst().rows()).toList();
            arguments.addAll(rows);
            arguments.addAll(more);
            long groups = rows.stream().mapToLong(layout::groups).sum();
            NdRange range = NdRange.of(new long[] {groups * layout.items()}, new long[] {layout.items()});
            kernel = session.prepare(new Launch(session.program(source.program()), source.function(), range, flops(), 0),
                    arguments.toArray());
            launches.add(kernel);
            // A stream that follows a counter has another key in each run.
            keys.forEach(key -> before.add(() -> kernel.set(key.position, key.draw.stream().key())));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private record Key(int position, KernelCall.Draw draw) {
    }

    private void add(FusedArgument argument, List<Key> keys) {
        List<Object> to = arguments;
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
            case FusedArgument.Table(var row) -> {
                to.addAll(List.of(((OpenClBuffer) row.series().table().buffer()).memory(), 0));
                tables.put(row, to.size() - 1);
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

    /// Says where a kernel that goes round finds the first row of a series, for the runs to come.
    /// @param row    whose series
    /// @param offset in the memory of its table
    void moveTo(KernelCall.SeriesRow row, int offset) {
        Integer position = tables.get(row);
        if (position != null) {
            kernel.set(position, offset);
        }
    }

    /// @param value of the last argument, for the runs to come
    void setLast(int value) {
        kernel.set(arguments.size() - 1, value);
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
        kernel.run();
    }

    @Override
    public void close() {
        launches.forEach(PreparedLaunch::close);
        scratch.forEach(session::giveBack);
    }
}
