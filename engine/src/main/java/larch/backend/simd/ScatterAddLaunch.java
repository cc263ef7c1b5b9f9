package larch.backend.simd;

import larch.expr.Expr;
import larch.tensor.Broadcast;
import larch.tensor.Tensor;

/// Rows added to rows of a table. One thread: rows may repeat, and their order of addition is part of the contract.
final class ScatterAddLaunch implements Runnable {
    private static final Expr[] SUM = {Expr.add(Expr.arg(0), Expr.arg(1))};
    private static final Broadcast[] ROW_AND_FULL = {Broadcast.FULL, Broadcast.FULL};

    private final ElementwiseKernel add;
    private final Tensor rows;
    private final int[] indices;
    private final int first;
    private final int count;
    private final Tensor out;
    private final float[][] args;
    private final int[] offsets;

    ScatterAddLaunch(ElementwiseCompiler kernels, Tensor rows, int[] indices, int first, int count, Tensor out) {
        add = kernels.get(SUM, ROW_AND_FULL, 1).kernel();
        this.rows = rows;
        this.indices = indices;
        this.first = first;
        this.count = count;
        this.out = out;
        args = new float[][] {out.data(), rows.data()};
        offsets = new int[] {out.offset(), rows.offset()};
    }

    @Override
    public void run() {
        add.run(null, null, args, offsets, indices, first, count, out.dim(1));
    }
}
