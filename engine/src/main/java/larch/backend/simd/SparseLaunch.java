package larch.backend.simd;

import java.util.Arrays;
import larch.expr.Expr;
import larch.parallel.ThreadTeam;
import larch.tensor.Broadcast;
import larch.tensor.CsrMatrix;
import larch.tensor.Tensor;

/// `out ← S · dense` or `out ← Sᵀ · dense`: scaled rows of the dense factor, summed. The transposed product adds to rows
/// of the result in the order of S, so it stays on one thread.
final class SparseLaunch implements Runnable, ThreadTeam.Task {
    private static final Expr[] SCALED = {Expr.mul(Expr.arg(0), Expr.arg(1))};
    private static final Broadcast[] SCALED_ACCESS = {Broadcast.SCALAR, Broadcast.FULL};
    private static final Expr[] SCALED_SUM = {Expr.fma(Expr.arg(0), Expr.arg(1), Expr.arg(2))};
    private static final Broadcast[] SCALED_SUM_ACCESS = {Broadcast.SCALAR, Broadcast.FULL, Broadcast.FULL};
    private static final int STEPS = 4;

    private final ThreadTeam team;
    private final CsrMatrix sparse;
    private final boolean transposed;
    private final Tensor dense;
    private final Tensor out;
    private final ElementwiseKernel scaled;
    private final ElementwiseKernel scaledSum;
    private final float[][] outs;
    private final float[][] args;
    private final int[][] outOffsets;
    private final int[][] offsets;

    SparseLaunch(ThreadTeam team, ElementwiseCompiler kernels, CsrMatrix sparse, boolean transposed, Tensor dense, Tensor out) {
        this.team = team;
        this.sparse = sparse;
        this.transposed = transposed;
        this.dense = dense;
        this.out = out;
        scaled = kernels.get(SCALED, SCALED_ACCESS, 0).kernel();
        scaledSum = kernels.get(SCALED_SUM, SCALED_SUM_ACCESS, 0).kernel();
        outs = new float[][] {out.data()};
        args = new float[][] {sparse.values(), dense.data(), out.data()};
        int parts = transposed ? 1
                : Work.parts(team, sparse.rows(), (long) sparse.values().length * dense.dim(1) * STEPS);
        outOffsets = new int[parts][1];
        offsets = new int[parts][3];
    }

    @Override
    public void run() {
        if (transposed) {
            Arrays.fill(out.data(), out.offset(), out.offset() + out.size(), 0);
        }
        team.run(offsets.length, this);
    }

    @Override
    public void run(int part) {
        int to = ThreadTeam.bound(sparse.rows(), 1, part + 1, offsets.length);
        for (int i = ThreadTeam.bound(sparse.rows(), 1, part, offsets.length); i < to; i++) {
            int first = sparse.rowPointers()[i];
            int last = sparse.rowPointers()[i + 1];
            if (transposed) {
                for (int e = first; e < last; e++) {
                    add(part, scaledSum, e, i, sparse.columns()[e]);
                }
            } else if (first == last) {
                int at = out.offset() + i * out.dim(1);
                Arrays.fill(out.data(), at, at + out.dim(1), 0);
            } else {
                for (int e = first; e < last; e++) {
                    add(part, e == first ? scaled : scaledSum, e, sparse.columns()[e], i);
                }
            }
        }
    }

    private void add(int part, ElementwiseKernel kernel, int element, int denseRow, int outRow) {
        int n = out.dim(1);
        int at = out.offset() + outRow * n;
        outOffsets[part][0] = at;
        offsets[part][0] = element;
        offsets[part][1] = dense.offset() + denseRow * n;
        offsets[part][2] = at;
        kernel.run(outs, outOffsets[part], args, offsets[part], null, 0, 1, n);
    }
}
