package larch.opencl.source;

import java.util.List;
import larch.expr.Expr;
import larch.gemm.Epilogue;
import larch.tensor.Broadcast;

/// What an [Epilogue] is in the text of a product's kernel: a function of the finished element and of what lies beside it.
///
/// ```c
/// float finished(float x0, int row, int column, __global const float* arg1, int offset1, int step1) {
///     float t0 = x0;
///     float t1 = arg1[offset1 + column];
///     float t2 = t0 + t1;
///     return t2;
/// }
/// #define EPILOGUE_PARAMS , __global const float* arg1, int offset1, int step1
/// #define EPILOGUE(acc, row, col) finished((acc), row, col, arg1, offset1, step1)
/// ```
public final class EpilogueSource {
    private EpilogueSource() {
    }

    /// @param form     function and access of the operands
    /// @param function a name for the function
    /// @return the text; complete only behind [ExpressionSource#PRELUDE]. Each operand has three parameters: memory, offset
    ///         and leading dimension
    public static String of(Epilogue.Form form, String function) {
        StringBuilder parameters = new StringBuilder();
        StringBuilder names = new StringBuilder();
        List<Broadcast> access = form.access();
        for (int n = 1; n <= access.size(); n++) {
            parameters.append(", __global const float* arg%1$d, int offset%1$d, int step%1$d".formatted(n));
            names.append(", arg%1$d, offset%1$d, step%1$d".formatted(n));
        }
        Expr f = form.f();
        ExpressionSource body = ExpressionSource.of(List.of(f));
        return "// " + f + "\nfloat " + function + "(float x0, int row, int column" + parameters + ") {\n"
                + body.statements("    ", n -> n == 0 ? "x0" : load(n, access.get(n - 1)))
                + "    return " + body.result(0) + ";\n}\n"
                + "#define EPILOGUE_PARAMS " + parameters + "\n"
                + "#define EPILOGUE(acc, row, col) " + function + "((acc), row, col" + names + ")\n";
    }

    private static String load(int n, Broadcast access) {
        return "arg" + n + "[offset" + n + switch (access) {
            case FULL -> " + row * step" + n + " + column]";
            case ROW -> " + column]";
            case COLUMN -> " + row]";
            case SCALAR -> "]";
        };
    }
}
