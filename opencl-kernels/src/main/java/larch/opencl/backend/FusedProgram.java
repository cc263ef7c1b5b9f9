package larch.opencl.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import larch.backend.Executable;
import larch.backend.Footprint;
import larch.backend.KernelCall;
import larch.backend.Memory;
import larch.backend.Trace;
import larch.backend.rowwise.RowCall;
import larch.backend.rowwise.RowChains;
import larch.gemm.Gemm;
import larch.opencl.fused.FusedLayout;
import larch.opencl.fused.FusedSource;

/// A program whose [chains][RowChains] are one kernel each, or one together where they are independent and follow each other;
/// all other calls are prepared one by one. A program that is one chain goes round in its kernel.
final class FusedProgram implements Executable {
    /// Memory that a fused kernel may name: OpenCL promises 1,024 bytes of parameters, and memory with its offset takes 12.
    private static final int MOST_MEMORY = 64;
    /// Columns of a result. A work-group has its rows to itself, so wide ones would leave the others idle.
    private static final int MOST_COLUMNS = 1_024;

    private final Session session;
    private final List<KernelCall> calls;
    private final List<Stage> stages = new ArrayList<>();
    private final Runnable[] kernels;
    /// The only kernel, if the program can go round in it; else null.
    private final FusedTurns turns;

    /// @param trace   the program
    /// @param session the device
    /// @param single  prepares a call that is in no chain
    FusedProgram(Trace trace, Session session, Calls single) {
        this(trace, session, single, rows -> FusedLayout.of(rows, session.device().info()));
    }

    /// @param trace   the program
    /// @param session the device
    /// @param single  prepares a call that is in no chain
    /// @param layout  how rows are spread, of their number
    FusedProgram(Trace trace, Session session, Calls single, IntFunction<FusedLayout> layout) {
        this.session = session;
        calls = trace.calls();
        List<Memory> internal = trace.internal().stream().map(Memory::of).toList();
        for (List<KernelCall> step : RowChains.of(trace, this::mayJoin)) {
            if (stages.isEmpty() || !stages.getLast().takes(step, internal)) {
                stages.add(new Stage(step));
            }
        }
        turns = goesRound() ? new FusedTurns(session, byRows(stages.getLast().chains.getFirst()), series(),
                layout.apply(stages.getLast().rows()), single) : null;
        kernels = turns != null ? new Runnable[] {turns} : stages.stream().map(stage -> prepare(stage, single, layout))
                .toArray(Runnable[]::new);
    }

    private Runnable prepare(Stage stage, Calls single, IntFunction<FusedLayout> layout) {
        if (stage.size() > 1) {
            return new FusedCalls(session, stage.byRows(), layout.apply(stage.rows()));
        }
        return stage.first() instanceof KernelCall.Host host ? host.action() : single.prepare(stage.first());
    }

    /// @return whether the program is a chain, after nothing but the next rows of some series
    private boolean goesRound() {
        Stage last = stages.isEmpty() ? null : stages.getLast();
        return last != null && last.chains.size() == 1 && canFuse(last.chains.getFirst())
                && series().size() == stages.size() - 1 && series().stream().allMatch(this::isResident)
                && FusedSource.mayGoRound(byRows(last.chains.getFirst()), series());
    }

    private List<KernelCall.SeriesRow> series() {
        return stages.stream().limit(stages.size() - 1).map(Stage::first)
                .flatMap(call -> call instanceof KernelCall.SeriesRow row ? Stream.of(row) : Stream.empty()).toList();
    }

    /// What is one launch: a call, or chains side by side.
    private final class Stage {
        private final List<List<KernelCall>> chains = new ArrayList<>();

        Stage(List<KernelCall> chain) {
            chains.add(chain);
        }

        /// @return whether another chain was taken in beside those that are there
        boolean takes(List<KernelCall> chain, List<Memory> internal) {
            boolean fits = mayStandBeside(chain)
                    && chains.stream().allMatch(mine -> mayStandBeside(mine) && areApart(mine, chain, internal))
                    && memories(Stream.concat(calls(), chain.stream())) <= MOST_MEMORY;
            if (fits) {
                chains.add(chain);
            }
            return fits;
        }

        Stream<KernelCall> calls() {
            return chains.stream().flatMap(List::stream);
        }

        List<List<RowCall>> byRows() {
            return chains.stream().map(FusedProgram::byRows).toList();
        }

        long size() {
            return calls().count();
        }

        KernelCall first() {
            return chains.getFirst().getFirst();
        }

        int rows() {
            return byRows().stream().mapToInt(chain -> chain.getFirst().rows()).sum();
        }
    }

    private static List<RowCall> byRows(List<KernelCall> chain) {
        return chain.stream().map(call -> RowCall.of(call).orElseThrow()).toList();
    }

    private boolean mayStandBeside(List<KernelCall> chain) {
        return canFuse(chain) && FusedSource.mayStandBeside(byRows(chain));
    }

    private static boolean areApart(List<KernelCall> chain, List<KernelCall> other, List<Memory> internal) {
        return chain.stream().map(call -> Footprint.of(call, internal)).noneMatch(mine ->
                other.stream().map(call -> Footprint.of(call, internal)).anyMatch(mine::conflictsWith));
    }

    private static long memories(Stream<KernelCall> calls) {
        return calls.flatMap(call -> call.touches().stream()).map(memory -> List.of(memory.data(), memory.from())).distinct()
                .count();
    }

    private boolean mayJoin(List<RowCall> chain, RowCall next) {
        return canFuse(List.of(next.call()))
                && memories(Stream.concat(chain.stream(), Stream.of(next)).map(RowCall::call)) <= MOST_MEMORY;
    }

    private boolean canFuse(List<KernelCall> chain) {
        return chain.stream().allMatch(call -> RowCall.rows(call) > 0 && FusedSource.canHold(call) && isResident(call)
                && isNarrow(call));
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
            case KernelCall.Reduce _, KernelCall.RowUpdate _, KernelCall.SparseProduct _, KernelCall.SeriesRow _,
                 KernelCall.Host _ -> true;
        };
    }

    @Override
    public void run() {
        for (Runnable kernel : kernels) {
            kernel.run();
        }
    }

    @Override
    public void run(int times) {
        if (turns != null) {
            turns.run(times);
        } else {
            Executable.super.run(times);
        }
    }

    /// The time of a kernel is that of its first call.
    @Override
    public long[][] profile(int runs) {
        long[] nanos = new long[calls.size()];
        for (int run = 0; run < runs; run++) {
            for (int i = 0; i < kernels.length; i++) {
                long start = System.nanoTime();
                kernels[i].run();
                nanos[indexOf(stages.get(stages.size() - kernels.length + i).first())] += System.nanoTime() - start;
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
        List<String> lines = new ArrayList<>(turns == null ? List.of() : List.of("runs in a row are one launch"));
        for (Stage stage : stages) {
            if (stage.size() > 1) {
                lines.add("one kernel");
            }
            for (List<KernelCall> chain : stage.chains) {
                if (chain != stage.chains.getFirst()) {
                    lines.add("  beside it");
                }
                chain.forEach(call -> lines.add((stage.size() > 1 ? "  " : "") + call));
            }
        }
        return String.join(System.lineSeparator(), lines);
    }
}
