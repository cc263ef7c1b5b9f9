package larch.backend.simd;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import larch.expr.Expr;
import larch.expr.Prim;
import larch.expr.Program;
import larch.expr.Program.Step;

/// Cuts functions that are too long for one kernel. HotSpot compiles no method of more than [#HUGE_METHOD] bytes: it would be
/// interpreted for ever, a hundred times slower.
///
/// A [Program] is cut between its steps, there where fewest values are still needed. Each pass but the last leaves those in
/// temporary tensors, which the passes after it take as arguments behind those of the function; constants are not kept but
/// written again. Only the last pass stores results, since results may replace arguments. Every step is rounded as before, so
/// no bit changes.
final class Passes {
    /// `HugeMethodLimit` of HotSpot, in bytes of code.
    static final int HUGE_METHOD = 8_000;

    // Bytes of code, at most. Each step is written three times, for the last vector, for vectors and for scalars, with local
    // variables of its own: the first 256 take two bytes to name, the others four.
    private static final int FRAME = 500;
    private static final int TENSOR = 36;
    private static final int STORE = 44;
    private static final int LOAD = 50;
    private static final int LITERAL = 34;
    private static final int CALL = 21;
    private static final int OPERAND = 10;
    private static final int BIT_OPERATIONS = 140;
    private static final int CHOICE = 76;

    /// One kernel.
    ///
    /// @param fs          functions of the arguments and, after them, of the temporaries
    /// @param temporaries which of them take the values; none for the last pass, whose values are the results
    record Pass(List<Expr> fs, List<Integer> temporaries) {
    }

    private final List<Step> steps;
    private final List<Integer> results;
    private final int args;
    /// The step that reads a value last; beyond all steps for results.
    private final int[] lastRead;
    /// The temporary that holds a value.
    private final int[] place;
    private final BitSet taken = new BitSet();

    private Passes(Program program, int args) {
        steps = program.steps();
        results = program.results();
        this.args = args;
        lastRead = new int[steps.size()];
        place = new int[steps.size()];
        for (int i = 0; i < steps.size(); i++) {
            for (int operand : operands(i)) {
                lastRead[operand] = i;
            }
        }
        results.forEach(result -> lastRead[result] = steps.size());
    }

    /// @param fs   functions of one element
    /// @param args how many arguments they have
    /// @return what is to be run one after another; a single pass where that is short enough
    static List<Pass> of(List<Expr> fs, int args) {
        return new Passes(Program.of(fs.toArray(Expr[]::new)), args).cut();
    }

    private List<Pass> cut() {
        List<Pass> passes = new ArrayList<>();
        int from = 0;
        for (int to = end(from); to < steps.size(); to = end(from)) {
            Expr[] values = values(from, to);
            int[] kept = needed(from, to).toArray();
            int now = to;
            needed(0, from).filter(v -> lastRead[v] < now).forEach(v -> taken.clear(place[v]));
            if (kept.length > 0) {
                passes.add(new Pass(IntStream.of(kept).mapToObj(v -> values[v]).toList(), IntStream.of(kept).map(v -> {
                    place[v] = taken.nextClearBit(0);
                    taken.set(place[v]);
                    return place[v];
                }).boxed().toList()));
            }
            from = to;
        }
        Expr[] values = values(from, steps.size());
        passes.add(new Pass(results.stream().map(result -> values[result]).toList(), List.of()));
        return passes;
    }

    /// @return where the pass that begins at a step ends: at the place with fewest needed values in the farther half of what
    ///         fits one kernel
    private int end(int from) {
        List<Integer> fitting = new ArrayList<>();
        BitSet read = new BitSet();
        int bytes = FRAME + args * TENSOR;
        for (int to = from + 1; to <= steps.size() && bytes <= HUGE_METHOD; to++) {
            bytes += isComputed(to - 1) ? bytesOf(to - 1) : 0;
            for (int operand : operands(to - 1)) {
                bytes += bytesToRead(operand, from, read);
            }
            if (to == steps.size()) {
                for (int result : results) {
                    bytes += bytesToRead(result, from, read) + TENSOR + STORE;
                }
                if (bytes <= HUGE_METHOD) {
                    return to;
                }
            } else if (bytes + needed(from, to).count() * (TENSOR + STORE) <= HUGE_METHOD) {
                fitting.add(to);
            }
        }
        // Without any there are more arguments or results than one kernel can have, which no cut mends.
        return fitting.stream().skip(fitting.size() / 2)
                .reduce((one, other) -> needed(0, other).count() <= needed(0, one).count() ? other : one).orElse(steps.size());
    }

    private int bytesToRead(int value, int from, BitSet read) {
        boolean isThere = isComputed(value) && value >= from || read.get(value);
        read.set(value);
        return isThere ? 0 : isComputed(value) ? LOAD + TENSOR : bytesOf(value);
    }

    private int bytesOf(int step) {
        return switch (steps.get(step)) {
            case Step.Load _ -> LOAD;
            case Step.Literal _ -> LITERAL;
            case Step.Call(Prim prim, int _, int _, int _) -> switch (prim) {
                case POW2, EXPONENT, MANTISSA -> BIT_OPERATIONS;
                default -> CALL + OPERAND * prim.arity();
            };
            case Step.Choose _ -> CHOICE;
        };
    }

    /// @return the values computed by some steps that are read after them
    private IntStream needed(int from, int to) {
        return IntStream.range(from, to).filter(v -> isComputed(v) && lastRead[v] >= to);
    }

    private boolean isComputed(int step) {
        return !(steps.get(step) instanceof Step.Load || steps.get(step) instanceof Step.Literal);
    }

    private int[] operands(int step) {
        return switch (steps.get(step)) {
            case Step.Load _, Step.Literal _ -> new int[0];
            case Step.Call(Prim _, int x, int y, int z) -> IntStream.of(x, y, z).filter(v -> v >= 0).toArray();
            case Step.Choose c -> new int[] {c.left(), c.right(), c.ifTrue(), c.ifFalse()};
        };
    }

    /// @return the values of all steps before `to` that the steps from `from` on may read
    private Expr[] values(int from, int to) {
        Expr[] values = new Expr[to];
        for (int i = 0; i < to; i++) {
            values[i] = i >= from || !isComputed(i) ? value(i, values) : lastRead[i] >= from ? Expr.arg(args + place[i]) : null;
        }
        return values;
    }

    private Expr value(int step, Expr[] before) {
        return switch (steps.get(step)) {
            case Step.Load(int index) -> Expr.arg(index);
            case Step.Literal literal -> Expr.con(literal.value());
            case Step.Call(Prim prim, int _, int _, int _) ->
                Expr.apply(prim, IntStream.of(operands(step)).mapToObj(v -> before[v]).toArray(Expr[]::new));
            case Step.Choose c ->
                Expr.select(c.comparison(), before[c.left()], before[c.right()], before[c.ifTrue()], before[c.ifFalse()]);
        };
    }
}
