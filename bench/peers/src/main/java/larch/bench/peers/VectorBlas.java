package larch.bench.peers;

import dev.ludovic.netlib.blas.JavaBLAS;
import larch.bench.workload.Product;
import larch.gemm.Transpose;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// VectorBLAS of netlib: pure Java on the Vector API, one thread, column-major.
final class VectorBlas implements GemmLibrary {
    private final JavaBLAS blas = JavaBLAS.getInstance();

    VectorBlas() {
        if (!blas.getClass().getSimpleName().equals("VectorBLAS")) {
            throw new IllegalStateException("netlib chose " + blas.getClass().getSimpleName() + " instead of VectorBLAS");
        }
    }

    /// Read by columns, row-major matrices are their transposes: `Cᵀ = op(B)ᵀ·op(A)ᵀ`.
    @Override
    public Ready prepare(Product product) {
        Tensor a = product.a();
        Tensor b = product.b();
        Tensor c = Tensor.zeros(product.m(), product.n());
        return new Ready() {
            @Override
            public void run() {
                blas.sgemm(code(product.transB()), code(product.transA()), product.n(), product.m(), product.k(),
                        1, b.data(), b.dim(1), a.data(), a.dim(1), 0, c.data(), product.n());
            }

            @Override
            public Tensor result() {
                return Tensor.wrap(Shape.of(product.m(), product.n()), c.data().clone(), 0);
            }
        };
    }

    private static String code(Transpose transpose) {
        return transpose.isTransposed() ? "T" : "N";
    }
}
