package larch.parallel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// A fixed team of threads for data-parallel loops that last microseconds.
///
/// The caller is worker 0 and always takes part; the others spin briefly for the next loop and then park, so a fork and
/// join costs well under a microsecond in a busy program and nothing in an idle one. Nothing is allocated for it. Each
/// worker begins with its own share of the tasks, so that loops that are cut alike find their data in the cache of the
/// same core; then it helps the others. Which worker runs which task never changes what is computed: callers split work
/// into tasks by size alone, and each result element belongs to one task. So results are the same bits for any number of
/// threads. Task 0 always runs on the caller's thread.
///
/// A loop started inside a task, or while another thread uses the team, runs on its own thread only.
public final class ThreadTeam implements AutoCloseable {
    /// Some 100 µs: longer than the gap between two kernels of a training step, shorter than a scheduler tick.
    private static final int POLLS_BEFORE_PARK = 50_000;
    /// A pause tells a sibling hyperthread to go ahead. Not at every poll: hypervisors take a long run of pauses for a
    /// lock whose holder is asleep, and take the processor away for some microseconds.
    private static final int POLLS_PER_PAUSE = 16;
    private static final int MAX_TASKS = 26;
    private static final int TASK_BITS = (1 << MAX_TASKS) - 1;

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    // Two words that different threads write, each on cache lines of its own, away from the array's header.
    private static final int TICKET = 16;
    private static final int UNFINISHED = 32;
    private static final int SHARED_LENGTH = 48;

    /// A loop body.
    @FunctionalInterface
    public interface Task {
        /// @param index which task, from 0
        void run(int index);
    }

    /// A loop body over a contiguous range.
    @FunctionalInterface
    public interface RangeTask {
        /// @param from first index
        /// @param to   one past the last index
        void run(int from, int to);
    }

    private final Worker[] workers;
    private final AtomicBoolean busy = new AtomicBoolean();
    /// `shared[TICKET]` holds `loop number << 26 | one bit for each task that nobody has claimed`, so that one
    /// compare-and-set claims a task of the loop it was read from and of no other: a worker that wakes up late can do no
    /// harm.
    private final long[] shared = new long[SHARED_LENGTH];
    /// Written before the ticket that announces it, and not again before all tasks of that ticket are done.
    private Task task;
    private volatile Throwable failure;
    private volatile boolean closed;

