package larch.op;

import java.util.List;
import java.util.Map;
import larch.random.Draws;
import larch.tensor.Signature;

/// Rows of a table: `y_i = table[indices_i]`, `[r,n] -> [b,n]`.
///
/// VJP: `table[indices_i]‾ += ȳ_i`, which stays sparse: rows that were not gathered have no gradient. A row gathered
/// twice gets the sum. An embedding is a gather from its weights.
public final class GatherRows implements Op {
    static final List<OpSpec> SPECS = List.of(OpSpec.sized("gather_rows", "y_i = table[indices_i]", "[r,n] -> [b,n]",
            (extents, draws) -> new GatherRows(randomIndices(extents, draws)), Domain.ALL));

    private final int[] indices;

    /// @param indices which rows, each in `[0,r)`; kept, not copied
    public GatherRows(int... indices) {
        this.indices = indices;
    }

    private static int[] randomIndices(Map<String, Integer> extents, Draws draws) {
        int rows = extents.get("r");
        int[] indices = new int[rows == 0 ? 0 : extents.get("b")];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = draws.nextInt(rows);
        }
        return indices;
    }

    @Override
    public String name() {
        return "gather_rows";
    }

    @Override
    public Signature signature() {
        return Signature.parse("[r,n] -> [b,n]").with("b", indices.length);
    }

    @Override
    public void forward(Forward f) {
        f.backend().gatherRows(f.in(0), indices, f.out());
    }

    @Override
    public void backward(Vjp v) {
        v.addRows(0, indices, v.cotangent());
    }
}
