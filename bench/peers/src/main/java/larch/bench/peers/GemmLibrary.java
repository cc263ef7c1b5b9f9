package larch.bench.peers;

import larch.bench.workload.Product;
import larch.tensor.Tensor;

/// A library that multiplies matrices.
interface GemmLibrary extends AutoCloseable {
    /// A product that is ready to be computed again and again.
    interface Ready {
        /// Computes it once.
        void run();

        /// @return the last result, `[M,N]`; a copy
        Tensor result();
    }

    /// Brings the operands into the form that suits the library best.
    /// @param product what to multiply
    /// @return the product, ready
    Ready prepare(Product product);

    @Override
    default void close() {
    }
}
