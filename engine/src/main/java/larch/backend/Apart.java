package larch.backend;

import larch.expr.Expr;
import larch.gemm.Gemm;
import larch.gemm.Operand;
import larch.tensor.Buffer;
import larch.tensor.CsrMatrix;
import larch.tensor.HostBuffer;
import larch.tensor.ShapeException;
import larch.tensor.Tensor;

/// What the doors of a [Backend] check about memory: a kernel that wrote where it still has to read would give wrong
/// numbers without a word, and other ones on each backend.
///
/// Windows that interleave in one buffer without sharing an element are apart. Only elements that are read count.
final class Apart {
    private static final String COPY = "give the result memory of its own and copy it afterwards";

    private Apart() {
    }

    static void product(Gemm g) {
        Buffer c = g.c();
        if (g.a().equals(c) || g.b().equals(c)) {
            Window result = Window.ofC(g);
            check("gemm", "A", Window.ofA(g), result, COPY);
            check("gemm", "B", Window.ofB(g), result, COPY);
        }
        for (int i = 0; i < g.epilogue().operands(); i++) {
            if (g.epilogue().buffer(i).equals(c) && g.epilogue().form().f().reads(i + 1)) {
                Operand operand = g.epilogue().operandList().get(i);
                check("gemm", "operand " + i + " of the epilogue", Window.of(operand, g.m(), g.n()), Window.ofC(g),
                        "let the old values enter through beta");
            }
        }
    }

    /// A result may replace an argument, element by element.
    static void elementwise(Expr[] fs, Tensor[] outs, Tensor[] args) {
        each("elementwise", outs);
        for (Tensor out : outs) {
            for (int i = 0; i < args.length; i++) {
                if (args[i].buffer().equals(out.buffer()) && !isSame(args[i], out) && isRead(fs, i)) {
                    check("elementwise", "argument " + i, Window.of(args[i]), Window.of(out),
                            "a result may replace an argument of its shape, whole, and nothing else");
                }
            }
        }
    }

    static void tables(Expr[] fs, Tensor[] tables, Tensor[] args) {
        each("rowUpdate", tables);
        for (Tensor table : tables) {
            for (int i = 0; i < args.length; i++) {
                if (args[i].buffer().equals(table.buffer()) && isRead(fs, tables.length + i)) {
                    check("rowUpdate", "argument " + i, Window.of(args[i]), Window.of(table), COPY);
                }
            }
        }
    }

    private static void each(String op, Tensor[] results) {
        for (int j = 0; j < results.length; j++) {
            for (int other = 0; other < j; other++) {
                if (results[j].buffer().equals(results[other].buffer()) && Window.of(results[j]).meets(Window.of(results[other]))) {
                    throw new ShapeException(op + ": results " + other + " and " + j + " overlap; give each memory of its own");
                }
            }
        }
    }

    private static boolean isSame(Tensor x, Tensor y) {
        return x.offset() == y.offset() && x.size() == y.size();
    }

    private static boolean isRead(Expr[] fs, int argument) {
        for (Expr f : fs) {
            if (f.reads(argument)) {
                return true;
            }
        }
        return false;
    }

    static void fold(Expr f, Tensor out, Tensor[] args) {
        for (int i = 0; i < args.length; i++) {
            if (args[i].buffer().equals(out.buffer()) && f.reads(i)) {
                check("reduce", "argument " + i, Window.of(args[i]), Window.of(out), COPY);
            }
        }
    }

    static void rows(String op, Tensor source, Tensor target) {
        if (source.buffer().equals(target.buffer())) {
            check(op, "what is read", Window.of(source), Window.of(target), COPY);
        }
    }

    static void sparse(String op, CsrMatrix sparse, Tensor dense, Tensor out) {
        rows(op, dense, out);
        Buffer stored = new HostBuffer(sparse.values());
        if (out.buffer().equals(stored)) {
            Window values = new Window(stored, 0, 1, 1, sparse.values().length, 1);
            check(op, "the sparse matrix", values, Window.of(out), COPY);
        }
    }

    static void copy(Block block) {
        if (block.from().equals(block.to())) {
            check("copyBlock", "the source", Window.readBy(block), Window.writtenBy(block),
                    "copy through memory of its own");
        }
    }

    private static void check(String op, String what, Window read, Window written, String fix) {
        if (read.meets(written)) {
            throw new ShapeException(op + ": " + what + " overlaps the result; " + fix);
        }
    }
}
