package larch.opencl.source;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import larch.expr.Expr;
import larch.tensor.Broadcast;

/// Element-wise functions as kernels: one work-item computes all results of one element.
///
/// ```c
/// // out0 = (x0 + x1)
/// // x0 FULL, x1 ROW
/// __kernel void add_bias(__global float* out0, int outOffset0,
///         __global const float* arg0, int offset0,
///         __global const float* arg1, int offset1,
///         int rows, int cols) {
///     size_t i = get_global_id(0);
///     if (i >= (size_t) rows * cols) return;
///     uint column = (uint) i % (uint) cols;
///     float t0 = arg0[offset0 + i];
///     float t1 = arg1[offset1 + column];
///     float t2 = t0 + t1;
///     out0[outOffset0 + i] = t2;
/// }
/// ```
///
/// Neighbouring work-items touch neighbouring elements. A result may be an argument that is read `FULL`, since a work-item
/// stores only after it has computed everything and nobody else reads what it stores; hence no `restrict`. The launch is
/// one-dimensional, of any size from `rows · cols` on.
public final class ElementwiseSource {
    private static final String INDENT = "    ";

    private ElementwiseSource() {
    }

    /// `outs[j] ← fs[j](args…)`. Parameters: for each result `float* outJ, int outOffsetJ`, for each argument
    /// `const float* argI, int offsetI`, then `int rows, int cols`.
    /// @param name   the kernel's name
    /// @param fs     one function for each result
    /// @param access how each argument is read
    /// @return the kernel
    public static KernelSource of(String name, List<Expr> fs, List<Broadcast> access) {
        ArgumentAccess args = new ArgumentAccess(access);
        ExpressionSource body = ExpressionSource.of(fs);
        String text = comment("out", fs) + args.comment(0) + "__kernel void " + name + "(" + targets("out", fs.size())
                + args.parameters() + "int rows, int cols) {\n"
                + guard("rows")
                + args.split(INDENT)
                + body.statements(INDENT, args::load)
                + stores("out", "i", fs.size(), body)
                + "}\n";
        return new KernelSource(name, text);
    }

    /// `tables[j][picked[r]] ← fs[j](tables[…][picked[r]], args[…][r])` for `r < count`. Parameters: for each table
    /// `float* tableJ, int tableOffsetJ`, for each argument `const float* argI, int offsetI`, then
    /// `const int* picked, int count, int cols`. The rows picked must differ from each other.
    /// @param name   the kernel's name
    /// @param fs     one function for each table, of all tables and then the arguments
    /// @param access how each argument is read, as if its result were `[count,cols]`
    /// @return the kernel
    public static KernelSource ofPickedRows(String name, List<Expr> fs, List<Broadcast> access) {
        int tables = fs.size();
        ArgumentAccess args = new ArgumentAccess(access);
        ExpressionSource body = ExpressionSource.of(fs);
        String text = "// For picked rows; the first " + tables + " arguments are rows of the tables.\n"
                + comment("table", fs) + args.comment(tables) + "__kernel void " + name + "(" + targets("table", tables)
                + args.parameters() + "__global const int* picked, int count, int cols) {\n"
                + guard("count")
                + INDENT + "uint row = (uint) i / (uint) cols;\n"
                + INDENT + "uint column = (uint) i % (uint) cols;\n"
                + INDENT + "size_t at = (size_t) picked[row] * cols + column;\n"
                + body.statements(INDENT,
                        n -> n < tables ? "table" + n + "[tableOffset" + n + " + at]" : args.load(n - tables))
                + stores("table", "at", tables, body)
                + "}\n";
        return new KernelSource(name, text);
    }

    private static String comment(String target, List<Expr> fs) {
        return IntStream.range(0, fs.size()).mapToObj(j -> "// " + target + j + " = " + fs.get(j) + "\n")
                .collect(Collectors.joining());
    }

    private static String targets(String target, int count) {
        return IntStream.range(0, count)
                .mapToObj(j -> "__global float* " + target + j + ", int " + target + "Offset" + j + ",\n        ")
                .collect(Collectors.joining());
    }

    private static String guard(String rows) {
        return INDENT + "size_t i = get_global_id(0);\n" + INDENT + "if (i >= (size_t) " + rows + " * cols) return;\n";
    }

    private static String stores(String target, String index, int count, ExpressionSource body) {
        return IntStream.range(0, count).mapToObj(j -> INDENT + target + j + "[" + target + "Offset" + j + " + " + index
                + "] = " + body.result(j) + ";\n").collect(Collectors.joining());
    }
}
