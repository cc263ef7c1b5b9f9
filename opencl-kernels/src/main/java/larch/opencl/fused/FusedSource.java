package larch.opencl.fused;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import larch.backend.Block;
import larch.backend.KernelCall;
import larch.backend.Memory;
import larch.backend.rowwise.RowCall;
import larch.gemm.Gemm;
import larch.gemm.Operand;
import larch.opencl.source.ArgumentAccess;
import larch.opencl.source.ClResource;
import larch.opencl.source.ExpressionSource;
import larch.opencl.source.ProgramSource;
import larch.opencl.source.ReducePlan;
import larch.opencl.source.ReduceSource;
import larch.tensor.Axis;
import larch.tensor.Broadcast;
import larch.tensor.Buffer;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// The text of chains of calls as one kernel.
///
/// Each call becomes a function of some rows; the kernel calls them one after the other for the rows of its work-group.
/// Chains that are independent of each other stand side by side, each with work-groups of its own:
///
/// ```c
/// __kernel void fused(__global float* m0, int o0, …, int rows0, int rows1) {
///     int group = get_group_id(0);
///     const int groups0 = (rows0 + ROWS - 1) / ROWS;
///     if (group >= 0 && group < groups0) {
///         const int first = group * ROWS;
///         const int count = min(ROWS, rows0 - first);
///         call0(m0, o0, i1 + first, m2, o2 + first * 256, count);                       // rows of a table
///         barrier(CLK_GLOBAL_MEM_FENCE);
///         call1(count, m2, o2 + first * 256, m3, o3, m4, o4 + first * 128, …);          // X·W + b, ReLU
///         return;
///     }
///     group -= (rows0 + ROWS - 1) / ROWS;
///     …
/// }
/// ```
///
/// A barrier stands where a row needs what was computed since the last one. Results lie in global memory, where the
/// work-group that wrote them finds them in its cache. Elements are computed by the steps of the kernels that run each call
/// alone, so the bits are the same.
///
/// A program that is one chain goes round in its kernel, as often as it is asked to: what another turn needs of a series,
/// the kernel takes from the table itself.
///
/// The text knows widths and strides, but neither the number of rows nor places, so programs that differ in those alone
/// share one build.
public final class FusedSource {
    private static final String FUNCTION = "fused";
    private static final String INDENT = "    ";
    /// Lanes of a fold that one work-item does on its own.
    private static final int MOST_LANES = 16;

    private final FusedLayout layout;
    /// Whose rows the kernel takes itself, in a kernel that goes round.
    private final List<KernelCall.SeriesRow> series;
    private final boolean goesRound;
    private final Map<FusedArgument, Integer> slots = new LinkedHashMap<>();
    private final StringBuilder functions = new StringBuilder();
    private final StringBuilder body = new StringBuilder();
    private int chains;
    private int calls;
    private boolean draws;
    private boolean multiplies;
    private int tileOfA = 1;
    private int tileOfB = 1;

    private FusedSource(FusedLayout layout, List<KernelCall.SeriesRow> series, boolean goesRound) {
        this.layout = layout;
        this.series = series;
        this.goesRound = goesRound;
    }

    /// @param chains one, or several that are independent of each other and [may stand beside others][#mayStandBeside]; in each, calls that [chain][RowCall#chainsTo] to those after them, and for
    ///               which [#canHold] holds
    /// @param layout how rows are spread
    /// @return the text
    public static FusedSource of(List<List<RowCall>> chains, FusedLayout layout) {
        FusedSource source = new FusedSource(layout, List.of(), false);
        chains.forEach(chain -> source.chain(chain, chains.size() == 1));
        return source;
    }

    /// A kernel that goes through a chain as often as its last argument says.
    /// @param chain  as above, and [#mayGoRound]
    /// @param series the next rows of these come before the chain in each turn
    /// @param layout how rows are spread
    /// @return the text
    public static FusedSource ofTurns(List<RowCall> chain, List<KernelCall.SeriesRow> series, FusedLayout layout) {
        FusedSource source = new FusedSource(layout, series, true);
        source.chain(chain, true);
        return source;
    }

    /// @param chain  a chain
    /// @param series what comes before it
    /// @return whether nothing else has to be done between two turns: no work-group needs of the series' rows more than the
    ///         values, and no random stream has to move on
    public static boolean mayGoRound(List<RowCall> chain, List<KernelCall.SeriesRow> series) {
        return chain.stream().noneMatch(call -> call.call() instanceof KernelCall.Draw)
                && series.stream().allMatch(row -> row.kind() == KernelCall.SeriesRow.Kind.NEXT
                        && chain.stream().allMatch(call -> call.readsAsWhole(Memory.of(row.row()))
                                && call.readsAsWhole(Memory.of(row.series().table())))
                        && series.stream().filter(other -> other.series() == row.series()
                                || Memory.of(other.row()).overlaps(Memory.of(row.row()))).count() == 1);
    }

