package larch.opencl.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import larch.opencl.OpenClException;
import org.jocl.CL;
import org.jocl.cl_event;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("opencl")
@Timeout(60)
class TransfersTest {
    private static final int CHUNK = 1024;
    private final Opened on = new Opened();
    /// A ring so small that every test goes round it.
    private final Transfers small = new Transfers(on.context, CHUNK, 3);

    @AfterEach
    void close() {
        small.close();
        on.close();
    }

    @Test
    void everyLengthAndOffsetComesBack() {
        for (int n : new int[] {0, 1, 15, 16, 17, 255, 256, 257, 511, 513, 5000}) {
            float[] values = new float[n + 7];
            for (int i = 0; i < values.length; i++) {
                values[i] = i * 0.37f - n;
            }
            DeviceMemory memory = on.pool.take((n + 5L) * Float.BYTES);
            small.fill(memory, 0, n + 5, -1);
            small.write(values, 7, memory, 3, n);
            float[] expected = new float[n + 9];
            Arrays.fill(expected, 2, n + 7, -1);
            System.arraycopy(values, 7, expected, 5, n);
            float[] all = new float[n + 9];
            small.read(memory, 0, all, 2, n + 5);
            assertArrayEquals(expected, all, "n = " + n);
            float[] part = new float[n];
            on.transfers.read(memory, 3, part, 0, n);
            assertArrayEquals(Arrays.copyOfRange(values, 7, 7 + n), part, "n = " + n);
            on.pool.giveBack(memory);
        }
        assertTrue(small.stagingChunks() <= 3, () -> small.stagingChunks() + " chunks");
    }

    @Test
    void integersCopiesAndFills() {
        int[] values = {Integer.MIN_VALUE, -1, 0, 1, Integer.MAX_VALUE};
        DeviceMemory a = on.pool.take(values.length * Integer.BYTES);
        DeviceMemory b = on.pool.take(values.length * Integer.BYTES);
        small.write(values, 0, a, 0, values.length);
        small.fill(b, 0, 5, 0);
        small.copy(a, 3, b, 1, 2);
        small.copy(a, 0, b, 0, 0);
        small.fill(a, 1, 2, 1.0f);
        small.fill(a, 0, 0, 9);
        int[] result = new int[5];
        small.read(b, 0, result, 0, 5);
        assertArrayEquals(new int[] {0, 1, Integer.MAX_VALUE, 0, 0}, result);
        small.read(a, 0, result, 0, 5);
        int one = Float.floatToRawIntBits(1);
        assertArrayEquals(new int[] {Integer.MIN_VALUE, one, one, 1, Integer.MAX_VALUE}, result);
        assertThrows(OpenClException.class, () -> small.copy(a, 0, a, 1, 3));
    }

    /// Each write is used by a launch before the next overwrites it on the device, and the array is overwritten at
    /// once: values that were not copied out in time, or a chunk used again too early, show in the sum.
    @Test
    void writesOvertakeNeitherEachOtherNorLaunches() {
        int n = CHUNK / Float.BYTES / 2;
        int rounds = 200;
        DeviceMemory x = on.pool.take((long) n * Float.BYTES);
        DeviceMemory sum = on.pool.take((long) n * Float.BYTES);
        small.fill(sum, 0, n, 0);
        float[] values = new float[n];
        Launch axpy = on.launch("axpy", n, 64);
        for (int round = 1; round <= rounds; round++) {
            Arrays.fill(values, round);
            small.write(values, 0, x, 0, n);
            on.launcher.launch(axpy, x, sum, 1.0f, n);
            Arrays.fill(values, Float.NaN);
        }
        float[] expected = new float[n];
        Arrays.fill(expected, rounds * (rounds + 1) / 2);
        assertArrayEquals(expected, on.download(sum));
        assertEquals(3, small.stagingChunks());
    }

    @Test
    void aWriteDoesNotWaitForCommandsBeforeIt() {
        DeviceMemory x = on.upload(1);
        DeviceMemory target = on.pool.take(1 << 20);
        Launch spin = on.launch("spin", 1, 1);
        on.launcher.launch(spin, x, 1);
        on.context.finish();
        // The same kernel again, but for longer than any write: a quarter of a second or more.
        on.launcher.launch(spin, x, 200_000_000);
        cl_event end = new cl_event();
        CL.clEnqueueMarkerWithWaitList(on.context.queue(), 0, null, end);
        on.context.flush();
        float[] values = new float[1 << 18];
        Arrays.fill(values, 3);
        for (int i = 0; i < 4; i++) {
            on.transfers.write(values, 0, target, 0, values.length);
        }
        assertFalse(Events.hasEnded(end), "the writes waited for the kernel before them");
        Arrays.fill(values, 4);
        assertEquals(3, on.download(target)[values.length - 1]);
        assertTrue(Events.hasEnded(end), "a read waits for what is before it");
        CL.clReleaseEvent(end);
    }

    @Test
    void threadsMayWriteAndReadAtOnce() throws InterruptedException {
        List<Throwable> failures = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            float value = t + 1;
            threads.add(Thread.ofPlatform().uncaughtExceptionHandler((thread, e) -> failures.add(e)).start(() -> {
                float[] values = new float[700];
                Arrays.fill(values, value);
                DeviceMemory memory = on.pool.take((long) values.length * Float.BYTES);
                for (int i = 0; i < 30; i++) {
                    values[i] = -i;
                    small.write(values, 0, memory, 0, values.length);
                    float[] back = new float[values.length];
                    small.read(memory, 0, back, 0, back.length);
                    assertArrayEquals(values, back);
                }
                on.pool.giveBack(memory);
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), failures);
    }

    @Test
    void positionsOutsideAreRefused() {
        DeviceMemory memory = on.pool.take(4 * Float.BYTES);
        float[] values = new float[4];
        var error = assertThrows(IndexOutOfBoundsException.class, () -> small.write(values, 1, memory, 0, 4));
        assertEquals("opencl write: the array has 4 elements, got 4 from position 1", error.getMessage());
        assertThrows(IndexOutOfBoundsException.class, () -> small.write(values, 0, memory, 1, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> small.write(values, 0, memory, 0, -1));
        assertThrows(IndexOutOfBoundsException.class, () -> small.read(memory, -1, values, 0, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> small.read(memory, 0, values, 4, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> small.fill(memory, 0, Long.MAX_VALUE, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> small.copy(memory, 4, memory, 0, 1));
        small.close();
        assertThrows(IllegalStateException.class, () -> small.write(values, 0, memory, 0, 4));
        assertThrows(IllegalStateException.class, () -> small.read(memory, 0, values, 0, 4));
    }
}
