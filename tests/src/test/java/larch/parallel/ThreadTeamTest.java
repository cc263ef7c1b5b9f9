package larch.parallel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ThreadTeamTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 7})
    void everyTaskRunsExactlyOnce(int threads) {
        try (ThreadTeam team = ThreadTeam.of(threads)) {
            assertEquals(threads, team.threads());
            for (int tasks : new int[] {0, 1, 2, 3, 100, 1000}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
                team.run(tasks, runs::incrementAndGet);
                for (int i = 0; i < tasks; i++) {
                    assertEquals(1, runs.get(i));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 7})
    void rangesCoverTheExtentOnceAndStartOnTheGrain(int threads) {
        try (ThreadTeam team = ThreadTeam.of(threads)) {
            for (int n : new int[] {0, 1, 7, 8, 9, 15, 16, 17, 100, 1001}) {
                for (int grain : new int[] {1, 8, 64}) {
                    AtomicIntegerArray covered = new AtomicIntegerArray(n);
                    team.ranges(n, grain, (from, to) -> {
                        assertTrue(from % grain == 0 && from < to && (to - from >= grain || n < 2 * grain),
                                from + " to " + to);
                        for (int i = from; i < to; i++) {
                            covered.incrementAndGet(i);
                        }
                    });
                    for (int i = 0; i < n; i++) {
                        assertEquals(1, covered.get(i), n + " by " + grain);
                    }
                }
            }
        }
    }

    @Test
    void allThreadsTakePart() throws InterruptedException {
        try (ThreadTeam team = ThreadTeam.of(3)) {
            CountDownLatch together = new CountDownLatch(3);
            Set<Thread> seen = ConcurrentHashMap.newKeySet();
            team.run(3, _ -> {
                seen.add(Thread.currentThread());
                together.countDown();
                assertTrue(await(together));
            });
            assertEquals(3, seen.size());
            assertTrue(seen.contains(Thread.currentThread()), "the caller works too");
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void anExceptionReachesTheCallerAndTheTeamGoesOn() {
        try (ThreadTeam team = ThreadTeam.of(2)) {
            for (RuntimeException thrown : new RuntimeException[] {new IllegalStateException("first"),
                    new IllegalArgumentException("again")}) {
                assertSame(thrown, assertThrows(RuntimeException.class, () -> team.run(50, i -> {
                    if (i == 33) {
                        throw thrown;
                    }
                })));
            }
            AssertionError error = new AssertionError("an error too");
            assertSame(error, assertThrows(AssertionError.class, () -> team.run(2, _ -> {
                throw error;
            })));
            AtomicInteger ran = new AtomicInteger();
            team.run(10, _ -> ran.incrementAndGet());
            assertEquals(10, ran.get());
        }
    }

    @Test
    void nothingRunsAnyMoreOnceTheCallerHasItsException() {
        try (ThreadTeam team = ThreadTeam.of(4)) {
            for (int round = 0; round < 200; round++) {
                AtomicInteger running = new AtomicInteger();
                assertThrows(IllegalStateException.class, () -> team.run(64, i -> {
                    running.incrementAndGet();
                    try {
                        if (i % 5 == 1) {
                            throw new IllegalStateException();
                        }
                        Thread.onSpinWait();
                    } finally {
                        running.decrementAndGet();
                    }
                }));
                assertEquals(0, running.get());
            }
        }
    }

    @Test
    void taskZeroBelongsToTheCaller() {
        Thread caller = Thread.currentThread();
        try (ThreadTeam team = ThreadTeam.of(3)) {
            for (int loop = 0; loop < 5_000; loop++) {
                team.run(2, task -> assertEquals(task == 0, task == 0 && Thread.currentThread() == caller));
            }
        }
    }

    @Test
    void aLoopInsideALoopRunsOnItsOwnThread() {
        try (ThreadTeam team = ThreadTeam.of(2)) {
            int[][] counts = new int[8][16];
            team.run(8, i -> {
                Thread outer = Thread.currentThread();
                team.run(16, j -> {
                    assertSame(outer, Thread.currentThread());
                    counts[i][j]++;
                });
            });
            for (int[] row : counts) {
                assertArrayEquals(filled(16), row);
            }
        }
    }

    private static int[] filled(int n) {
        int[] ones = new int[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Test
    void severalCallersShareOneTeam() throws InterruptedException {
        try (ThreadTeam team = ThreadTeam.of(3)) {
            AtomicInteger sum = new AtomicInteger();
            Thread[] callers = new Thread[4];
            for (int c = 0; c < callers.length; c++) {
                callers[c] = Thread.ofPlatform().start(() -> {
                    for (int round = 0; round < 200; round++) {
                        team.run(10, _ -> sum.incrementAndGet());
                    }
                });
            }
            for (Thread caller : callers) {
                caller.join();
            }
            assertEquals(4 * 200 * 10, sum.get());
        }
    }

    @Test
    void afterCloseTheCallerWorksAlone() {
        ThreadTeam team = ThreadTeam.of(3);
        team.close();
        team.close();
        AtomicInteger ran = new AtomicInteger();
        team.run(5, _ -> {
            ran.incrementAndGet();
            assertFalse(Thread.currentThread().getName().startsWith("larch-worker"));
        });
        assertEquals(5, ran.get());
    }

    // A worker may meet a new loop and the end of the team in the same moment.
    @Test
    void closingDuringALoopDoesNotStrandTheCaller() {
        assertTimeoutPreemptively(Duration.ofSeconds(15), () -> {
            for (int round = 0; round < 500; round++) {
                ThreadTeam team = ThreadTeam.of(3);
                Thread closer = Thread.ofPlatform().start(team::close);
                AtomicInteger ran = new AtomicInteger();
                for (int loop = 0; loop < 20; loop++) {
                    team.run(3, _ -> ran.incrementAndGet());
                }
                closer.join();
                assertEquals(60, ran.get());
            }
        });
    }

    @Test
    void noThreadsIsRefused() {
        assertEquals("threads: expected at least 1, got 0",
                assertThrows(IllegalArgumentException.class, () -> ThreadTeam.of(0)).getMessage());
    }
}
