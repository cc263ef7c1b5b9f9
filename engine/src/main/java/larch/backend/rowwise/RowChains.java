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
    private final List<Optional<RowCall>> byRows;
    private final BiPredicate<List<RowCall>, RowCall> joins;
    /// Which later calls must come after each call.
    private final List<List<Integer>> after = new ArrayList<>();
    /// How many of those that must come before each call are not done.
    private final int[] missing;
    private final boolean[] isDone;
    private final List<List<KernelCall>> steps = new ArrayList<>();

    private RowChains(Trace trace, BiPredicate<List<RowCall>, RowCall> joins) {
        calls = trace.calls();
        this.joins = joins;
        byRows = calls.stream().map(call -> RowCall.of(call).filter(row -> joins.test(List.of(), row))).toList();
        missing = new int[calls.size()];
        isDone = new boolean[calls.size()];
        List<Memory> internal = trace.internal().stream().map(Memory::of).toList();
        List<Footprint> footprints = calls.stream().map(call -> Footprint.of(call, internal)).toList();
        for (int i = 0; i < calls.size(); i++) {
            after.add(new ArrayList<>());
            for (int before = 0; before < i; before++) {
                if (footprints.get(before).conflictsWith(footprints.get(i))) {
                    after.get(before).add(i);
                    missing[i]++;
                }
            }
        }
    }

    /// @param trace a program
    /// @param joins whether a call may follow in a chain, of what is in it so far; an empty one asks whether the call may be
    ///              in any. The calls fit each other already
    /// @return its steps in an order that gives the same results
    public static List<List<KernelCall>> of(Trace trace, BiPredicate<List<RowCall>, RowCall> joins) {
        return new RowChains(trace, joins).run();
    }

    private List<List<KernelCall>> run() {
        boolean isMore;
        do {
            for (int i = 0; i < calls.size(); i++) {
                if (isReady(i) && byRows.get(i).isEmpty()) {
                    done(i);
                    steps.add(List.of(calls.get(i)));
                }
            }
            isMore = chain();
        } while (isMore);
        return steps;
    }

    private boolean isReady(int call) {
        return !isDone[call] && missing[call] == 0;
    }

    private void done(int call) {
        isDone[call] = true;
        after.get(call).forEach(later -> missing[later]--);
    }

    /// @return whether there was a call to begin a chain with
    private boolean chain() {
        int rows = IntStream.range(0, calls.size()).filter(this::isReady).mapToObj(byRows::get).flatMap(Optional::stream)
                .mapToInt(RowCall::rows).min().orElse(0);
        List<RowCall> chain = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            RowCall next = byRows.get(i).filter(call -> call.rows() == rows).orElse(null);
            if (next != null && isReady(i) && continues(chain, next)) {
                done(i);
                chain.add(next);
            }
        }
        if (!chain.isEmpty()) {
            steps.add(chain.stream().map(RowCall::call).toList());
        }
        return !chain.isEmpty();
    }

    private boolean continues(List<RowCall> chain, RowCall next) {
        return chain.isEmpty() || chain.stream().allMatch(call -> call.chainsTo(next)) && joins.test(chain, next);
    }
}
