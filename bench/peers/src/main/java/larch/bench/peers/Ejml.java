package larch.bench.peers;

import larch.bench.workload.Product;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import org.ejml.concurrency.EjmlConcurrency;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.ejml.dense.row.CommonOps_MT_FDRM;

/// EJML: pure Java without vectors of its own.
final class Ejml implements GemmLibrary {
    private interface Multiply {
        FMatrixRMaj into(FMatrixRMaj a, FMatrixRMaj b, FMatrixRMaj c);
    }

    private final int threads;

    Ejml(int threads) {
        this.threads = threads;
        EjmlConcurrency.setMaxThreads(threads);
    }

    @Override
    public Ready prepare(Product product) {
        FMatrixRMaj a = matrix(product.a());
        FMatrixRMaj b = matrix(product.b());
        FMatrixRMaj c = new FMatrixRMaj(product.m(), product.n());
        Multiply multiply = threads == 1 ? onOneThread(product) : onAllThreads(product);
        return new Ready() {
            @Override
            public void run() {
                multiply.into(a, b, c);
            }

            @Override
            public Tensor result() {
                return Tensor.wrap(Shape.of(product.m(), product.n()), c.data.clone(), 0);
            }
        };
    }

    private static Multiply onOneThread(Product product) {
        return switch (product.name()) {
            case "sgemm-nn" -> CommonOps_FDRM::mult;
            case "sgemm-nt" -> CommonOps_FDRM::multTransB;
            case "sgemm-tn" -> CommonOps_FDRM::multTransA;
            default -> CommonOps_FDRM::multTransAB;
        };
    }

    private static Multiply onAllThreads(Product product) {
        return switch (product.name()) {
            case "sgemm-nn" -> CommonOps_MT_FDRM::mult;
            case "sgemm-nt" -> CommonOps_MT_FDRM::multTransB;
            case "sgemm-tn" -> CommonOps_MT_FDRM::multTransA;
            default -> CommonOps_MT_FDRM::multTransAB;
        };
    }

    private static FMatrixRMaj matrix(Tensor tensor) {
        return FMatrixRMaj.wrap(tensor.dim(0), tensor.dim(1), tensor.data().clone());
    }
}
