package larch.machine;

import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.function.IntConsumer;

/// The best rate at which a team of threads gets through rounds of the same work.
///
/// The best round and not the mean, because a limit is wanted: rounds in which the code was not compiled yet, or
/// in which something else had the core, are below it. A round lasts from the first thread's start to the last
/// one's end, so threads that do not really run side by side show no gain.
public final class BestRate {
    private final IntConsumer work;
    private final CyclicBarrier barrier;
    private final long[] starts;
    private final long[] ends;
    private final long deadline;
    // Written by the barrier's action only; the barrier orders it before the reads of every thread.
    private long bestNanos = Long.MAX_VALUE;
    private boolean over;
    private volatile Throwable failure;

    private BestRate(int threads, Duration budget, IntConsumer work) {
        this.work = work;
        this.barrier = new CyclicBarrier(threads, this::endRound);
        this.starts = new long[threads];
        this.ends = new long[threads];
        this.deadline = System.nanoTime() + budget.toNanos();
    }

    /// Measures; at least one round is run, whatever the budget.
    /// @param threads the size of the team
    /// @param budget the wall time after which no further round is begun
    /// @param workPerRound the work of one thread in one round, in any unit
    /// @param work one round of one thread; given the thread's number, from 0
    /// @return the team's best rate in units per nanosecond
    /// @throws IllegalStateException if the work throws
    public static double measure(int threads, Duration budget, double workPerRound, IntConsumer work) {
        var rate = new BestRate(threads, budget, work);
        Thread[] team = new Thread[threads];
        for (int t = 0; t < threads; t++) {
            int number = t;
            team[t] = Thread.ofPlatform().daemon().name("best-rate-" + t).start(() -> rate.run(number));
        }
        try {
            for (Thread thread : team) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            rate.failure = e;
            throw new IllegalStateException("measuring a rate: interrupted", e);
        }
        if (rate.failure != null) {
            throw new IllegalStateException("measuring a rate: " + rate.failure.getMessage(), rate.failure);
        }
        return workPerRound * threads / rate.bestNanos;
    }

    /// A thread whose work fails still comes to the barrier, so that no other one waits there for ever.
    private void run(int thread) {
        try {
            while (true) {
                barrier.await();
                if (over) {
                    return;
                }
                starts[thread] = System.nanoTime();
                try {
                    work.accept(thread);
                } catch (Throwable e) {
                    failure = e;
                }
                ends[thread] = System.nanoTime();
            }
        } catch (BrokenBarrierException | InterruptedException e) {
            failure = e;
        }
    }

    /// Runs while every thread stands at the barrier: before the first round and after each one.
    private void endRound() {
        if (ends[0] == 0) {
            return;
        }
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (int t = 0; t < starts.length; t++) {
            first = Math.min(first, starts[t]);
            last = Math.max(last, ends[t]);
        }
        bestNanos = Math.min(bestNanos, last - first);
        over = failure != null || System.nanoTime() >= deadline;
    }
}