    /// Chains side by side stand each under a condition. A barrier under a condition is fine where all work-items agree, but
    /// PoCL 3.1 spoils memory there.
    /// @param chain a chain
    /// @return whether it may stand beside others: without a barrier
    public static boolean mayStandBeside(List<RowCall> chain) {
        return chain.stream().noneMatch(call -> call.call() instanceof KernelCall.Product
                || chain.stream().anyMatch(before -> before != call && before.mustPrecede(call)));
    }

    private void chain(List<RowCall> chain, boolean isAlone) {
        body.append("    const int groups%1$d = (rows%1$d + ROWS - 1) / ROWS;\n".formatted(chains))
                .append(isAlone ? "    {\n" : "    if (group >= 0 && group < groups%d) {\n".formatted(chains))
                .append("        const int first = group * ROWS;\n        const int count = min(ROWS, rows%d - first);\n"
                        .formatted(chains))
                .append(goesRound ? "        for (int turn = 0; turn < turns; turn++) {\n" : "");
        List<RowCall> sinceBarrier = new ArrayList<>();
        for (RowCall call : chain) {
            if (sinceBarrier.stream().anyMatch(before -> before.mustPrecede(call))) {
                body.append("        barrier(CLK_GLOBAL_MEM_FENCE);\n");
                sinceBarrier.clear();
            }
            sinceBarrier.add(call);
            add(call.call());
        }
        body.append(goesRound ? "        barrier(CLK_GLOBAL_MEM_FENCE);\n        }\n" : "")
                .append("    }\n    group -= groups%d;\n".formatted(chains++));
    }

    /// @param call a call whose rows can be computed one by one
    /// @return whether a text for it exists
    public static boolean canHold(KernelCall call) {
        return switch (call) {
            case KernelCall.Product(Gemm g) -> g.n() > 0 && g.k() > 0 && g.alpha() != 0;
            case KernelCall.Elementwise e -> e.walked().cols() > 0;
            case KernelCall.Reduce r -> {
                ReducePlan plan = ReducePlan.of(r.axis(), r.walked().rows(), r.walked().cols());
                yield r.axis() == Axis.COLUMNS && !plan.hasTwoPasses() && plan.lanes() <= MOST_LANES;
            }
            case KernelCall.Rows r -> r.kind() == KernelCall.Rows.Kind.GATHER && r.source().dim(1) > 0;
            case KernelCall.Copy(Block b) -> b.cols() > 0;
            case KernelCall.Draw d -> d.out().shape().cols() > 0;
            case KernelCall.RowUpdate _, KernelCall.SparseProduct _, KernelCall.SeriesRow _, KernelCall.Host _ -> false;
        };
    }

    /// @return the program
    public ProgramSource program() {
        StringBuilder text = new StringBuilder(ExpressionSource.PRELUDE)
                .append("#define ROWS ").append(layout.rows()).append("\n#define ITEMS ").append(layout.items()).append('\n');
        if (draws) {
            text.append(ClResource.text("philox.cl"));
        }
        if (multiplies) {
            text.append(ClResource.text("gemm_epilogue.cl")).append("#undef EPILOGUE\n#undef EPILOGUE_PARAMS\n");
        }
        text.append(functions).append("\n__kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1)))\nvoid ").append(FUNCTION)
                .append('(').append(parameters()).append(") {\n");
        if (multiplies) {
            text.append("    __local float a_tile[").append(tileOfA).append("] __attribute__((aligned(16)));\n")
                    .append("    __local float b_tile[").append(tileOfB).append("];\n");
        }
        text.append("    int group = get_group_id(0);\n").append(body).append("}\n");
        return new ProgramSource("fused kernel", text.toString(), layout.isCpu() && multiplies ? "-w" : "");
    }

    /// @return the kernel's name
    public String function() {
        return FUNCTION;
    }

    /// @return what the kernel's parameters are; behind them comes the number of rows of each chain,
    ///         and in a kernel that goes round how often
    public List<FusedArgument> arguments() {
        return List.copyOf(slots.keySet());
    }

    private String parameters() {
        StringBuilder text = new StringBuilder();
        slots.forEach((argument, slot) -> text.append(switch (argument) {
            case FusedArgument.Floats _, FusedArgument.Turned _, FusedArgument.Table _ ->
                "__global float* m%1$d, int o%1$d".formatted(slot);
            case FusedArgument.Indices _ -> "__global const int* i%d".formatted(slot);
            case FusedArgument.Key _ -> "ulong k%d".formatted(slot);
        }).append(",\n        "));
        return text.append(IntStream.range(0, chains).mapToObj(chain -> "int rows" + chain).collect(Collectors.joining(", ")))
                .append(goesRound ? ", int turns" : "").toString();
    }

