package larch.opencl.runtime;

import static org.jocl.CL.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import larch.opencl.OpenClContext;
import larch.opencl.OpenClException;
import larch.opencl.OpenClMachine;
import org.jocl.CLException;
import org.jocl.cl_mem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("opencl")
@Timeout(60)
class MemoryPoolTest {
    private final OpenClContext context = new OpenClContext(OpenClMachine.devices().at(0));
    private final MemoryPool pool = new MemoryPool(context);

    @AfterEach
    void close() {
        pool.releaseAll();
        context.close();
    }

    @Test
    void whatComesBackIsLentAgainIfItFits() {
        DeviceMemory first = pool.take(100_000);
        cl_mem handle = first.handle();
        assertEquals(1, pool.liveBlocks());
        assertTrue(pool.liveBytes() >= 100_000 && pool.liveBytes() <= 112_500, () -> "live " + pool.liveBytes());
        pool.giveBack(first);
        pool.giveBack(first);
        assertEquals(0, pool.liveBlocks());
        assertEquals(0, pool.liveBytes());
        assertThrows(IllegalStateException.class, first::handle);

        DeviceMemory muchSmaller = pool.take(70_000);
        assertNotSame(handle, muchSmaller.handle(), "a block must not be wasted on much less");
        DeviceMemory smaller = pool.take(90_000);
        assertSame(handle, smaller.handle());
        assertEquals(90_000, smaller.bytes());
        assertNotSame(handle, pool.take(90_000).handle(), "a block has one owner");
    }

    @Test
    void theBestFitIsTaken() {
        DeviceMemory larger = pool.take(100 << 10);
        DeviceMemory fitting = pool.take(90 << 10);
        cl_mem best = fitting.handle();
        pool.giveBack(fitting);
        pool.giveBack(larger);
        assertSame(best, pool.take(88 << 10).handle());
    }

    @Test
    void sizesAreRoundedUpByAnEighthAtMost() {
        for (long bytes = 2048; bytes < 1L << 40; bytes += bytes / 7 + 1) {
            long capacity = FreeBlocks.capacityFor(bytes);
            assertTrue(capacity >= bytes && capacity <= bytes + bytes / 8, bytes + " -> " + capacity);
        }
        assertEquals(256, FreeBlocks.capacityFor(0));
        assertEquals(512, FreeBlocks.capacityFor(257));
    }

    @Test
    void trimmingReleasesWhatIsFree() {
        DeviceMemory kept = pool.take(1000);
        pool.giveBack(pool.take(5000));
        assertEquals(FreeBlocks.capacityFor(5000), pool.freeBytes());
        assertEquals(FreeBlocks.capacityFor(5000), pool.trim());
        assertEquals(0, pool.freeBytes());
        assertEquals(1, pool.liveBlocks());
        kept.handle();
    }

