package larch.opencl.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import larch.backend.Executable;
import larch.backend.KernelCall;
import larch.backend.Memory;
import larch.backend.Trace;
import larch.backend.rowwise.RowCall;
import larch.backend.rowwise.RowChains;
import larch.gemm.Gemm;
import larch.opencl.fused.FusedLayout;
import larch.opencl.fused.FusedSource;

/// A program whose [chains][RowChains] are one kernel each; the other calls are prepared one by one.
final class FusedProgram implements Executable {
    /// Memory that a fused kernel may name: OpenCL promises 1,024 bytes of parameters, and memory with its offset takes 12.
    private static final int MOST_MEMORY = 64;
    /// Columns of a result. A work-group has its rows to itself, so wide ones would leave the others idle.
    private static final int MOST_COLUMNS = 1_024;

    private final Session session;
    private final List<KernelCall> calls;
    private final List<List<KernelCall>> steps;
    private final Runnable[] kernels;

    /// @param trace   the program
    /// @param session the device
    /// @param single  prepares a call that is in no chain
    FusedProgram(Trace trace, Session session, Function<KernelCall, Runnable> single) {
        this(trace, session, single, rows -> FusedLayout.of(rows, session.device().info()));
    }

    /// @param trace   the program
    /// @param session the device
    /// @param single  prepares a call that is in no chain
    /// @param layout  how rows are spread, of their number
    FusedProgram(Trace trace, Session session, Function<KernelCall, Runnable> single, IntFunction<FusedLayout> layout) {
        this.session = session;
        calls = trace.calls();
        steps = RowChains.of(trace, this::mayJoin);
        kernels = steps.stream().map(step -> step.size() == 1 ? single.apply(step.getFirst()) : fused(step, layout))
                .toArray(Runnable[]::new);
    }

    private FusedCalls fused(List<KernelCall> step, IntFunction<FusedLayout> layout) {
        List<RowCall> chain = step.stream().map(call -> RowCall.of(call).orElseThrow()).toList();
        return new FusedCalls(session, chain, layout.apply(chain.getFirst().rows()));
    }

    private boolean mayJoin(List<RowCall> chain, RowCall next) {
        KernelCall call = next.call();
        return FusedSource.canHold(call) && isResident(call) && isNarrow(call)
                && Stream.concat(chain.stream(), Stream.of(next)).flatMap(c -> c.call().touches().stream())
                        .map(memory -> List.of(memory.data(), memory.from())).distinct().count() <= MOST_MEMORY;
    }

    private boolean isResident(KernelCall call) {
        return call.touches().stream().map(Memory::data)
                .allMatch(buffer -> buffer instanceof OpenClBuffer device && device.session() == session);
    }

    /// A product that is large enough for tiles of its own is better off with them, and so is one of columns of A: those
    /// are the rows of a batch, which should be shared out.
    private boolean isNarrow(KernelCall call) {
        return switch (call) {
            case KernelCall.Product(Gemm g) -> g.n() <= MOST_COLUMNS && g.aColStride() == 1
                    && !session.gemm().isLarge(g.m(), g.n(), g.k());
            case KernelCall.Elementwise e -> e.walked().cols() <= MOST_COLUMNS;
            case KernelCall.Rows r -> r.target().dim(1) <= MOST_COLUMNS;
            case KernelCall.Copy(var block) -> block.cols() <= MOST_COLUMNS;
            case KernelCall.Draw d -> d.out().shape().cols() <= MOST_COLUMNS;
            case KernelCall.Reduce _, KernelCall.RowUpdate _, KernelCall.SparseProduct _, KernelCall.Host _ -> true;
        };
    }

    @Override
    public void run() {
        for (Runnable kernel : kernels) {
            kernel.run();
        }
    }

    /// The time of a chain is that of its first call.
    @Override
    public long[][] profile(int runs) {
        long[] nanos = new long[calls.size()];
        for (int run = 0; run < runs; run++) {
            for (int i = 0; i < kernels.length; i++) {
                long start = System.nanoTime();
                kernels[i].run();
                nanos[indexOf(steps.get(i).getFirst())] += System.nanoTime() - start;
            }
        }
        return new long[][] {nanos};
    }

    private int indexOf(KernelCall call) {
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i) == call) {
                return i;
            }
        }
        throw new AssertionError(call);
    }

    /// @return one line for each call, in the order of a run; calls of one kernel are set apart
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        for (List<KernelCall> step : steps) {
            if (step.size() > 1) {
                lines.add("one kernel");
            }
            step.forEach(call -> lines.add((step.size() > 1 ? "  " : "") + call));
        }
        return lines.stream().collect(Collectors.joining(System.lineSeparator()));
    }
}
