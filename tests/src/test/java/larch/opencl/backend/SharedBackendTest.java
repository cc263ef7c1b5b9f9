package larch.opencl.backend;

import static larch.gemm.Transpose.NO;
import static larch.gemm.Transpose.YES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import larch.backend.Reduction;
import larch.expr.Expr;
import larch.op.Elementwise;
import larch.opencl.OpenClMachine;
import larch.tensor.Axis;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One backend, many threads: each gets what it would get alone, to the bit.
@Tag("opencl")
@Timeout(60)
class SharedBackendTest {
    private static final int THREADS = 8;
    private static final int REPEATS = 10;

    @Test
    void threadsGetTheBitsOfOneThread() throws Exception {
        try (var backend = new OpenClBackend(OpenClMachine.devices().at(0), false);
                var threads = Executors.newFixedThreadPool(THREADS)) {
            List<float[]> alone = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                alone.add(work(backend, t));
            }
            var start = new CyclicBarrier(THREADS);
            List<Future<List<float[]>>> together = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int seed = t;
                together.add(threads.submit(() -> {
                    start.await();
                    List<float[]> results = new ArrayList<>();
                    for (int i = 0; i < REPEATS; i++) {
                        results.add(work(backend, seed));
                    }
                    return results;
                }));
            }
            for (int t = 0; t < THREADS; t++) {
                for (float[] result : together.get(t).get()) {
                    assertArrayEquals(alone.get(t), result, "thread " + t);
                }
            }
        }
    }

    /// A layer forward and a gradient, on the device and with visitors; every thread has its own numbers and extents.
    private static float[] work(OpenClBackend backend, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int rows = 40 + seed;
        int inner = 30 + 3 * seed;
        int cols = 20 + 5 * seed;
        Tensor x = backend.place(random(random, rows, inner));
        Tensor w = random(random, inner, cols);
        Tensor bias = backend.place(random(random, 1, cols));
        Tensor out = backend.allocate(Shape.of(rows, cols));
        backend.gemm(NO, NO, 1, x, w, 0, out, Expr.add(Expr.arg(0), Expr.arg(1)), bias.reshape(cols));
        backend.elementwise(Elementwise.TANH.function(), out, out);
        Tensor gradient = backend.allocate(Shape.of(inner, cols));
        backend.gemm(YES, NO, 0.5f, x, out, 0, gradient);
        Tensor sums = Tensor.zeros(cols);
        backend.reduce(Reduction.SUM, Axis.ROWS, Expr.mul(Expr.arg(0), Expr.arg(0)), sums, gradient);
        float[] all = new float[gradient.size() + cols];
        gradient.read(all, 0);
        sums.read(all, gradient.size());
        return all;
    }

    private static Tensor random(SplittableRandom random, int rows, int cols) {
        float[] values = new float[rows * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.of(Shape.of(rows, cols), values);
    }
}
