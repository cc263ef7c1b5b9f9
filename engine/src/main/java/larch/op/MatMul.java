package larch.op;

import java.util.List;
import larch.gemm.Transpose;
import larch.tensor.Signature;

/// `Y = op(A) · op(B)`.   VJP: `Ā += Ȳ · Bᵀ`,  `B̄ += Aᵀ · Ȳ`, and the like for transposed arguments.
public final class MatMul implements Op {
    /// `Y = A · B`, `[m,k] [k,n] -> [m,n]`.
    public static final MatMul MATMUL = new MatMul(Transpose.NO, Transpose.NO);
    /// `Y = A · Bᵀ`, `[m,k] [n,k] -> [m,n]`.
    public static final MatMul MATMUL_NT = new MatMul(Transpose.NO, Transpose.YES);
    /// `Y = Aᵀ · B`, `[k,m] [k,n] -> [m,n]`.
    public static final MatMul MATMUL_TN = new MatMul(Transpose.YES, Transpose.NO);

    static final List<OpSpec> SPECS = List.of(
            OpSpec.of(MATMUL, "Y = A·B", Domain.ALL, Domain.ALL),
            OpSpec.of(MATMUL_NT, "Y = A·Bᵀ", Domain.ALL, Domain.ALL),
            OpSpec.of(MATMUL_TN, "Y = Aᵀ·B", Domain.ALL, Domain.ALL));

    private final Transpose transA;
    private final Transpose transB;
    private final Signature signature;

    private MatMul(Transpose transA, Transpose transB) {
        this.transA = transA;
        this.transB = transB;
        this.signature = Signature.parse((transA.isTransposed() ? "[k,m] " : "[m,k] ")
                + (transB.isTransposed() ? "[n,k]" : "[k,n]") + " -> [m,n]");
    }

    @Override
    public String name() {
        return "matmul" + (transA.isTransposed() ? "_tn" : transB.isTransposed() ? "_nt" : "");
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public void forward(Forward f) {
        f.backend().gemm(transA, transB, 1, f.in(0), f.in(1), 0, f.out());
    }

    @Override
    public void backward(Vjp v) {
        Transpose no = Transpose.NO;
        Transpose yes = Transpose.YES;
        v.add(0, dA -> {
            if (transA.isTransposed()) {
                v.backend().gemm(no, yes, 1, v.in(1), v.cotangent(), 0, dA);
            } else {
                v.backend().gemm(no, transB.isTransposed() ? no : yes, 1, v.cotangent(), v.in(1), 0, dA);
            }
        });
        v.add(1, dB -> {
            if (transB.isTransposed()) {
                v.backend().gemm(yes, no, 1, v.cotangent(), v.in(0), 0, dB);
            } else {
                v.backend().gemm(transA.isTransposed() ? no : yes, no, 1, v.in(0), v.cotangent(), 0, dB);
            }
        });
    }
}
