package larch.opencl.backend;

import static larch.gemm.Transpose.NO;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import larch.opencl.OpenClDevice;
import larch.opencl.OpenClMachine;
import larch.opencl.ProcessStatus;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Opens and closes backends, each with a product on the device and one on visitors, and watches the process.
@Tag("opencl")
@Timeout(180)
class BackendLeakTest {
    private static final int ROUNDS = Integer.getInteger("larch.test.backends", 200);
    private static final int WARM_UP = 20;
    private static final long MOST_GROWTH_KIB = 40 << 10;
    private static final int EDGE = 64;

    @Test
    void closedBackendsLeaveNothingBehind() throws IOException {
        ProcessStatus.require();
        OpenClDevice device = OpenClMachine.devices().at(0);
        long memory = 0;
        long threads = 0;
        for (int round = 0; round < WARM_UP + ROUNDS; round++) {
            if (round == WARM_UP) {
                memory = ProcessStatus.nativeKib();
                threads = ProcessStatus.threads();
            }
            use(device, round);
        }
        long growth = ProcessStatus.nativeKib() - memory;
        long newThreads = ProcessStatus.threads() - threads;
        System.out.println("after " + ROUNDS + " backends: " + growth + " KiB and " + newThreads + " threads more");
        assertTrue(growth < MOST_GROWTH_KIB, () -> growth + " KiB more after " + ROUNDS + " backends");
        // The JVM's own compilers come and go.
        assertTrue(newThreads < 8, () -> newThreads + " threads more after " + ROUNDS + " backends");
    }

    private static void use(OpenClDevice device, int round) {
        var backend = new OpenClBackend(device, round % 2 == 0);
        try {
            Tensor a = Tensor.full(round, EDGE, EDGE);
            Tensor b = Tensor.full(1, EDGE, 1);
            Tensor visitor = Tensor.zeros(EDGE, 1);
            backend.gemm(NO, NO, 1, a, b, 0, visitor);
            assertEquals(0, backend.liveBlocks(), "a call must give back what its visitors used");
            Tensor resident = backend.allocate(visitor.shape());
            Tensor placedA = backend.place(a);
            Tensor placedB = backend.place(b);
            backend.gemm(NO, NO, 1, placedA, placedB, 0, resident);
            assertEquals(3, backend.liveBlocks());
            assertArrayEquals(visitor.toArray(), resident.toArray());
            assertEquals((float) round * EDGE, resident.get(EDGE - 1, 0));
        } finally {
            backend.close();
        }
        assertEquals(0, backend.liveBlocks(), "tensors must not keep what a closed backend lent");
    }
}
