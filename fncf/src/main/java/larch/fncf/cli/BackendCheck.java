package larch.fncf.cli;

import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.gemm.Transpose;
import larch.random.Draws;
import larch.random.Rng;
import larch.tensor.Tensor;

/// Multiplies matrices on a backend and holds the product against the reference backend, which computes in
/// double.
final class BackendCheck {
    /// Not multiples of any vector width or tile, so that every edge is met.
    private static final int M = 131;
    private static final int N = 67;
    private static final int K = 259;
    private static final double UNIT_ROUNDOFF = 0x1p-24;

    private BackendCheck() {
    }

    /// @param backend a backend
    /// @return the largest error, as a multiple of what rounding allows; at most 1 if the backend is right
    static double worstError(Backend backend) {
        Draws draws = Rng.of(1).stream("devices/check").draws();
        Tensor a = random(M, K, draws);
        Tensor b = random(K, N, draws);
        Tensor got = product(backend, a, b);
        Tensor expected = product(new ReferenceBackend(), a, b);
        Tensor magnitude = product(new ReferenceBackend(), absolute(a), absolute(b));
        // Higham: |fl(AB) − AB| <= γ_k |A||B|, and one more rounding of the reference to float.
        double gamma = (K + 1) * UNIT_ROUNDOFF / (1 - (K + 1) * UNIT_ROUNDOFF);
        double worst = 0;
        for (int i = 0; i < got.size(); i++) {
            double error = Math.abs((double) got.data()[i] - expected.data()[i]) / (gamma * magnitude.data()[i]);
            worst = error <= worst ? worst : error;
        }
        return worst;
    }

    private static Tensor product(Backend backend, Tensor a, Tensor b) {
        Tensor c = Tensor.full(Float.NaN, a.dim(0), b.dim(1));
        backend.gemm(Transpose.NO, Transpose.NO, 1, a, b, 0, c);
        return c;
    }

    private static Tensor random(int rows, int cols, Draws draws) {
        Tensor tensor = Tensor.zeros(rows, cols);
        for (int i = 0; i < tensor.size(); i++) {
            tensor.data()[i] = draws.nextFloat() * 2 - 1;
        }
        return tensor;
    }

    private static Tensor absolute(Tensor tensor) {
        Tensor result = tensor.copy();
        for (int i = 0; i < result.size(); i++) {
            result.data()[i] = Math.abs(result.data()[i]);
        }
        return result;
    }
}