    private void add(KernelCall call) {
        String name = "call" + calls++;
        switch (call) {
            case KernelCall.Product(Gemm g) -> product(name, g);
            case KernelCall.Elementwise e -> elementwise(name, e);
            case KernelCall.Reduce r -> reduce(name, r);
            case KernelCall.Rows r -> gather(name, r);
            case KernelCall.Copy(Block b) -> copy(name, b);
            case KernelCall.Draw d -> draw(name, d);
            case KernelCall.RowUpdate _, KernelCall.SparseProduct _, KernelCall.SeriesRow _, KernelCall.Host _ ->
                throw new IllegalArgumentException("opencl: " + call + " cannot be part of a fused kernel");
        }
    }

    private void call(String name, List<String> arguments) {
        body.append("        ").append(name).append('(').append(String.join(", ", arguments)).append(");\n");
    }

    private int slot(FusedArgument argument) {
        return slots.computeIfAbsent(argument, _ -> slots.size());
    }

    /// @param step distance between rows; 0 if all work-groups read the same
    private String place(FusedArgument argument, int step) {
        if (argument instanceof FusedArgument.Floats(Buffer buffer, int offset)) {
            for (KernelCall.SeriesRow row : series) {
                if (Memory.of(row.row()).encloses(new Memory(buffer, offset, offset + 1))) {
                    int slot = slot(new FusedArgument.Table(row));
                    return "m%1$d, o%1$d + turn * %2$d + %3$d".formatted(slot, row.row().size(), offset - row.row().offset());
                }
            }
        }
        int slot = slot(argument);
        return "m%1$d, o%1$d%2$s".formatted(slot, step == 0 ? "" : " + first * " + step);
    }

    private String place(Tensor tensor, int step) {
        return place(new FusedArgument.Floats(tensor.buffer(), tensor.offset()), step);
    }

    private List<String> places(Shape walked, List<Tensor> outs, int outStep, List<Tensor> args) {
        List<String> places = new ArrayList<>();
        outs.forEach(out -> places.add(place(out, outStep)));
        args.forEach(arg -> places.add(place(arg, switch (Broadcast.of(walked, arg.shape())) {
            case FULL -> walked.cols();
            case COLUMN -> 1;
            case ROW, SCALAR -> 0;
        })));
        places.add("count");
        return places;
    }

    /// All work-items go round equally often, so that a compiler for CPUs may make vectors of them.
    private static String forEach(String variable, String count, String statements) {
        return """
                    for (int base = 0; base < %2$s; base += ITEMS) {
                        const int %1$s = base + (int) get_local_id(0);
                        if (%1$s < %2$s) {
                %3$s        }
                    }
                """.formatted(variable, count, statements.indent(12));
    }

    private void elementwise(String name, KernelCall.Elementwise e) {
        ArgumentAccess access = new ArgumentAccess(List.of(e.access()));
        ExpressionSource steps = ExpressionSource.of(e.fs());
        StringBuilder inner = new StringBuilder(access.split("")).append(steps.statements("", access::load));
        StringBuilder outs = new StringBuilder();
        for (int j = 0; j < e.outs().size(); j++) {
            outs.append("__global float* out").append(j).append(", int outOffset").append(j).append(",\n        ");
            inner.append("out%1$d[outOffset%1$d + i] = %2$s;\n".formatted(j, steps.result(j)));
        }
        functions.append("// ").append(e.fs()).append("\n").append(access.comment(0)).append("void ").append(name).append('(')
                .append(outs).append(access.parameters()).append("int rows) {\n    const int cols = ").append(e.walked().cols())
                .append(";\n").append(forEach("i", "rows * cols", inner.toString())).append("}\n");
        call(name, places(e.walked(), e.outs(), e.walked().cols(), e.args()));
    }

