package larch.opencl.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import larch.opencl.OpenClBuildException;
import larch.opencl.OpenClContext;
import larch.opencl.OpenClMachine;
import larch.opencl.OpenClProgram;
import larch.opencl.source.ProgramSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("opencl")
@Timeout(60)
class ProgramCacheTest {
    private static final String SOURCE = "__kernel void set(__global int *x) { x[0] = VALUE; }";

    @Test
    void aProgramIsItsTextAndItsOptions() {
        try (var context = new OpenClContext(OpenClMachine.devices().at(0))) {
            var cache = new ProgramCache(context);
            OpenClProgram one = cache.get(new ProgramSource("set.cl", SOURCE, "-DVALUE=1"));
            assertSame(one, cache.get(new ProgramSource("another name", String.valueOf(SOURCE.toCharArray()), "-DVALUE=1")));
            assertNotSame(one, cache.get(new ProgramSource("set.cl", SOURCE, "-DVALUE=2")));
            assertNotSame(one, cache.get(new ProgramSource("set.cl", SOURCE + " ", "-DVALUE=1")));
            var error = assertThrows(OpenClBuildException.class, () -> cache.get(new ProgramSource("set.cl", SOURCE, "")));
            assertTrue(error.log().contains("VALUE"), error.log());
            assertThrows(OpenClBuildException.class, () -> cache.get(new ProgramSource("set.cl", SOURCE, "")));
            cache.close();
            assertThrows(IllegalStateException.class, () -> cache.get(new ProgramSource("set.cl", SOURCE, "-DVALUE=1")));
        }
    }

    @Test
    void eightThreadsBuildOnce() throws Exception {
        try (var context = new OpenClContext(OpenClMachine.devices().at(0)); var cache = new ProgramCache(context);
                var threads = Executors.newFixedThreadPool(8)) {
            var start = new CountDownLatch(1);
            Callable<OpenClProgram> get = () -> {
                start.await();
                return cache.get(new ProgramSource("set.cl", SOURCE, "-DVALUE=3"));
            };
            List<Future<OpenClProgram>> futures = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                futures.add(threads.submit(get));
            }
            start.countDown();
            Set<OpenClProgram> programs = Collections.newSetFromMap(new IdentityHashMap<>());
            for (Future<OpenClProgram> future : futures) {
                programs.add(future.get());
            }
            assertEquals(1, programs.size());
        }
    }
}
