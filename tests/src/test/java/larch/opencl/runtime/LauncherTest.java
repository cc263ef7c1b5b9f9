package larch.opencl.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import larch.opencl.OpenClException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("opencl")
@Timeout(60)
class LauncherTest {
    private static final int THREADS = 8;
    private final Opened on = new Opened();

    @AfterEach
    void close() {
        on.close();
    }

    @Test
    void argumentsOfEveryTypeArrive() {
        DeviceMemory x = on.upload(1, 2, 3, 4);
        DeviceMemory y = on.upload(10, 20, 30, 40);
        on.launcher.launch(on.launch("axpy", 3, 2), x, y, 0.5f, 3);
        on.launcher.launch(on.launch("reverse_group", 4, 2), x, LocalMemory.floats(2));
        assertArrayEquals(new float[] {10.5f, 21, 31.5f, 40}, on.download(y));
        assertArrayEquals(new float[] {2, 1, 4, 3}, on.download(x));

        DeviceMemory counts = on.pool.take(3 * Integer.BYTES);
        on.transfers.write(new int[] {7, 8, 9}, 0, counts, 0, 3);
        on.launcher.launch(on.launch("add_one", 3, 4), counts, 2L);
        int[] result = new int[3];
        on.transfers.read(counts, 0, result, 0, 3);
        assertArrayEquals(new int[] {8, 9, 9}, result);
    }

    @Test
    void aPreparedLaunchRunsAgainWithChangedArguments() {
        DeviceMemory x = on.upload(1, 2);
        DeviceMemory y = on.upload(0, 0);
        DeviceMemory z = on.upload(0, 0);
        try (PreparedLaunch launch = on.launcher.prepare(on.launch("axpy", 2, 2), x, y, 1.0f, 2)) {
            // Other launches of the same function must not touch its arguments.
            on.launcher.launch(on.launch("axpy", 2, 2), x, z, 100.0f, 2);
            launch.run();
            launch.run();
            launch.set(2, 10.0f);
            launch.run();
            assertArrayEquals(new float[] {12, 24}, on.download(y));
            launch.set(1, z);
            launch.run();
            assertArrayEquals(new float[] {110, 220}, on.download(z));
            on.pool.giveBack(z);
            assertThrows(IllegalStateException.class, launch::run);
        }
        assertEquals(2, on.launcher.kernelObjects());
        try (PreparedLaunch again = on.launcher.prepare(on.launch("axpy", 2, 2), x, y, 1.0f, 2)) {
            again.run();
        }
        assertEquals(2, on.launcher.kernelObjects(), "a closed launch's kernel object is used again");
    }

