package larch.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import larch.bench.workload.Product;
import larch.tensor.Tensor;

/// Deep Java Library on PyTorch. Its product makes a new array each time, as all of its operations do.
final class Djl implements GemmLibrary {
    private final NDManager manager;

    Djl(int threads) {
        useThreads(threads);
        manager = NDManager.newBaseManager("PyTorch");
    }

    /// Must be said before the engine is loaded.
    static void useThreads(int threads) {
        System.setProperty("ai.djl.pytorch.num_threads", String.valueOf(threads));
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
    }

    static NDArray array(NDManager manager, Tensor tensor) {
        long[] dims = new long[tensor.shape().rank()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = tensor.dim(i);
        }
        return manager.create(tensor.data(), new Shape(dims));
    }

    @Override
    public Ready prepare(Product product) {
        NDArray a = array(manager, product.a());
        NDArray b = array(manager, product.b());
        NDArray opA = product.transA().isTransposed() ? a.transpose() : a;
        NDArray opB = product.transB().isTransposed() ? b.transpose() : b;
        return new Ready() {
            @Override
            public void run() {
                opA.matMul(opB).close();
            }

            @Override
            public Tensor result() {
                try (NDArray c = opA.matMul(opB)) {
                    return Tensor.wrap(larch.tensor.Shape.of(product.m(), product.n()), c.toFloatArray(), 0);
                }
            }
        };
    }

    @Override
    public void close() {
        manager.close();
    }
}
