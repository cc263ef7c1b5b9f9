package larch.op;

import java.util.List;
import larch.backend.Backend;
import larch.backend.Block;
import larch.tensor.Signature;
import larch.tensor.Tensor;

/// `Y = Xᵀ`.   VJP: `X̄ += Ȳᵀ`. A product with a transposed matrix needs no copy: see [MatMul#MATMUL_NT].
public final class TransposeMatrix implements Op {
    /// The op; it has no attributes.
    public static final TransposeMatrix TRANSPOSE = new TransposeMatrix();

    static final List<OpSpec> SPECS = List.of(OpSpec.of(TRANSPOSE, "Y = Xᵀ", Domain.ALL));

    private TransposeMatrix() {
    }

    @Override
    public String name() {
        return "transpose";
    }

    @Override
    public Signature signature() {
        return Signature.parse("[m,n] -> [n,m]");
    }

    @Override
    public void forward(Forward f) {
        transpose(f.backend(), f.in(0), f.out());
    }

    @Override
    public void backward(Vjp v) {
        v.add(0, dX -> transpose(v.backend(), v.cotangent(), dX));
    }

    private static void transpose(Backend backend, Tensor from, Tensor to) {
        backend.copyBlock(new Block(to.dim(0), to.dim(1), from.buffer(), from.offset(), 1, from.dim(1),
                to.buffer(), to.offset(), to.dim(1), 1));
    }
}
