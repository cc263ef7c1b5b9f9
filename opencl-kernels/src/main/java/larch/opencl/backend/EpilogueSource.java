package larch.opencl.backend;

import java.util.ArrayList;
import java.util.List;
import larch.gemm.Epilogue;
import larch.gemm.Operand;
import larch.opencl.gemm.GemmEpilogue;
import larch.opencl.source.ExpressionSource;

/// What an [Epilogue] is in the text of a product's kernel: a function of the finished element and of what lies beside it.
///
/// ```c
/// float finished(float x0, int row, int column, __global const float* arg1, int offset1, int step1) {
///     float t0 = x0;
///     float t1 = arg1[offset1 + column];
///     float t2 = t0 + t1;
///     return t2;
/// }
/// #define EPILOGUE(acc, row, col) finished((acc), row, col, arg1, offset1, step1)
/// ```
final class EpilogueSource {
    private EpilogueSource() {
    }

    /// @param epilogue what is to be done
    /// @param visitors where operands lie
    /// @return its text and arguments
    static GemmEpilogue of(Epilogue epilogue, Visitors visitors) {
        if (epilogue.form().isNone()) {
            return GemmEpilogue.NONE;
        }
        StringBuilder parameters = new StringBuilder();
        StringBuilder names = new StringBuilder();
        List<Object> args = new ArrayList<>();
        List<Operand> operands = epilogue.operandList();
        for (int i = 0; i < operands.size(); i++) {
            Operand operand = operands.get(i);
            Visitors.Place place = visitors.place(operand.data(), operand.offset());
            int n = i + 1;
            parameters.append(", __global const float* arg%1$d, int offset%1$d, int step%1$d".formatted(n));
            names.append(", arg%1$d, offset%1$d, step%1$d".formatted(n));
            args.addAll(List.of(place.memory(), place.offset(), operand.ld()));
        }
        ExpressionSource body = ExpressionSource.of(List.of(epilogue.form().f()));
        String text = "// " + epilogue.form().f() + "\n" + ExpressionSource.PRELUDE
                + "float finished(float x0, int row, int column" + parameters + ") {\n"
                + body.statements("    ", n -> n == 0 ? "x0" : load(n, operands.get(n - 1)))
                + "    return " + body.result(0) + ";\n}\n"
                + "#define EPILOGUE_PARAMS " + parameters + "\n"
                + "#define EPILOGUE(acc, row, col) finished((acc), row, col" + names + ")\n";
        return new GemmEpilogue(epilogue.toString(), text, args);
    }

    private static String load(int n, Operand operand) {
        return "arg" + n + "[offset" + n + switch (operand.access()) {
            case FULL -> " + row * step" + n + " + column]";
            case ROW -> " + column]";
            case COLUMN -> " + row]";
            case SCALAR -> "]";
        };
    }
}
