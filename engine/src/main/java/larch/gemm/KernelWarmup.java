package larch.gemm;

import java.lang.System.Logger.Level;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// Calls new kernels in the background until C2 has compiled them.
///
/// Before that, every vector is an object on the heap, and a product of 128 × 256 × 128 takes 20 ms: plain
/// loops take 2, the compiled kernel 0.08 (Zen 4). On an idle machine that lasts for half a second, on a busy
/// one for many. With a warm-up on the side no caller ever meets a cold kernel.
final class KernelWarmup implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(KernelWarmup.class.getName());
    /// A compiled vector operation takes 0.3 to 2 ns, one that is not compiled 50 ns and more.
    private static final double WARM_NANOS_PER_OPERATION = 10;
    private static final int CALLS_PER_ROUND = 16;
    /// Short calls reach the compiler's call count sooner than long ones; odd, to pass through the unrolled
    /// loop and the rest.
    private static final int STEPS = 25;
    /// By now the compiler has been asked; what is still slow waits for its turn, and calling without a pause would only
    /// take the cores that it needs.
    private static final long EAGER_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final long giveUpMillis;
    private final Consumer<String> whenSlow;
    private final AtomicInteger cold = new AtomicInteger();
    private final ThreadPoolExecutor background;
    private volatile boolean isClosed;

    /// Logs kernels that stay slow.
    /// @param giveUpMillis how long a kernel may stay slow
    KernelWarmup(long giveUpMillis) {
        this(giveUpMillis, what -> LOG.log(Level.WARNING, "gemm: the {0} is still slow after {1} ms (no C2, or vectors wider "
                + "than the machine''s); plain loops stay in its place", what, giveUpMillis));
    }

    /// @param giveUpMillis how long a kernel may stay slow
    /// @param whenSlow     hears, in the background, which kernel is given up
    KernelWarmup(long giveUpMillis, Consumer<String> whenSlow) {
        this.giveUpMillis = giveUpMillis;
        this.whenSlow = whenSlow;
        background = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                task -> Thread.ofPlatform().daemon().name("larch-kernel-warmup").unstarted(task));
        background.allowCoreThreadTimeOut(true);
    }

    /// @param kernel    a kernel that nobody has called yet
    /// @param microtile what it is compiled for
    /// @param lanes     floats in a vector
    /// @param whenWarm  what to do when it is fast
    void warm(MicroKernel kernel, Microtile microtile, int lanes, Runnable whenWarm) {
        int mr = microtile.mr();
        int nr = microtile.vectors() * lanes;
        float[] a = new float[mr * STEPS];
        float[] b = new float[STEPS * nr];
        float[] c = new float[mr * nr];
        Epilogue epilogue = Epilogue.ofZeros(microtile.form(), mr, nr);
        warm(mr + "x" + nr + " kernel", (double) STEPS * mr * microtile.vectors(), call ->
                kernel.run(STEPS, 1, a, 0, STEPS, 1, b, 0, nr, 0, c, 0, nr, epilogue, 0, 0),
                whenWarm);
    }

    /// @param kernel   a kernel that nobody has called yet
    /// @param lanes    floats in a vector
    /// @param whenWarm what to do when it is fast
    void warm(TransposeKernel kernel, int lanes, Runnable whenWarm) {
        float[] from = new float[lanes * lanes];
        float[] to = new float[lanes * lanes];
        warm("transpose", lanes * Integer.numberOfTrailingZeros(lanes),
                call -> kernel.run(lanes, from, 0, lanes, to, 0, lanes), whenWarm);
    }

    /// @return how many kernels are not warm yet and not given up
    int cold() {
        return cold.get();
    }

    private void warm(String what, double operations, IntConsumer call, Runnable whenWarm) {
        cold.incrementAndGet();
        try {
            background.execute(() -> {
                if (callUntilWarm(operations, call)) {
                    whenWarm.run();
                } else if (!isClosed) {
                    whenSlow.accept(what);
                }
                cold.decrementAndGet();
            });
        } catch (RejectedExecutionException e) {
            // Closed: plain loops stay in the kernel's place.
            cold.decrementAndGet();
        }
    }

    /// Ends all warming; kernels that are still cold are given up without a word.
    @Override
    public void close() {
        isClosed = true;
        background.shutdownNow();
    }

    private boolean callUntilWarm(double operations, IntConsumer kernel) {
        int fastRounds = 0;
        long giveUpNanos = TimeUnit.MILLISECONDS.toNanos(giveUpMillis);
        for (long start = System.nanoTime(); !isClosed && System.nanoTime() - start < giveUpNanos; ) {
            long roundStart = System.nanoTime();
            for (int call = 0; call < CALLS_PER_ROUND; call++) {
                kernel.accept(call);
            }
            boolean fast = System.nanoTime() - roundStart < WARM_NANOS_PER_OPERATION * CALLS_PER_ROUND * operations;
            fastRounds = fast ? fastRounds + 1 : 0;
            if (fastRounds == 3) {
                return true;
            }
            if (!fast && System.nanoTime() - start > EAGER_NANOS) {
                LockSupport.parkNanos(System.nanoTime() - roundStart);
            }
        }
        return false;
    }
}
