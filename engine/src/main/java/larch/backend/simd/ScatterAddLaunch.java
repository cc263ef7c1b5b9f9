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
    private final Tensor out;
    private final float[][] args;
    private final int[] offsets;

    ScatterAddLaunch(ElementwiseCompiler kernels, Tensor rows, int[] indices, Tensor out) {
        add = kernels.get(SUM, ROW_AND_FULL, 1).kernel();
        this.rows = rows;
        this.indices = indices;
        this.out = out;
        args = new float[][] {out.data(), rows.data()};
        offsets = new int[] {out.offset(), rows.offset()};
    }

    @Override
    public void run() {
        add.run(null, null, args, offsets, indices, 0, indices.length, out.dim(1));
    }
}