    /// As [ReduceSource] does it, with the same lanes; one work-item has a row to itself.
    private void reduce(String name, KernelCall.Reduce r) {
        ArgumentAccess access = new ArgumentAccess(List.of(r.access()));
        ExpressionSource steps = ExpressionSource.of(List.of(r.f()));
        int cols = r.walked().cols();
        String inner = """
                float partial[LANES];
                for (int lane = 0; lane < LANES; lane++) {
                    float acc = %1$s;
                    for (int column = lane; column < cols; column += LANES) {
                        const int i = row * cols + column;
                %2$s        acc = %3$s;
                    }
                    partial[lane] = acc;
                }
                for (int apart = LANES / 2; apart > 0; apart /= 2) {
                    for (int lane = 0; lane < apart; lane++) {
                        partial[lane] = %4$s;
                    }
                }
                out[outOffset + row] = partial[0];
                """.formatted(ExpressionSource.literal(r.reduction().identity()), steps.statements("        ", access::load),
                        ReduceSource.fold(r.reduction(), "acc", steps.result(0)),
                        ReduceSource.fold(r.reduction(), "partial[lane]", "partial[lane + apart]"));
        functions.append("// ").append(r.reduction()).append(" of ").append(r.f()).append('\n').append(access.comment(0))
                .append("#define LANES ").append(ReducePlan.of(r.axis(), r.walked().rows(), cols).lanes()).append('\n')
                .append("void ").append(name).append("(__global float* out, int outOffset,\n        ")
                .append(access.parameters()).append("int rows) {\n    const int cols = ").append(cols).append(";\n")
                .append(forEach("row", "rows", inner)).append("}\n#undef LANES\n");
        call(name, places(r.walked(), List.of(r.out()), 1, r.args()));
    }

    private void gather(String name, KernelCall.Rows r) {
        int cols = r.source().dim(1);
        functions.append("// Rows of a table.\nvoid ").append(name).append("""
                (__global const float* table, int tableOffset,
                        __global const int* indices, __global float* out, int outOffset, int rows) {
                    const int cols = %d;
                """.formatted(cols)).append(forEach("i", "rows * cols", """
                const int row = i / cols, column = i %% cols;
                out[outOffset + row * %d + column] = table[tableOffset + indices[row] * cols + column];
                """.formatted(r.step()))).append("}\n");
        int indices = slot(new FusedArgument.Indices(r.indices(), r.first(), r.count()));
        call(name, List.of(place(r.source(), 0), "i" + indices + " + first", place(r.target(), r.step()), "count"));
    }

    private void copy(String name, Block b) {
        functions.append("// A strided copy.\nvoid ").append(name).append("(__global const float* from, int fromAt,\n"
                + "        __global float* to, int toAt, int rows) {\n    const int cols = " + b.cols() + ";\n")
                .append(forEach("i", "rows * cols", "const int row = i / cols, column = i % cols;\n"
                        + "to[toAt + row * %d + column * %d] = from[fromAt + row * %d + column * %d];\n".formatted(
                                b.toStep(), b.toUnit(), b.fromStep(), b.fromUnit()))).append("}\n");
        call(name, List.of(place(new FusedArgument.Floats(b.from(), b.fromAt()), b.fromStep()),
                place(new FusedArgument.Floats(b.to(), b.toAt()), b.toStep()), "count"));
    }

    private void draw(String name, KernelCall.Draw d) {
        draws = true;
        int cols = d.out().shape().cols();
        functions.append("// Random numbers.\nvoid ").append(name)
                .append("(__global float* out, int outOffset, ulong key, ulong from, int rows) {\n    const int count = rows * ")
                .append(cols).append(";\n    const int blocks = ((int) (from & 3) + count + 3) / 4;\n")
                .append(forEach("i", "blocks", "deal(" + (d.normal() ? "normals" : "uniforms")
                        + "(words(key, from, i)), out, outOffset, count, from, i);\n")).append("}\n");
        int key = slot(new FusedArgument.Key(d));
        call(name, List.of(place(d.out(), cols), "k" + key, d.first() + "ul + first * " + cols, "count"));
    }

    private void product(String name, Gemm g) {
        multiplies = true;
        FusedProduct product = new FusedProduct(g, layout);
        tileOfA = Math.max(tileOfA, product.tileOfA());
        tileOfB = Math.max(tileOfB, product.tileOfB());
        functions.append(product.function(name));
        List<String> arguments = new ArrayList<>(List.of("count",
                place(new FusedArgument.Floats(g.a(), g.aOffset()), g.aRowStride()),
                place(product.turnsB() ? new FusedArgument.Turned(g, product.turnedStep())
                        : new FusedArgument.Floats(g.b(), g.bOffset()), 0),
                place(new FusedArgument.Floats(g.c(), g.cOffset()), g.ldc()), "a_tile", "b_tile"));
        for (Operand operand : g.epilogue().operandList()) {
            arguments.add(place(new FusedArgument.Floats(operand.data(), operand.offset()), switch (operand.access()) {
                case FULL -> operand.ld();
                case COLUMN -> 1;
                case ROW, SCALAR -> 0;
            }) + ", " + operand.ld());
        }
        call(name, arguments);
    }
}
