package larch.parallel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// A fixed team of threads for data-parallel loops that last microseconds.
///
/// The caller is worker 0 and always takes part; the others spin briefly for the next loop and then park, so a fork and
/// join costs well under a microsecond in a busy program and nothing in an idle one. Which worker runs which task never
/// changes what is computed: callers split work into tasks by size alone, and each result element belongs to one task.
/// So results are the same bits for any number of threads.
///
/// A loop started inside a task, or while another thread uses the team, runs on its own thread only.
public final class ThreadTeam implements AutoCloseable {
    /// About 20 µs: longer than the gap between two kernels of a training step, shorter than a scheduler tick.
    private static final int SPINS_BEFORE_PARK = 4_000;

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

    private static final class Loop {
        final Task task;
        final int tasks;
        final AtomicInteger next = new AtomicInteger();
        final AtomicInteger unfinished;
        volatile Throwable failure;

        Loop(Task task, int tasks) {
            this.task = task;
            this.tasks = tasks;
            this.unfinished = new AtomicInteger(tasks);
        }

        // Counts tasks, not workers: one that wakes up late, or never because the team was closed, holds nobody up.
        void work() {
            for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
                try {
                    if (failure == null) {
                        task.run(i);
                    }
                } catch (Throwable t) {
                    failure = t;
                } finally {
                    unfinished.decrementAndGet();
                }
            }
        }
    }

    private final Thread[] workers;
    private final AtomicInteger busy = new AtomicInteger();
    private volatile Loop loop;
    private volatile boolean closed;

    private ThreadTeam(int threads) {
        workers = new Thread[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = Thread.ofPlatform().daemon().name("larch-worker-" + (i + 1)).start(this::serve);
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

    /// Runs `task` for every index in `[0, tasks)` and returns when all are done.
    /// @param tasks how many
    /// @param task  the body; the first exception it throws is rethrown here
    public void run(int tasks, Task task) {
        if (tasks <= 1 || workers.length == 0 || closed || !busy.compareAndSet(0, 1)) {
            for (int i = 0; i < tasks; i++) {
                task.run(i);
            }
            return;
        }
        try {
            Loop current = new Loop(task, tasks);
            loop = current;
            for (Thread worker : workers) {
                LockSupport.unpark(worker);
            }
            current.work();
            for (int spins = 0; current.unfinished.get() > 0; spins++) {
                if (spins < SPINS_BEFORE_PARK) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
            if (current.failure instanceof Error error) {
                throw error;
            }
            if (current.failure instanceof RuntimeException exception) {
                throw exception;
            }
        } finally {
            busy.set(0);
        }
    }

    /// Splits `[0, n)` into at most [#threads] contiguous ranges and runs `task` on each.
    /// @param n     the extent
    /// @param grain ranges start at multiples of this and are at least this long; an extent below two grains is not split
    /// @param task  the body
    public void ranges(int n, int grain, RangeTask task) {
        int grains = (n + grain - 1) / grain;
        int parts = Math.min(threads(), Math.max(1, n / grain));
        if (parts <= 1) {
            if (n > 0) {
                task.run(0, n);
            }
            return;
        }
        run(parts, part -> {
            int from = (int) ((long) grains * part / parts) * grain;
            int to = Math.min(n, (int) ((long) grains * (part + 1) / parts) * grain);
            task.run(from, to);
        });
    }

    private void serve() {
        Loop last = null;
        while (true) {
            Loop current = loop;
            for (int spins = 0; current == last && !closed; spins++) {
                if (spins < SPINS_BEFORE_PARK) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
                current = loop;
            }
            if (closed) {
                return;
            }
            current.work();
            last = current;
        }
    }

    /// Ends the team's threads once their current loop is done; a loop started later runs on the caller alone.
    @Override
    public void close() {
        closed = true;
        for (Thread worker : workers) {
            LockSupport.unpark(worker);
        }
    }
}