    @Test
    void threadsDoNotMixTheirArguments() throws Exception {
        int launches = 300;
        List<DeviceMemory> sums = IntStream.range(0, THREADS).mapToObj(t -> on.upload(0, 0, 0, 0)).toList();
        DeviceMemory one = on.upload(1, 1, 1, 1);
        Launch launch = on.launch("axpy", 4, 4);
        var start = new CountDownLatch(1);
        // Twice as many threads as are alive at once: the later ones take over kernel objects of ended threads.
        for (int generation = 0; generation < 2; generation++) {
            try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
                List<Future<?>> futures = new ArrayList<>();
                for (int t = 0; t < THREADS; t++) {
                    int thread = t;
                    futures.add(threads.submit(() -> {
                        start.await();
                        for (int i = 0; i < launches; i++) {
                            on.launcher.launch(launch, one, sums.get(thread), (float) (thread + 1), 4);
                        }
                        return null;
                    }));
                }
                start.countDown();
                for (Future<?> future : futures) {
                    future.get();
                }
            }
        }
        for (int t = 0; t < THREADS; t++) {
            float sum = 2 * launches * (t + 1);
            assertArrayEquals(new float[] {sum, sum, sum, sum}, on.download(sums.get(t)), "thread " + t);
        }
        assertTrue(on.launcher.kernelObjects() <= THREADS, () -> on.launcher.kernelObjects() + " kernel objects");
    }

    @Test
    void aPreparedLaunchThatIsForgottenGivesItsKernelObjectBack() throws InterruptedException {
        DeviceMemory x = on.upload(1);
        on.launcher.prepare(on.launch("spin", 1, 1), x, 1);
        long deadline = System.nanoTime() + 10_000_000_000L;
        boolean back = false;
        while (!back && System.nanoTime() < deadline) {
            System.gc();
            Thread.sleep(10);
            int before = on.launcher.kernelObjects();
            on.launcher.launch(on.launch("spin", 1, 1), x, 1);
            back = on.launcher.kernelObjects() == before;
            if (before > 1) {
                break;
            }
        }
        assertTrue(back, "the kernel object of the forgotten launch is not used again");
    }

    @Test
    void aGroupThatIsTooLargeIsToldTheLimits() {
        DeviceMemory x = on.upload(1);
        long limit = on.context.device().info().maxWorkGroupSize();
        var error = assertThrows(OpenClException.class,
                () -> on.launcher.launch(on.launch("spin", 2 * limit, 2 * limit), x, 1));
        String message = error.getMessage();
        assertTrue(message.startsWith("opencl: launch kernel 'spin' of tests.cl, " + 2 * limit + " in groups of "
                + 2 * limit + " (groups of " + 2 * limit + " work-items; the device allows " + limit + ", this kernel "),
                message);
        assertTrue(message.contains(" on " + on.context.device()), message);
        assertTrue(message.endsWith("CL_INVALID_WORK_GROUP_SIZE"), message);
    }

    @Test
    void wrongArgumentsAreRefusedBeforeTheyRun() {
        DeviceMemory x = on.upload(1);
        Launch spin = on.launch("spin", 1, 1);
        refused(() -> on.launcher.launch(spin, x), "kernel 'spin' of tests.cl takes 2 arguments, got 1");
        refused(() -> on.launcher.launch(spin, x, 1.5), "argument 1 of kernel 'spin' of tests.cl must be DeviceMemory, "
                + "LocalMemory, int, long or float, got Double 1.5");
        refused(() -> on.launcher.launch(spin, null, 1), "got null");
        try (PreparedLaunch prepared = on.launcher.prepare(spin, x, 1)) {
            refused(() -> prepared.set(2, 1), "takes 2 arguments, counted from 0, got index 2");
        }
        var size = assertThrows(OpenClException.class, () -> on.launcher.launch(spin, x, 1L));
        assertTrue(size.getMessage().contains("set argument 1 of kernel 'spin' of tests.cl to Long 1"),
                size.getMessage());
        try (var other = new Opened()) {
            DeviceMemory foreign = other.upload(1);
            refused(() -> on.launcher.launch(spin, foreign, 1), "is memory of another context");
            refused(() -> other.launcher.launch(spin, foreign, 1), "is of a program for another context");
        }
        on.pool.giveBack(x);
        assertThrows(IllegalStateException.class, () -> on.launcher.launch(spin, x, 1));
    }

    private static void refused(Runnable call, String message) {
        var error = assertThrows(IllegalArgumentException.class, call::run);
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }

    @Test
    void afterClosingEverythingIsRefusedAndClosingAgainIsHarmless() {
        DeviceMemory x = on.upload(1);
        Launch spin = on.launch("spin", 1, 1);
        PreparedLaunch prepared = on.launcher.prepare(spin, x, 1);
        on.launcher.close();
        assertThrows(IllegalStateException.class, prepared::run);
        assertThrows(IllegalStateException.class, () -> on.launcher.launch(spin, x, 1));
        prepared.close();
        on.close();
        on.close();
        assertThrows(IllegalStateException.class, x::handle);
        assertThrows(IllegalStateException.class, () -> on.context.queue());
    }

    @Test
    void rangesCoverAndAreChecked() {
        assertEquals("192 in groups of 64", NdRange.covering(130, 64).toString());
        assertEquals("32 x 24 in groups of 16 x 8", NdRange.covering(17, 24, 16, 8).toString());
        for (long[][] bad : new long[][][] {{{0}, {1}}, {{8}, {3}}, {{8}, {0}}, {{8, 8}, {8}}, {{}, {}},
            {{1, 1, 1, 1}, {1, 1, 1, 1}}}) {
            assertThrows(IllegalArgumentException.class, () -> NdRange.of(bad[0], bad[1]));
        }
        assertThrows(IllegalArgumentException.class, () -> NdRange.covering(8, 0));
    }
}
