package larch.opencl.source;

import java.util.List;
import larch.backend.Reduction;
import larch.expr.Expr;
import larch.tensor.Axis;
import larch.tensor.Broadcast;

/// Folds as kernels: `out ← fold f(args…)` over rows, columns or everything, cut as a [ReducePlan] says.
///
/// A group of 256 work-items has `256 / lanes` results. Each lane of a result folds every `lanes`-th element in order;
/// then the lanes are folded in a tree through local memory (1 KiB):
///
/// ```text
/// lane 0: x0 + x4 + x8 …   lane 1: x1 + x5 + x9 …   lane 2: …   lane 3: …       (lanes = 4)
/// apart = 2: lane 0 += lane 2, lane 1 += lane 3;   apart = 1: lane 0 += lane 1
/// ```
///
/// Access: over columns (and everything) neighbouring work-items are lanes of one row, over rows they are neighbouring
/// columns; either way they read neighbouring elements. There are no atomics: the order is fixed by the extents, so are
/// the bits. A sum of `n` terms errs by at most `γ(n − 1) · Σ|term|`, like any order of additions; a maximum is NaN if
/// any term is.
public final class ReduceSource {
    private ReduceSource() {
    }

    /// Parameters: `float* out, int outOffset`, for each argument `const float* argI, int offsetI`, then
    /// `int rows, int cols, int lanes, int chunk`. Launch: `{globalSize, chunks}` work-items in groups of `{256, 1}`.
    /// Result `k` of chunk `j` goes to `out[outOffset + j·kept + k]`.
    /// @param name      the kernel's name
    /// @param reduction sum or maximum
    /// @param axis      what is folded
    /// @param f         the function of one element
    /// @param access    how each argument is read
    /// @return the kernel
    public static KernelSource of(String name, Reduction reduction, Axis axis, Expr f, List<Broadcast> access) {
        ArgumentAccess args = new ArgumentAccess(access);
        ExpressionSource body = ExpressionSource.of(List.of(f));
        String text = "// " + reduction + " over " + axis + " of " + f + "\n" + args.comment(0)
                + HEAD.formatted(ReducePlan.GROUP, name, args.parameters(), extents(axis), places(axis),
                        ExpressionSource.literal(reduction.identity()))
                + element(axis, args)
                + body.statements("            ", args::load)
                + "            acc = " + fold(reduction, "acc", body.result(0)) + ";\n"
                + TAIL.formatted(fold(reduction, "partial[lid]", "partial[lid + apart * step]"));
        return new KernelSource(name, text);
    }

    /// The second pass: folds the partial results `[chunks,kept]` of a first one over their rows.
    /// @param name      the kernel's name
    /// @param reduction sum or maximum
    /// @return the kernel; its one argument are the partial results
    public static KernelSource ofPartials(String name, Reduction reduction) {
        return of(name, reduction, Axis.ROWS, Expr.arg(0), List.of(Broadcast.FULL));
    }

    private static final String HEAD = """
            __kernel __attribute__((reqd_work_group_size(%1$d, 1, 1)))
            void %2$s(__global float* out, int outOffset,
                    %3$sint rows, int cols, int lanes, int chunk) {
                __local float partial[%1$d];
            %4$s    uint lid = get_local_id(0);
                uint results = %1$d / (uint) lanes;
            %5$s    size_t begin = (size_t) get_group_id(1) * chunk;
                size_t end = min(begin + chunk, folded);
                float acc = %6$s;
                if (k < kept) {
                    for (size_t e = begin + lane; e < end; e += lanes) {
            """;

    private static final String TAIL = """
                    }
                }
                partial[lid] = acc;
                barrier(CLK_LOCAL_MEM_FENCE);
                for (uint apart = lanes / 2; apart > 0; apart /= 2) {
                    if (lane < apart) partial[lid] = %s;
                    barrier(CLK_LOCAL_MEM_FENCE);
                }
                if (lane == 0 && k < kept) out[outOffset + get_group_id(1) * kept + k] = partial[lid];
            }
            """;

    private static String extents(Axis axis) {
        return switch (axis) {
            case ROWS -> "    size_t kept = cols;\n    size_t folded = rows;\n";
            case COLUMNS -> "    size_t kept = rows;\n    size_t folded = cols;\n";
            case ALL -> "    size_t kept = 1;\n    size_t folded = (size_t) rows * cols;\n";
        };
    }

    /// Which result and lane a work-item has, and how far apart in the group the lanes of a result are.
    private static String places(Axis axis) {
        String result = "    size_t k = get_group_id(0) * results + ";
        return switch (axis) {
            case ROWS -> "    uint lane = lid / results;\n    uint step = results;\n" + result + "lid % results;\n";
            case COLUMNS, ALL -> "    uint lane = lid % lanes;\n    uint step = 1;\n" + result + "lid / lanes;\n";
        };
    }

    /// The element that `e` is: `i`, `row` and `column` as [ArgumentAccess] wants them.
    private static String element(Axis axis, ArgumentAccess args) {
        String indent = "            ";
        return switch (axis) {
            case ROWS -> indent + "size_t row = e, column = k, i = row * cols + column;\n";
            case COLUMNS -> indent + "size_t row = k, column = e, i = row * cols + column;\n";
            case ALL -> indent + "size_t i = e;\n" + args.split(indent);
        };
    }

    /// @param reduction sum or maximum
    /// @param x         a value
    /// @param y         another
    /// @return text that folds them
    public static String fold(Reduction reduction, String x, String y) {
        return switch (reduction) {
            case SUM -> x + " + " + y;
            case MAX -> "exact_max(" + x + ", " + y + ")";
        };
    }
}
