package larch.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import larch.backend.Block;
import larch.backend.KernelCall;
import larch.backend.Memory;
import larch.gemm.Epilogue;
import larch.gemm.Gemm;
import larch.gemm.Operand;
import larch.tensor.Broadcast;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// Lets kernels write where their results are copied to anyway:
///
/// ```text
/// T ← A·B;   Y[:, 64:128] ← T                        becomes   Y[:, 64:128] ← A·B             (concatenation)
/// T ← rows of a table;   Y[:, 0:64] ← T              becomes   Y[:, 0:64] ← rows of a table
/// T ← A·B;   U ← T[:, 0:64];   V ← T[:, 64:128]      becomes   U ← A·B[:, 0:64];   V ← A·B[:, 64:128]     (its gradient)
/// ```
///
/// `T` must be the program's own memory, written whole by that one kernel and read by those copies alone. Each element is
/// still computed by the same operations, so every bit stays.
final class Placement {
    private final List<KernelCall> calls;
    private final List<Memory> internal;
    private final List<Memory> kept;

    Placement(List<KernelCall> calls, List<Tensor> internal, List<Tensor> kept) {
        this.calls = new ArrayList<>(calls);
        this.internal = internal.stream().map(Memory::of).toList();
        this.kept = kept.stream().map(Memory::of).toList();
    }

    List<KernelCall> run() {
        for (int writer = 0; writer < calls.size(); writer++) {
            placeResultOf(writer);
        }
        return calls;
    }

    private void placeResultOf(int writer) {
        KernelCall call = calls.get(writer);
        if (call.writes().size() != 1 || !isOwn(call.writes().getFirst())) {
            return;
        }
        Memory result = call.writes().getFirst();
        List<KernelCall> copies = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            boolean touches = i != writer && (overlaps(calls.get(i).reads(), result) || overlaps(calls.get(i).writes(), result));
            if (touches && (i < writer || !isCopyOf(calls.get(i), result) || !canMoveUp(i, writer))) {
                return;
            }
            if (touches) {
                copies.add(calls.get(i));
            }
        }
        List<KernelCall> placed = new ArrayList<>();
        for (KernelCall copy : copies) {
            Optional<KernelCall> part = place(call, ((KernelCall.Copy) copy).block(), result);
            if (part.isEmpty()) {
                return;
            }
            placed.add(part.get());
        }
        if (!placed.isEmpty()) {
            calls.removeAll(copies);
            calls.remove(writer);
            calls.addAll(writer, placed);
        }
    }

    private boolean isOwn(Memory memory) {
        return internal.stream().anyMatch(memory::isSame) && kept.stream().noneMatch(memory::overlaps);
    }

    private static boolean overlaps(List<Memory> list, Memory memory) {
        return list.stream().anyMatch(memory::overlaps);
    }

    private static boolean isCopyOf(KernelCall call, Memory result) {
        return call instanceof KernelCall.Copy(Block b) && b.from().equals(result.data()) && b.fromUnit() == 1 && b.toUnit() == 1
                && !overlaps(call.writes(), result);
    }

    /// @return whether nobody between the two touches what the copy writes
    private boolean canMoveUp(int copy, int writer) {
        Memory target = calls.get(copy).writes().getFirst();
        for (int i = writer; i < copy; i++) {
            if (overlaps(calls.get(i).reads(), target) || i > writer && !isDisjoint(calls.get(i), calls.get(copy))) {
                return false;
            }
        }
        return true;
    }

    /// @return whether a call leaves alone what a copy writes; columns side by side in one matrix do not meet
    private static boolean isDisjoint(KernelCall call, KernelCall copy) {
        Block b = ((KernelCall.Copy) copy).block();
        return call instanceof KernelCall.Copy(Block other) && other.to().equals(b.to()) && other.toStep() == b.toStep()
                && other.toUnit() == 1 && areSideBySide(other, b)
                || !overlaps(call.writes(), copy.writes().getFirst());
    }

    private static boolean areSideBySide(Block x, Block y) {
        int step = x.toStep();
        int shift = Math.floorMod(y.toAt() - x.toAt(), step);
        return x.cols() <= shift && shift + y.cols() <= step;
    }

    /// @return what computes the copied columns of the result in their final place; empty if nothing can
    private static Optional<KernelCall> place(KernelCall call, Block copy, Memory result) {
        return switch (call) {
            case KernelCall.Product(Gemm g) -> {
                int column = copy.fromAt() - g.cOffset();
                boolean areColumns = copy.rows() == g.m() && copy.fromStep() == g.ldc() && column + copy.cols() <= g.n();
                yield areColumns && g.beta() == 0
                        ? Optional.of(new KernelCall.Product(columnsOf(g, column, copy))) : Optional.empty();
            }
            case KernelCall.Rows r -> {
                boolean isWhole = r.kind() == KernelCall.Rows.Kind.GATHER && copy.fromAt() == result.from()
                        && copy.rows() == r.count() && copy.cols() == r.target().dim(1) && copy.fromStep() == copy.cols();
                yield isWhole ? Optional.of(new KernelCall.Rows(r.kind(), r.source(), r.indices(), r.first(),
                        Tensor.wrap(Shape.of(copy.rows(), copy.cols()), copy.to(), copy.toAt()), copy.toStep()))
                        : Optional.empty();
            }
            default -> Optional.empty();
        };
    }

    private static Gemm columnsOf(Gemm g, int column, Block copy) {
        Operand[] operands = g.epilogue().operandList().stream().map(operand -> switch (operand.access()) {
            case FULL, ROW -> new Operand(operand.access(), operand.data(), operand.offset() + column,
                    operand.access() == Broadcast.FULL ? operand.ld() : 0);
            case COLUMN, SCALAR -> operand;
        }).toArray(Operand[]::new);
        return new Gemm(g.transA(), g.transB(), g.m(), copy.cols(), g.k(), g.alpha(), g.a(), g.aOffset(), g.lda(),
                g.b(), g.bOffset() + column * g.bColStride(), g.ldb(), 0, copy.to(), copy.toAt(), copy.toStep(),
                new Epilogue(g.epilogue().form().f(), operands));
    }
}
