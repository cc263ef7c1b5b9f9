package larch.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import larch.backend.KernelCall;
import larch.backend.Memory;
import larch.expr.Expr;
import larch.expr.Program;
import larch.gemm.Epilogue;
import larch.gemm.Gemm;
import larch.gemm.Operand;
import larch.tensor.Broadcast;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// Merges a kernel into the one that reads its result, where that result is read by nobody else:
///
/// ```text
/// T ← A·B;      Y ← f(T, …)              becomes   Y ← f(A·B, …)              an epilogue of the product
/// T ← g(X, …);  Y ← f(T, …)              becomes   Y ← f(g(X, …), …)          one element-wise pass
/// T ← g(X, …);  Y ← fold f(T, …)         becomes   Y ← fold f(g(X, …), …)     one pass
/// ```
///
/// until nothing more can be merged. `T` must be the program's own memory, written once, whole and by that kernel alone;
/// nothing between the two may change what the first one reads. Each element is still computed by the same operations, so
/// every bit stays, but on a backend that does not round each of them: `reference` rounds once for each call.
///
/// A merged function may have [#MAX_STEPS] steps. A call that is longer by itself stays as it is.
final class Fusion {
    /// HotSpot compiles no method of more than 8000 bytes. A kernel writes each step three times, for vectors, the last
    /// vector and scalars, some 14 bytes each: beyond 190 steps it would be interpreted for ever, a hundred times slower, or
    /// had to be cut again. Long before that there are more values at once than registers, and reading memory again costs less
    /// than spilling.
    static final int MAX_STEPS = 128;

    private final List<KernelCall> calls;
    private final List<Memory> internal;
    private final List<Memory> kept;

    Fusion(List<KernelCall> calls, List<Tensor> internal, List<Tensor> kept) {
        this.calls = new ArrayList<>(calls);
        this.internal = internal.stream().map(Memory::of).toList();
        this.kept = kept.stream().map(Memory::of).toList();
    }

    List<KernelCall> run() {
        for (int reader = 0; reader < calls.size(); reader++) {
            while (mergeInto(reader)) {
                reader--;
            }
        }
        return calls;
    }

    /// Merges one writer into the call at a place, which then moves up by one.
    private boolean mergeInto(int reader) {
        List<Tensor> args = switch (calls.get(reader)) {
            case KernelCall.Elementwise e -> e.args();
            case KernelCall.Reduce r -> r.args();
            default -> List.of();
        };
        for (int arg = 0; arg < args.size(); arg++) {
            int writer = onlyWriter(Memory.of(args.get(arg)), reader);
            if (writer >= 0 && canMove(writer, reader)) {
                Optional<KernelCall> merged = merge(calls.get(writer), calls.get(reader), arg);
                if (merged.isPresent()) {
                    calls.set(reader, merged.get());
                    calls.remove(writer);
                    return true;
                }
            }
        }
        return false;
    }

    /// @return the place of the only call that touches a piece of internal memory besides the reader; −1 if there are
    ///         others, or if it does not write exactly that piece before the reader
    private int onlyWriter(Memory memory, int reader) {
        if (internal.stream().noneMatch(memory::isSame) || kept.stream().anyMatch(memory::overlaps)) {
            return -1;
        }
        int writer = -1;
        for (int i = 0; i < calls.size(); i++) {
            boolean writes = calls.get(i).writes().stream().anyMatch(memory::overlaps);
            boolean reads = calls.get(i).reads().stream().anyMatch(memory::overlaps);
            if (i == reader ? writes : writes && (reads || writer >= 0 || i > reader) || !writes && reads) {
                return -1;
            }
            if (writes) {
                writer = i;
            }
        }
        boolean whole = writer >= 0 && calls.get(writer).writes().size() == 1
                && calls.get(writer).writes().getFirst().isSame(memory);
        return whole ? writer : -1;
    }

