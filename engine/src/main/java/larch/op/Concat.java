package larch.op;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import larch.backend.Backend;
import larch.backend.Block;
import larch.tensor.Shape;
import larch.tensor.ShapeException;
import larch.tensor.Signature;
import larch.tensor.Tensor;

/// Matrices side by side: `[m,n₀] [m,n₁] … -> [m, n₀+n₁+…]`.   VJP: each argument gets its columns of Ȳ.
public final class Concat implements Op {
    /// The op; it has no attributes and takes any number of matrices.
    public static final Concat CONCAT = new Concat();

    static final List<OpSpec> SPECS = List.of(OpSpec.sized("concat", "Y = [A, B, C], side by side", "[m,a] [m,b] [m,c] -> [m,d]",
            (_, _) -> CONCAT, Domain.ALL, Domain.ALL, Domain.ALL));

    private Concat() {
    }

    @Override
    public String name() {
        return "concat";
    }

    @Override
    public Signature signature() {
        return Signature.parse("[m,a] [m,b] [m,c] -> [m,d]");
    }

    @Override
    public Shape resultShape(Shape... in) {
        if (in.length == 0) {
            throw new ShapeException("concat: takes at least one argument");
        }
        int cols = 0;
        for (Shape shape : in) {
            if (shape.rank() != 2 || shape.dim(0) != in[0].dim(0)) {
                throw new ShapeException("concat: signature [m,a] [m,b] ... -> [m,a+b+...]; got "
                        + Stream.of(in).map(Shape::toString).collect(Collectors.joining(" "))
                        + ": every argument must be a matrix with as many rows as the first");
            }
            cols += shape.dim(1);
        }
        return Shape.of(in[0].dim(0), cols);
    }

    @Override
    public void forward(Forward f) {
        int at = 0;
        for (Tensor x : f.in()) {
            copyColumns(f.backend(), x, 0, f.out(), at, x.dim(1));
            at += x.dim(1);
        }
    }

    @Override
    public void backward(Vjp v) {
        int at = 0;
        for (int i = 0; i < v.in().length; i++) {
            int from = at;
            v.add(i, dX -> copyColumns(v.backend(), v.cotangent(), from, dX, 0, dX.dim(1)));
            at += v.in(i).dim(1);
        }
    }

    static void copyColumns(Backend backend, Tensor from, int fromCol, Tensor to, int toCol, int cols) {
        backend.copyBlock(new Block(to.dim(0), cols, from.buffer(), from.offset() + fromCol, from.dim(1), 1,
                to.buffer(), to.offset() + toCol, to.dim(1), 1));
    }
}
