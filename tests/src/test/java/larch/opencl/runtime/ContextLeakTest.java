package larch.opencl.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import larch.opencl.ContextReferences;
import larch.opencl.ProcessStatus;
import org.jocl.CL;
import org.jocl.cl_context;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Opens and closes many times what a backend opens, uses it, and watches the native memory of the process.
@Tag("opencl")
@Timeout(120)
class ContextLeakTest {
    private static final int ROUNDS = Integer.getInteger("larch.test.contexts", 200);
    private static final int WARM_UP = 20;
    private static final long MOST_GROWTH_KIB = 40 << 10;

    @Test
    void openingAndClosingLeavesNothingBehind() throws IOException {
        ProcessStatus.require();
        long before = 0;
        for (int round = 0; round < WARM_UP + ROUNDS; round++) {
            if (round == WARM_UP) {
                before = ProcessStatus.nativeKib();
            }
            use(round);
        }
        long growth = ProcessStatus.nativeKib() - before;
        System.out.println("native memory after " + ROUNDS + " contexts: " + growth + " KiB more");
        assertTrue(growth < MOST_GROWTH_KIB, () -> growth + " KiB more after " + ROUNDS + " contexts");
    }

    @Test
    void nothingHoldsAClosedContext() throws InterruptedException {
        var on = new Opened();
        cl_context context = on.context.handle();
        CL.clRetainContext(context);
        use(on, 0);
        compute(on);
        assertTrue(ContextReferences.of(context) > 1);
        on.close();
        ContextReferences.await(1, context, "close() must release everything");
        CL.clReleaseContext(context);
    }

    private static void use(int round) {
        try (var on = new Opened(round % 2 == 0)) {
            use(on, round);
            // Programs take most of the time.
            if (round % 8 == 0) {
                compute(on);
            }
        }
    }

    /// A megabyte of the device that is written and forgotten, and pinned memory in both directions.
    private static void use(Opened on, int round) {
        try (var small = new Transfers(on.context, 1 << 16, 2)) {
            DeviceMemory x = on.pool.take(1 << 20);
            small.fill(x, 0, 1 << 18, 1);
            small.write(new float[] {round}, 0, x, 0, 1);
            float[] result = new float[2];
            small.read(x, 0, result, 0, 2);
            assertArrayEquals(new float[] {round, 1}, result);
        }
    }

    /// A program and two kernel objects, one of them forgotten.
    private static void compute(Opened on) {
        DeviceMemory x = on.upload(2);
        on.launcher.launch(on.launch("spin", 1, 1), x, 1);
        on.launcher.prepare(on.launch("spin", 1, 1), x, 1).run();
        assertArrayEquals(new float[] {2}, on.download(x));
    }
}
