package larch.opencl.fused;

import java.util.List;
import larch.backend.Block;
import larch.backend.KernelCall;
import larch.opencl.source.ArgumentAccess;
import larch.opencl.source.ExpressionSource;
import larch.opencl.source.ReducePlan;
import larch.opencl.source.ReduceSource;

/// Calls as functions of a fused kernel: each computes `rows` rows, whose memory begins where its arguments say. Products are
/// [FusedProduct]s.
final class FusedFunctions {
    private FusedFunctions() {
    }

    /// All work-items go round equally often, so that a compiler for CPUs may make vectors of them.
    private static String forEach(String variable, String count, String statements) {
        return """
                    for (int base = 0; base < %2$s; base += ITEMS) {
                        const int %1$s = base + (int) get_local_id(0);
                        if (%1$s < %2$s) {
                %3$s        }
                    }
                }
                """.formatted(variable, count, statements.indent(12));
    }

    /// Parameters: for each result memory and offset, for each argument memory and offset, then the number of rows.
    static String elementwise(String name, KernelCall.Elementwise e) {
        ArgumentAccess access = new ArgumentAccess(List.of(e.access()));
        ExpressionSource steps = ExpressionSource.of(e.fs());
        StringBuilder parameters = new StringBuilder();
        StringBuilder inner = new StringBuilder(access.split("")).append(steps.statements("", access::load));
        for (int j = 0; j < e.outs().size(); j++) {
            parameters.append("__global float* out%1$d, int outOffset%1$d,\n        ".formatted(j));
            inner.append("out%1$d[outOffset%1$d + i] = %2$s;\n".formatted(j, steps.result(j)));
        }
        return "// " + e.fs() + "\n" + access.comment(0)
                + "void " + name + "(" + parameters + access.parameters() + "int rows) {\n"
                + "    const int cols = " + e.walked().cols() + ";\n" + forEach("i", "rows * cols", inner.toString());
    }

    /// As [ReduceSource] does it, with the same lanes; one work-item has a row to itself. Parameters: as above, for one
    /// result.
    static String reduce(String name, KernelCall.Reduce r) {
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
        return "// " + r.reduction() + " of " + r.f() + "\n" + access.comment(0)
                + "#define LANES " + ReducePlan.of(r.axis(), r.walked().rows(), cols).lanes() + "\n"
                + "void " + name + "(__global float* out, int outOffset,\n        " + access.parameters() + "int rows) {\n"
                + "    const int cols = " + cols + ";\n" + forEach("row", "rows", inner) + "#undef LANES\n";
    }

    /// Parameters: memory and offset of the table, indices, memory and offset of the result, rows.
    static String gather(String name, KernelCall.Rows r) {
        return """
                // Rows of a table.
                void %s(__global const float* table, int tableOffset,
                        __global const int* indices, __global float* out, int outOffset, int rows) {
                    const int cols = %d;
                """.formatted(name, r.source().dim(1)) + forEach("i", "rows * cols", """
                const int row = i / cols, column = i %% cols;
                out[outOffset + row * %d + column] = table[tableOffset + indices[row] * cols + column];
                """.formatted(r.step()));
    }

    /// Parameters: memory and offset of the source and of the target, rows.
    static String copy(String name, Block b) {
        return """
                // A strided copy.
                void %s(__global const float* from, int fromAt,
                        __global float* to, int toAt, int rows) {
                    const int cols = %d;
                """.formatted(name, b.cols()) + forEach("i", "rows * cols", """
                const int row = i / cols, column = i %% cols;
                to[toAt + row * %d + column * %d] = from[fromAt + row * %d + column * %d];
                """.formatted(b.toStep(), b.toUnit(), b.fromStep(), b.fromUnit()));
    }

    /// Parameters: memory and offset of the result, the stream's key, number of the first draw, rows. Needs `philox.cl`.
    static String draw(String name, KernelCall.Draw d) {
        return """
                // Random numbers.
                void %s(__global float* out, int outOffset, ulong key, ulong from, int rows) {
                    const int count = rows * %d;
                    const int blocks = ((int) (from & 3) + count + 3) / 4;
                """.formatted(name, d.out().shape().cols()) + forEach("i", "blocks",
                "deal(%s(words(key, from, i)), out, outOffset, count, from, i);\n".formatted(
                        d.normal() ? "normals" : "uniforms"));
    }
}
