package larch.backend.rowwise;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import larch.backend.Block;
import larch.backend.KernelCall;
import larch.backend.Memory;
import larch.expr.Expr;
import larch.gemm.Gemm;
import larch.gemm.Operand;
import larch.tensor.Axis;
import larch.tensor.Broadcast;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// A call whose rows can be computed one by one: row `i` of the result depends on row `i` of some arguments and on others
/// as a whole, such as weights.
public final class RowCall {
    private final KernelCall call;
    private final int rows;
    private final List<RowWindow> windows = new ArrayList<>();
    private final List<Memory> wholes = new ArrayList<>();

    private RowCall(KernelCall call, int rows) {
        this.call = call;
        this.rows = rows;
    }

    /// @param call any call
    /// @return how many rows its result has, if each of them can be computed alone; else 0
    public static int rows(KernelCall call) {
        return switch (call) {
            case KernelCall.Product(Gemm g) -> g.m();
            case KernelCall.Elementwise e -> e.walked().rows();
            case KernelCall.Reduce r -> r.axis() == Axis.COLUMNS ? r.walked().rows() : 0;
            case KernelCall.Rows r -> r.kind() == KernelCall.Rows.Kind.GATHER ? r.count() : 0;
            case KernelCall.Copy(Block b) -> b.rows();
            case KernelCall.Draw d -> d.out().shape().rows();
            case KernelCall.RowUpdate _, KernelCall.SparseProduct _, KernelCall.SeriesRow _, KernelCall.Host _ -> 0;
        };
    }

    /// @param call any call
    /// @return the same by rows; empty if they cannot be computed one by one
    public static Optional<RowCall> of(KernelCall call) {
        int rows = rows(call);
        if (rows == 0) {
            return Optional.empty();
        }
        RowCall byRows = new RowCall(call, rows);
        switch (call) {
            case KernelCall.Product(Gemm g) -> byRows.product(g);
            case KernelCall.Elementwise e -> {
                e.outs().forEach(out -> byRows.write(out, e.walked().cols()));
                byRows.read(e.fs(), e.walked(), e.args());
            }
            case KernelCall.Reduce r -> {
                byRows.write(r.out(), 1);
                byRows.read(List.of(r.f()), r.walked(), r.args());
            }
            case KernelCall.Rows r -> {
                byRows.wholes.add(Memory.of(r.source()));
                byRows.window(r.target(), r.step(), r.target().dim(1), true);
            }
            case KernelCall.Copy(Block b) -> {
                byRows.windows.add(new RowWindow(b.from(), b.fromAt(), rows, b.fromStep(), b.cols(), b.fromUnit(), false));
                byRows.windows.add(new RowWindow(b.to(), b.toAt(), rows, b.toStep(), b.cols(), b.toUnit(), true));
            }
            case KernelCall.Draw d -> byRows.write(d.out(), d.out().shape().cols());
            case KernelCall.RowUpdate _, KernelCall.SparseProduct _, KernelCall.SeriesRow _, KernelCall.Host _ ->
                throw new AssertionError(call);
        }
        return Optional.of(byRows);
    }

    private void product(Gemm g) {
        windows.add(new RowWindow(g.a(), g.aOffset(), g.m(), g.aRowStride(), g.k(), g.aColStride(), false));
        windows.add(new RowWindow(g.c(), g.cOffset(), g.m(), g.ldc(), g.n(), 1, true));
        int stored = g.transB().isTransposed() ? g.n() : g.k();
        int length = g.transB().isTransposed() ? g.k() : g.n();
        wholes.add(new Memory(g.b(), g.bOffset(),
                stored == 0 || length == 0 ? g.bOffset() : g.bOffset() + (stored - 1) * g.ldb() + length));
        for (Operand operand : g.epilogue().operandList()) {
            switch (operand.access()) {
                case FULL -> windows.add(
                        new RowWindow(operand.data(), operand.offset(), g.m(), operand.ld(), g.n(), 1, false));
                case COLUMN -> windows.add(new RowWindow(operand.data(), operand.offset(), g.m(), 1, 1, 1, false));
                case ROW -> wholes.add(new Memory(operand.data(), operand.offset(), operand.offset() + g.n()));
                case SCALAR -> wholes.add(new Memory(operand.data(), operand.offset(), operand.offset() + 1));
            }
        }
    }

    private void read(List<Expr> fs, Shape walked, List<Tensor> args) {
        for (int i = 0; i < args.size(); i++) {
            int argument = i;
            if (fs.stream().anyMatch(f -> f.reads(argument))) {
                switch (Broadcast.of(walked, args.get(i).shape())) {
                    case FULL -> window(args.get(i), walked.cols(), walked.cols(), false);
                    case COLUMN -> window(args.get(i), 1, 1, false);
                    case ROW, SCALAR -> wholes.add(Memory.of(args.get(i)));
                }
            }
        }
    }

    private void write(Tensor out, int cols) {
        window(out, cols, cols, true);
    }

    private void window(Tensor tensor, int step, int cols, boolean isWritten) {
        windows.add(new RowWindow(tensor.buffer(), tensor.offset(), rows, step, cols, 1, isWritten));
    }

    /// @return the call
    public KernelCall call() {
        return call;
    }

    /// @return number of rows of the result
    public int rows() {
        return rows;
    }

    /// @param later a call with as many rows
    /// @return whether each row of that call needs, of what this one touches, the same row alone: then both may be done row by
    ///         row, one after the other
    public boolean chainsTo(RowCall later) {
        return windows.stream().allMatch(mine -> later.windows.stream().allMatch(
                        theirs -> !(mine.isWritten() || theirs.isWritten()) || mine.keepsToRowsOf(theirs)))
                && !writesWholesOf(later) && !later.writesWholesOf(this);
    }

    /// @param memory any memory
    /// @return whether the call reads it as a whole at most: the same for each of its rows
    public boolean readsAsWhole(Memory memory) {
        return windows.stream().noneMatch(window -> window.memory().overlaps(memory));
    }

    private boolean writesWholesOf(RowCall other) {
        return windows.stream().anyMatch(mine -> mine.isWritten()
                && other.wholes.stream().anyMatch(mine.memory()::overlaps));
    }

    /// @param later a call that this one [chains to][#chainsTo]
    /// @return whether a row of that call must wait for the same row of this one
    public boolean mustPrecede(RowCall later) {
        return windows.stream().anyMatch(mine -> later.windows.stream().anyMatch(
                theirs -> (mine.isWritten() || theirs.isWritten()) && mine.meets(theirs)));
    }
}
