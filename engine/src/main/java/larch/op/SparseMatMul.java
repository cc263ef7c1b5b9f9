package larch.op;

import java.util.List;
import java.util.Map;
import larch.random.Draws;
import larch.tensor.CsrMatrix;
import larch.tensor.Signature;

/// Sums of gathered rows: `Y = S · W` for a constant sparse S, `[k,n] -> [m,n]`.
///
/// With 0/1 entries each result row is the sum of the weights of the features that are present: a linear layer on
/// multi-hot input. VJP: `W̄ += Sᵀ · Ȳ`.
public final class SparseMatMul implements Op {
    static final List<OpSpec> SPECS = List.of(OpSpec.sized("sparse_matmul", "Y = S·W, S sparse and constant", "[k,n] -> [m,n]",
            (extents, draws) -> new SparseMatMul(randomMatrix(extents, draws)), Domain.ALL));

    private final CsrMatrix sparse;

    /// @param sparse S, `[m,k]`
    public SparseMatMul(CsrMatrix sparse) {
        this.sparse = sparse;
    }

    private static CsrMatrix randomMatrix(Map<String, Integer> extents, Draws draws) {
        int rows = extents.get("m");
        int cols = extents.get("k");
        int perRow = Math.min(cols, 3);
        int[] pointers = new int[rows + 1];
        int[] columns = new int[rows * perRow];
        float[] values = new float[rows * perRow];
        for (int i = 0; i < rows; i++) {
            pointers[i + 1] = pointers[i] + (perRow == 0 ? 0 : draws.nextInt(perRow + 1));
        }
        for (int e = 0; e < pointers[rows]; e++) {
            columns[e] = draws.nextInt(cols);
            values[e] = draws.nextInt(5) - 2;
        }
        return new CsrMatrix(rows, cols, pointers, columns, values);
    }

    @Override
    public String name() {
        return "sparse_matmul";
    }

    @Override
    public Signature signature() {
        return Signature.parse("[k,n] -> [m,n]").with("k", sparse.cols()).with("m", sparse.rows());
    }

    @Override
    public void forward(Forward f) {
        f.backend().sparseMatmul(sparse, f.in(0), f.out());
    }

    @Override
    public void backward(Vjp v) {
        v.add(0, dW -> v.backend().sparseTransposedMatmul(sparse, v.cotangent(), dW));
    }
}
