package larch.backend.simd.schedule;

import java.util.ArrayList;
import java.util.List;
import larch.backend.Block;
import larch.backend.KernelCall;
import larch.gemm.Epilogue;
import larch.gemm.Gemm;
import larch.gemm.Operand;
import larch.tensor.Axis;
import larch.tensor.Broadcast;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// Cuts a kernel into kernels that each compute some rows of its result. Every element is computed by the same operations,
/// so every bit stays.
final class RowParts {
    private RowParts() {
    }

    /// @param call a call with rows
    /// @param from first row
    /// @param to   one past the last row
    /// @return what computes those rows
    static KernelCall part(KernelCall call, int from, int to) {
        return switch (call) {
            case KernelCall.Product(Gemm g) -> new KernelCall.Product(rowsOf(g, from, to));
            case KernelCall.Elementwise(var fs, var outs, var args) -> {
                Shape shape = outs.getFirst().shape();
                yield new KernelCall.Elementwise(fs, outs.stream().map(out -> rowsOf(out, from, to)).toList(),
                        rowsOf(args, shape, from, to));
            }
            case KernelCall.Reduce r -> {
                Tensor out = Tensor.wrap(r.axis().reduce(Shape.of(to - from, r.walked().cols())), r.out().buffer(),
                        r.out().offset() + from);
                yield new KernelCall.Reduce(r.reduction(), r.axis(), r.f(), out, rowsOf(r.args(), r.walked(), from, to));
            }
            case KernelCall.Rows r -> new KernelCall.Rows(r.kind(), r.source(), r.indices(), r.first() + from,
                    Tensor.wrap(Shape.of(to - from, r.target().dim(1)), r.target().buffer(),
                            r.target().offset() + from * r.step()), r.step());
            case KernelCall.Copy(Block b) -> new KernelCall.Copy(new Block(to - from, b.cols(),
                    b.from(), b.fromAt() + from * b.fromStep(), b.fromStep(), b.fromUnit(),
                    b.to(), b.toAt() + from * b.toStep(), b.toStep(), b.toUnit()));
            case KernelCall.Draw(boolean normal, var stream, long first, var out) ->
                new KernelCall.Draw(normal, stream, first + (long) from * out.shape().cols(), rowsOf(out, from, to));
            case KernelCall.RowUpdate _, KernelCall.SparseProduct _, KernelCall.SeriesRow _, KernelCall.Host _ ->
                throw new IllegalArgumentException(call + " has no rows");
        };
    }

    private static Tensor rowsOf(Tensor tensor, int from, int to) {
        return tensor.reshape(tensor.shape().rows(), tensor.shape().cols()).rows(from, to);
    }

    private static List<Tensor> rowsOf(List<Tensor> args, Shape walked, int from, int to) {
        List<Tensor> parts = new ArrayList<>();
        for (Tensor arg : args) {
            parts.add(switch (Broadcast.of(walked, arg.shape())) {
                case FULL, COLUMN -> rowsOf(arg, from, to);
                case ROW -> arg.reshape(walked.cols());
                case SCALAR -> arg.reshape(Shape.SCALAR);
            });
        }
        return parts;
    }

    private static Gemm rowsOf(Gemm g, int from, int to) {
        Operand[] operands = g.epilogue().operandList().stream().map(operand -> switch (operand.access()) {
            case FULL -> new Operand(Broadcast.FULL, operand.data(), operand.offset() + from * operand.ld(), operand.ld());
            case COLUMN -> new Operand(Broadcast.COLUMN, operand.data(), operand.offset() + from, 0);
            case ROW, SCALAR -> operand;
        }).toArray(Operand[]::new);
        return new Gemm(g.transA(), g.transB(), to - from, g.n(), g.k(), g.alpha(), g.a(),
                g.aOffset() + from * g.aRowStride(), g.lda(), g.b(), g.bOffset(), g.ldb(), g.beta(), g.c(),
                g.cOffset() + from * g.ldc(), g.ldc(), new Epilogue(g.epilogue().form().f(), operands));
    }
}