    private ThreadTeam(int threads) {
        workers = new Worker[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i + 1);
        }
        for (Worker worker : workers) {
            worker.thread.start();
        }
    }

    /// @param threads how many threads work on a loop, the caller included; at least 1
    /// @return a team; close it to end its threads
    public static ThreadTeam of(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: expected at least 1, got " + threads);
        }
        return new ThreadTeam(threads);
    }

    /// @return the number of threads, the caller included
    public int threads() {
        return workers.length + 1;
    }

    /// Runs `body` for every index in `[0, tasks)` and returns when all are done.
    /// @param tasks how many
    /// @param body  the body; the first exception it throws is rethrown here
    public void run(int tasks, Task body) {
        if (tasks <= 1 || workers.length == 0 || closed || !busy.compareAndSet(false, true)) {
            for (int i = 0; i < tasks; i++) {
                body.run(i);
            }
            return;
        }
        try {
            if (tasks <= MAX_TASKS) {
                fork(tasks, body);
            } else {
                fork(MAX_TASKS, block -> {
                    int end = (int) ((long) tasks * (block + 1) / MAX_TASKS);
                    for (int i = (int) ((long) tasks * block / MAX_TASKS); i < end; i++) {
                        body.run(i);
                    }
                });
            }
        } finally {
            busy.set(false);
        }
    }

    private void fork(int tasks, Task body) {
        task = body;
        LONGS.setOpaque(shared, UNFINISHED, (long) tasks);
        long loop = ((long) LONGS.getOpaque(shared, TICKET) >>> MAX_TASKS) + 1;
        // Volatile, as is the read of `parked` after it and, in the worker, the write before it reads the ticket.
        LONGS.setVolatile(shared, TICKET, loop << MAX_TASKS | (1L << tasks) - 1);
        for (Worker worker : workers) {
            if (worker.parked) {
                LockSupport.unpark(worker.thread);
            }
        }
        work(0);
        for (int polls = 0; (long) LONGS.getAcquire(shared, UNFINISHED) > 0; polls++) {
            if (polls < POLLS_BEFORE_PARK) {
                pause(polls);
            } else {
                Thread.yield();
            }
        }
        task = null;
        Throwable thrown = failure;
        if (thrown != null) {
            failure = null;
            if (thrown instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) thrown;
        }
    }

    private static void pause(int polls) {
        if (polls % POLLS_PER_PAUSE == 0) {
            Thread.onSpinWait();
        }
    }

    /// Claims and runs tasks until the loop has none left. Counts tasks, not workers: one that wakes up late, or never
    /// because the team was closed, holds nobody up.
    private void work(int worker) {
        while (true) {
            long ticket = (long) LONGS.getAcquire(shared, TICKET);
            int unclaimed = (int) ticket & (worker == 0 ? TASK_BITS : TASK_BITS - 1);
            if (unclaimed == 0) {
                return;
            }
            int later = unclaimed & -1 << worker;
            int bit = Integer.lowestOneBit(later != 0 ? later : unclaimed);
            Task body = task;
            // A claim that succeeds proves that the ticket's loop is still unfinished, hence that `body` is its task.
            if (LONGS.weakCompareAndSetAcquire(shared, TICKET, ticket, ticket - bit)) {
                try {
                    if (failure == null) {
                        body.run(Integer.numberOfTrailingZeros(bit));
                    }
                } catch (Throwable t) {
                    failure = t;
                } finally {
                    LONGS.getAndAddRelease(shared, UNFINISHED, -1L);
                }
            }
        }
    }

    /// Splits `[0, n)` into at most [#threads] contiguous ranges and runs `body` on each.
    /// @param n     the extent
    /// @param grain ranges start at multiples of this and are at least this long; an extent below two grains is not split
    /// @param body  the body
    public void ranges(int n, int grain, RangeTask body) {
        int parts = parts(n, grain);
        if (parts > 1) {
            run(parts, part -> body.run(bound(n, grain, part, parts), bound(n, grain, part + 1, parts)));
        } else if (n > 0) {
            body.run(0, n);
        }
    }

    /// @param n     an extent
    /// @param grain smallest length of a part
    /// @return into how many parts [#ranges] splits the extent; 1 if it is not split
    public int parts(int n, int grain) {
        return Math.min(threads(), Math.max(1, n / grain));
    }

    /// @param n     an extent
    /// @param grain parts start at multiples of this
    /// @param part  which part, from 0 to `parts`
    /// @param parts number of parts
    /// @return where that part begins; `n` for `part = parts`
    public static int bound(int n, int grain, int part, int parts) {
        int grains = (n + grain - 1) / grain;
        return Math.min(n, (int) ((long) grains * part / parts) * grain);
    }

    /// Ends the team's threads once their current loop is done; a loop started later runs on the caller alone.
    @Override
    public void close() {
        closed = true;
        for (Worker worker : workers) {
            LockSupport.unpark(worker.thread);
        }
    }

    private final class Worker {
        private final int number;
        private final Thread thread;
        private volatile boolean parked;

        Worker(int number) {
            this.number = number;
            thread = Thread.ofPlatform().daemon().name("larch-worker-" + number).unstarted(this::serve);
        }

        private void serve() {
            long seen = 0;
            while (!closed) {
                long loop = awaitLoopAfter(seen);
                if (loop != seen) {
                    work(number);
                    seen = loop;
                }
            }
        }

        /// @return the number of the latest loop; the last one again if the team was closed or the wake-up was spurious
        private long awaitLoopAfter(long seen) {
            for (int polls = 0; polls < POLLS_BEFORE_PARK; polls++) {
                long loop = (long) LONGS.getAcquire(shared, TICKET) >>> MAX_TASKS;
                if (loop != seen || closed) {
                    return loop;
                }
                pause(polls);
            }
            parked = true;
            if ((long) LONGS.getVolatile(shared, TICKET) >>> MAX_TASKS == seen && !closed) {
                LockSupport.park(ThreadTeam.this);
            }
            parked = false;
            return (long) LONGS.getAcquire(shared, TICKET) >>> MAX_TASKS;
        }
    }
}