    /// @return whether nothing from the writer to the reader changes what the writer reads
    private boolean canMove(int writer, int reader) {
        List<Memory> needed = calls.get(writer).reads();
        for (int i = writer + 1; i <= reader; i++) {
            for (Memory written : calls.get(i).writes()) {
                if (needed.stream().anyMatch(written::overlaps)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static Optional<KernelCall> merge(KernelCall writer, KernelCall reader, int arg) {
        return switch (reader) {
            case KernelCall.Elementwise(var fs, var outs, var args) -> switch (writer) {
                case KernelCall.Product(Gemm g) when fs.size() == 1 -> withEpilogue(g, fs.getFirst(), outs.getFirst(), args, arg);
                case KernelCall.Elementwise(var inner, var _, var innerArgs)
                        when isFull(args.get(arg), outs.getFirst().shape()) -> {
                    Arguments all = new Arguments(fs, args, arg, inner.getFirst(), innerArgs);
                    List<Expr> merged = fs.stream().map(all::rewrite).toList();
                    yield isShort(merged) ? Optional.of(new KernelCall.Elementwise(merged, outs, all.list))
                            : Optional.empty();
                }
                default -> Optional.empty();
            };
            case KernelCall.Reduce(var reduction, var axis, var f, var out, var args) -> {
                if (!(writer instanceof KernelCall.Elementwise(var inner, var _, var innerArgs))) {
                    yield Optional.empty();
                }
                Shape walked = Broadcast.resultShape("reduce", args.stream().map(Tensor::shape).toArray(Shape[]::new));
                Arguments all = new Arguments(List.of(f), args, arg, inner.getFirst(), innerArgs);
                // The arguments that are left must still span what is walked.
                boolean spans = all.list.stream().anyMatch(t -> t.shape().equals(walked));
                Expr merged = all.rewrite(f);
                yield isFull(args.get(arg), walked) && spans && isShort(List.of(merged))
                        ? Optional.of(new KernelCall.Reduce(reduction, axis, merged, out, all.list)) : Optional.empty();
            }
            default -> Optional.empty();
        };
    }

    private static boolean isShort(List<Expr> functions) {
        return Program.of(functions.toArray(Expr[]::new)).steps().size() <= MAX_STEPS;
    }

    private static boolean isFull(Tensor arg, Shape walked) {
        return arg.shape().equals(walked);
    }

    /// The arguments of two element-wise functions together, when one of them takes the place of an argument of the other.
    private static final class Arguments {
        private final List<Tensor> list = new ArrayList<>();
        private final Expr[] outerValues;

        Arguments(List<Expr> functions, List<Tensor> outer, int replaced, Expr inner, List<Tensor> innerArgs) {
            outerValues = placeAll(functions, outer, replaced);
            outerValues[replaced] = inner.substitute(placeAll(List.of(inner), innerArgs, -1));
        }

        /// Arguments that no function depends on are left out.
        private Expr[] placeAll(List<Expr> functions, List<Tensor> tensors, int without) {
            Expr[] places = new Expr[tensors.size()];
            for (int i = 0; i < places.length; i++) {
                int argument = i;
                if (i != without && functions.stream().anyMatch(f -> f.reads(argument))) {
                    places[i] = place(tensors.get(i));
                }
            }
            return places;
        }

        private Expr place(Tensor tensor) {
            for (int i = 0; i < list.size(); i++) {
                Tensor other = list.get(i);
                if (other.buffer().equals(tensor.buffer()) && other.offset() == tensor.offset()
                        && other.shape().equals(tensor.shape())) {
                    return Expr.arg(i);
                }
            }
            list.add(tensor);
            return Expr.arg(list.size() - 1);
        }

        Expr rewrite(Expr f) {
            return f.substitute(outerValues);
        }
    }

    private static Optional<KernelCall> withEpilogue(Gemm g, Expr f, Tensor out, List<Tensor> args, int product) {
        Shape shape = out.shape();
        boolean isMatrix = shape.cols() == g.n() && shape.rows() == g.m() && args.get(product).shape().equals(shape);
        if (!isMatrix || g.ldc() != Math.max(1, g.n()) || g.beta() != 0) {
            return Optional.empty();
        }
        Epilogue old = g.epilogue();
        List<Operand> operands = new ArrayList<>(old.operandList());
        Expr[] values = new Expr[args.size()];
        for (int i = 0; i < args.size(); i++) {
            Tensor arg = args.get(i);
            if (i == product) {
                values[i] = old.form().f();
                continue;
            }
            if (!f.reads(i)) {
                continue;
            }
            if (Memory.of(arg).overlaps(Memory.of(out))) {
                return Optional.empty();
            }
            Broadcast access = Broadcast.of(shape, arg.shape());
            operands.add(new Operand(access, arg.buffer(), arg.offset(), access == Broadcast.FULL ? Math.max(1, g.n()) : 0));
            values[i] = Expr.arg(operands.size());
        }
        Expr merged = f.substitute(values);
        if (!isShort(List.of(merged))) {
            return Optional.empty();
        }
        Gemm whole = new Gemm(g.transA(), g.transB(), g.m(), g.n(), g.k(), g.alpha(), g.a(), g.aOffset(), g.lda(),
                g.b(), g.bOffset(), g.ldb(), g.beta(), out.buffer(), out.offset(), g.ldc(), Epilogue.NONE);
        return Optional.of(new KernelCall.Product(whole.with(new Epilogue(merged, operands.toArray(Operand[]::new)))));
    }
}
