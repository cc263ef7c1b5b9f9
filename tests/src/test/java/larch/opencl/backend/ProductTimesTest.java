package larch.opencl.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import larch.gemm.Transpose;
import larch.opencl.OpenClMachine;
import larch.opencl.runtime.KernelTimes;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The table of times has the rates of products.
@Tag("opencl")
class ProductTimesTest {
    @Test
    void productsHaveRates() {
        try (var backend = new OpenClBackend(OpenClMachine.devices().at(0), true)) {
            Tensor c = backend.allocate(Shape.of(10, 30));
            Tensor a = backend.allocate(Shape.of(10, 20));
            Tensor b = backend.allocate(Shape.of(20, 30));
            for (int i = 0; i < 3; i++) {
                backend.gemm(Transpose.NO, Transpose.NO, 1, a, b, 0, c);
            }
            KernelTimes.Row row = backend.times().rows().getFirst();
            assertEquals(new KernelTimes.Row("gemm_direct", 3, row.nanos(), 3 * 2 * 10 * 20 * 30,
                    3 * 4 * (10 * 20 + 20 * 30 + 10 * 30)), row);
            String line = backend.kernelTimes().lines().skip(1).findFirst().orElseThrow();
            assertTrue(line.matches("gemm_direct .* \\d+\\.\\d\\d +\\d+\\.\\d\\d"), line);
        }
    }
}
