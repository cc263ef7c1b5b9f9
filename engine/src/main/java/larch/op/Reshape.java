package larch.op;

import static larch.expr.Expr.arg;

import java.util.List;
import larch.tensor.Shape;
import larch.tensor.ShapeException;
import larch.tensor.Signature;

/// The same elements under another shape of the same size.   VJP: `X̄ += Ȳ`, reshaped back.
public final class Reshape implements Op {
    static final List<OpSpec> SPECS = List.of(OpSpec.sized("reshape", "the elements of X as [n,m]", "[m,n] -> [n,m]",
            (extents, _) -> new Reshape(extents.get("n"), extents.get("m")), Domain.ALL));

    private final Shape target;

    /// @param dims the new extents
    public Reshape(int... dims) {
        this.target = Shape.of(dims);
    }

    @Override
    public String name() {
        return "reshape";
    }

    @Override
    public Signature signature() {
        return Signature.parse("[m,n] -> [n,m]");
    }

    @Override
    public Shape resultShape(Shape... in) {
        if (in.length != 1 || in[0].size() != target.size()) {
            throw new ShapeException("reshape: to " + target + " needs one argument with " + target.size() + " elements; got "
                    + List.of(in));
        }
        return target;
    }

    @Override
    public void forward(Forward f) {
        f.backend().elementwise(arg(0), f.out(), f.in(0).reshape(target));
    }

    @Override
    public void backward(Vjp v) {
        v.add(0, dX -> v.backend().elementwise(arg(0), dX, v.cotangent().reshape(dX.shape())));
    }
}
