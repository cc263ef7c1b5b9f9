package larch.backend.rowwise;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import larch.backend.Footprint;
import larch.backend.KernelCall;
import larch.backend.Memory;
import larch.backend.Trace;

/// A program as steps, each a single call or a chain: calls that take the rows of a batch from the first call to the last
/// without ever looking at another row.
///
/// ```text
///   gather   row i of a table      ┐
///   X·W + b  row i                 │ one chain: whoever has row i needs nobody else
///   dY·Wᵀ    row i                 ┘
///   Xᵀ·dY    all rows                a step of its own
/// ```
///
/// Calls change places as far as their memory allows, so that chains get long: calls that belong to no chain go first, then
/// chains of few rows, which other chains may depend on as a whole. Every element is still computed by the same operations
/// on the same numbers.
public final class RowChains {
    private final List<KernelCall> calls;
    private final List<Footprint> footprints;
    private final List<Optional<RowCall>> byRows;
    private final BiPredicate<List<RowCall>, RowCall> joins;
    private final boolean[] isDone;
    private final List<List<KernelCall>> steps = new ArrayList<>();

    private RowChains(Trace trace, BiPredicate<List<RowCall>, RowCall> joins) {
        calls = trace.calls();
        this.joins = joins;
        List<Memory> internal = trace.internal().stream().map(Memory::of).toList();
        footprints = calls.stream().map(call -> Footprint.of(call, internal)).toList();
        byRows = calls.stream().map(call -> RowCall.of(call).filter(row -> joins.test(List.of(), row))).toList();
        isDone = new boolean[calls.size()];
    }

    /// @param trace a program
    /// @param joins whether a call may follow in a chain, of what is in it so far; an empty one asks whether the call may be
    ///              in any. The calls fit each other already
    /// @return its steps in an order that gives the same results
    public static List<List<KernelCall>> of(Trace trace, BiPredicate<List<RowCall>, RowCall> joins) {
        return new RowChains(trace, joins).run();
    }

    private List<List<KernelCall>> run() {
        while (steps.stream().mapToInt(List::size).sum() < calls.size()) {
            for (int i = 0; i < calls.size(); i++) {
                if (!isDone[i] && byRows.get(i).isEmpty() && isReady(i)) {
                    isDone[i] = true;
                    steps.add(List.of(calls.get(i)));
                }
            }
            chain();
        }
        return steps;
    }

    /// @return whether all that must come before a call has been done
    private boolean isReady(int call) {
        for (int before = 0; before < call; before++) {
            if (!isDone[before] && footprints.get(before).conflictsWith(footprints.get(call))) {
                return false;
            }
        }
        return true;
    }

    private void chain() {
        int rows = IntStream.range(0, calls.size()).filter(i -> !isDone[i] && isReady(i)).mapToObj(byRows::get)
                .flatMap(Optional::stream).mapToInt(RowCall::rows).min().orElse(0);
        List<RowCall> chain = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            RowCall next = byRows.get(i).filter(call -> call.rows() == rows).orElse(null);
            if (!isDone[i] && next != null && isReady(i) && continues(chain, next)) {
                isDone[i] = true;
                chain.add(next);
            }
        }
        if (!chain.isEmpty()) {
            steps.add(chain.stream().map(RowCall::call).toList());
        }
    }

    private boolean continues(List<RowCall> chain, RowCall next) {
        return chain.isEmpty() || chain.stream().allMatch(call -> call.chainsTo(next)) && joins.test(chain, next);
    }
}