    @Test
    void collectedMemoryComesBackByItself() throws InterruptedException {
        pool.take(4096);
        for (int i = 0; i < 500 && pool.liveBlocks() > 0; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertEquals(0, pool.liveBlocks());
        assertEquals(4096, pool.freeBytes());
    }

    @Test
    void closingReportsAndReleasesWhatIsLive() {
        var driver = new FakeDriver();
        var watched = new MemoryPool(context, driver);
        DeviceMemory first = watched.take(1000);
        DeviceMemory second = watched.take(3000);
        watched.giveBack(watched.take(7000));
        assertEquals("4.0 KiB live in 2 blocks", watched.releaseAll().toString());
        assertEquals(0, driver.live);
        assertThrows(IllegalStateException.class, first::handle);
        assertThrows(IllegalStateException.class, () -> watched.take(1));
        watched.giveBack(second);
        assertEquals(new MemoryPool.Live(0, 0), watched.releaseAll());
        watched.close();
        assertEquals(0, driver.live, "nothing is released twice");
    }

    @Test
    void theMemoryOfAnotherPoolIsRefused() {
        try (var other = new MemoryPool(context)) {
            DeviceMemory foreign = other.take(1);
            assertThrows(IllegalArgumentException.class, () -> pool.giveBack(foreign));
            other.giveBack(foreign);
        }
        assertThrows(IllegalArgumentException.class, () -> pool.take(-1));
    }

    @ParameterizedTest
    @ValueSource(ints = {CL_MEM_OBJECT_ALLOCATION_FAILURE, CL_OUT_OF_RESOURCES, CL_OUT_OF_HOST_MEMORY})
    void withoutSpaceFreeBlocksAreReleasedFirst(int status) {
        var driver = new FakeDriver();
        driver.capacity = 10_000;
        driver.status = status;
        try (var small = new MemoryPool(context, driver)) {
            small.giveBack(small.take(8000));
            DeviceMemory kept = small.take(1000);
            assertEquals(5000, small.take(5000).bytes());
            kept.handle();
        }
        assertEquals(0, driver.live);
    }

    @Test
    void withoutSpaceForgottenMemoryIsCollected() {
        var driver = new FakeDriver();
        driver.capacity = 10_000;
        try (var small = new MemoryPool(context, driver)) {
            for (int i = 0; i < 10; i++) {
                // Nobody keeps or gives back any of them.
                assertEquals(8000, small.take(8000).bytes());
            }
        }
    }

    @Test
    void withoutAnySpaceTheErrorSaysWhatIsWhere() {
        var driver = new FakeDriver();
        driver.capacity = 10_000;
        try (var small = new MemoryPool(context, driver)) {
            DeviceMemory kept = small.take(8000);
            var error = assertThrows(OpenClException.class, () -> small.take(4096));
            assertTrue(error.getMessage().startsWith("opencl: allocate 4.0 KiB on " + context.device()
                    + ": CL_MEM_OBJECT_ALLOCATION_FAILURE; 8.0 KiB live in 1 block, the device has "),
                    error.getMessage());
            assertTrue(error.getMessage().endsWith("; use a smaller model or smaller batches, or close what is no longer needed"),
                    error.getMessage());
            small.giveBack(kept);
            assertEquals(4096, small.take(4096).bytes(), "the pool works on");
        }
    }

    @Test
    void moreThanTheDeviceGivesAtOnceIsAnError() {
        long most = context.device().info().maxAllocationBytes();
        var error = assertThrows(OpenClException.class, () -> pool.take(Math.max(most, 1L << 40) + 1));
        assertTrue(error.getMessage().endsWith(" at once; use a smaller model or smaller batches, or split the tensor"), error.getMessage());
    }

    @Test
    void anotherErrorIsNoLackOfMemory() {
        var driver = new FakeDriver();
        driver.capacity = 0;
        driver.status = CL_DEVICE_NOT_AVAILABLE;
        try (var lost = new MemoryPool(context, driver)) {
            var error = assertThrows(OpenClException.class, () -> lost.take(1));
            assertTrue(error.getMessage().contains("the device was lost"), error.getMessage());
            assertTrue(error.getMessage().endsWith("are void; open a new backend"), error.getMessage());
            assertEquals(1, driver.calls);
        }
    }

    @Test
    void threadsNeverShareABlock() throws Exception {
        List<Throwable> failures = new ArrayList<>();
        var held = java.util.concurrent.ConcurrentHashMap.<cl_mem>newKeySet();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            int seed = t;
            threads.add(Thread.ofPlatform().uncaughtExceptionHandler((thread, e) -> failures.add(e)).start(() -> {
                for (int i = 0; i < 400; i++) {
                    DeviceMemory memory = pool.take(1000 + (seed * 31 + i * 17) % 3000);
                    cl_mem handle = memory.handle();
                    assertTrue(held.add(handle), "a block with two owners");
                    Thread.yield();
                    held.remove(handle);
                    pool.giveBack(memory);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), failures);
        assertEquals(0, pool.liveBlocks());
    }

    /// A device with little memory.
    private static final class FakeDriver implements MemoryPool.Driver {
        private final List<Long> sizes = new ArrayList<>();
        private final List<cl_mem> handles = new ArrayList<>();
        long capacity = Long.MAX_VALUE;
        int status = CL_MEM_OBJECT_ALLOCATION_FAILURE;
        long live;
        int calls;

        @Override
        public cl_mem create(long bytes) {
            calls++;
            if (live + bytes > capacity) {
                throw new CLException("refused", status);
            }
            live += bytes;
            cl_mem handle = new cl_mem();
            handles.add(handle);
            sizes.add(bytes);
            return handle;
        }

        @Override
        public void release(cl_mem handle) {
            for (int i = 0; i < handles.size(); i++) {
                if (handles.get(i) == handle) {
                    live -= sizes.get(i);
                }
            }
        }
    }
}
