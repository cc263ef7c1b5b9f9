package larch.op;

import static larch.expr.Expr.ZERO;

import java.util.List;
import larch.tensor.Shape;
import larch.tensor.ShapeException;
import larch.tensor.Signature;

/// Columns `from` (inclusive) to `to` (exclusive) of a matrix: `[m,n] -> [m,to−from]`.
///
/// VJP: Ȳ goes to those columns, 0 to the others.
public final class Slice implements Op {
    static final List<OpSpec> SPECS = List.of(OpSpec.sized("slice", "Y = X[:, from:to]", "[m,n] -> [m,s]",
            (extents, _) -> new Slice(extents.get("n") / 3, extents.get("n") - extents.get("n") / 4), Domain.ALL));

    private final int from;
    private final int to;

    /// @param from first column
    /// @param to   one past the last column
    public Slice(int from, int to) {
        if (from < 0 || to < from) {
            throw new ShapeException("slice: expected 0 <= from <= to, got " + from + " and " + to);
        }
        this.from = from;
        this.to = to;
    }

    @Override
    public String name() {
        return "slice";
    }

    @Override
    public Signature signature() {
        return Signature.parse("[m,n] -> [m,s]").with("s", to - from);
    }

    @Override
    public Shape resultShape(Shape... in) {
        Shape result = Op.super.resultShape(in);
        if (to > in[0].dim(1)) {
            throw new ShapeException("slice: columns [" + from + "," + to + ") of " + in[0]);
        }
        return result;
    }

    @Override
    public void forward(Forward f) {
        Concat.copyColumns(f.backend(), f.in(0), from, f.out(), 0, to - from);
    }

    @Override
    public void backward(Vjp v) {
        v.add(0, dX -> {
            v.backend().elementwise(ZERO, dX);
            Concat.copyColumns(v.backend(), v.cotangent(), 0, dX, from, to - from);
        });
    }
}
