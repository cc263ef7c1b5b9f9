package larch.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import larch.backend.simd.CompiledKernels;
import larch.parallel.ThreadTeam;
import org.junit.jupiter.api.Test;

class GemmDriverTest {
    @Test
    void kernelsAndBlockingMustAgreeOnLanes() {
        GemmBlocking blocking = GemmBlocking.forVectorBits(256);
        MicroKernels kernels = CompiledKernels.of(128);
        try (ThreadTeam team = ThreadTeam.of(1)) {
            assertEquals("gemm: the kernels have 4 lanes but the blocking is for 8", assertThrows(
                    IllegalArgumentException.class, () -> new GemmDriver(team, kernels, blocking)).getMessage());
        }
    }

    @Test
    void blockingRefusesSizesThatMakeNoSense() {
        assertEquals("gemm blocking: expected 128, 256 or 512 bits; got 64",
                assertThrows(IllegalArgumentException.class, () -> GemmBlocking.forVectorBits(64)).getMessage());
        assertEquals("gemm blocking: kc must be >= 1; got 0", assertThrows(IllegalArgumentException.class,
                () -> new GemmBlocking(8, 6, 2, 1, 12, 0, 16, 32, 0, 0, 0, 0)).getMessage());
        assertEquals("gemm blocking: thresholds must be >= 0; got scalarWork -1, unpackedFloats 0, unpackedRows 0, "
                + "parallelWork 0", assertThrows(IllegalArgumentException.class,
                () -> new GemmBlocking(8, 6, 2, 1, 12, 16, 16, 32, -1, 0, 0, 0)).getMessage());
    }

    /// The driver as a backend makes it, with its warm-up, and one team shared by several callers.
    @Test
    void severalThreadsMayUseOneDriver() throws Exception {
        int bits = CompiledKernels.widths()[0];
        GemmBlocking blocking = GemmBlocking.forVectorBits(bits);
        List<GemmCase> products = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            products.add(new GemmCase(i % 2 == 0, i % 3 == 0, 60 + i, 70 + 3 * i, 80, 1, 1, 0, 0, 0, 0, 0, i));
        }
        try (ThreadTeam team = ThreadTeam.of(2); var callers = Executors.newFixedThreadPool(3)) {
            GemmDriver driver = new GemmDriver(team, CompiledKernels.of(bits), blocking);
            List<Callable<float[]>> calls = products.stream().<Callable<float[]>>map(product -> () -> {
                Gemm g = product.gemm();
                driver.run(g);
                return g.c().array();
            }).toList();
            List<Future<float[]>> results = callers.invokeAll(calls);
            for (int i = 0; i < results.size(); i++) {
                GemmCase product = products.get(i);
                assertArrayEquals(product.chains(blocking.kc()), results.get(i).get(), product::toString);
            }
        }
    }

    @Test
    void plainKernelStandsInUntilTheCompiledOneIsWarm() throws InterruptedException {
        CountDownLatch mayGetFast = new CountDownLatch(1);
        MicroKernel compiled = (k, alpha, a, aOffset, aRowStride, aColStride, b, bOffset, bRowStride, beta, c, cOffset,
                cRowStride, epilogue, row, column) -> {
            try {
                assertTrue(mayGetFast.await(10, TimeUnit.SECONDS));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        };
        GemmBlocking blocking = new GemmBlocking(8, 4, 2, 1, 8, 16, 16, 32, 0, 0, 0, 0);
        GemmTiles tiles = new GemmTiles(kernelsThatReturn(compiled), blocking, new KernelWarmup(10_000));
        assertInstanceOf(PlainKernel.class, tiles.tile(4, 2, Update.SET));
        mayGetFast.countDown();
        for (int tries = 0; tries < 1_000 && tiles.tile(4, 2, Update.SET) != compiled; tries++) {
            Thread.sleep(10);
        }
        assertSame(compiled, tiles.tile(4, 2, Update.SET));
    }

    @Test
    void kernelThatStaysSlowIsNeverUsed() throws InterruptedException {
        CountDownLatch warm = new CountDownLatch(1);
        CountDownLatch nextKernel = new CountDownLatch(1);
        KernelWarmup warmup = new KernelWarmup(20);
        warmup.warm((k, alpha, a, aOffset, aRowStride, aColStride, b, bOffset, bRowStride, beta, c, cOffset,
                cRowStride, epilogue, row, column) -> LockSupport.parkNanos(1_000_000), tile(1, 1), 8, warm::countDown);
        warmup.warm((k, alpha, a, aOffset, aRowStride, aColStride, b, bOffset, bRowStride, beta, c, cOffset,
                cRowStride, epilogue, row, column) -> { }, tile(8, 8), 8, nextKernel::countDown);
        assertTrue(nextKernel.await(10, TimeUnit.SECONDS));
        assertFalse(warm.await(1, TimeUnit.MILLISECONDS));
    }

    /// A backend that is closed must not go on calling its cold kernels: forty of them would take the cores from all others.
    @Test
    void closingEndsTheWarmUp() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        List<String> slow = Collections.synchronizedList(new ArrayList<>());
        KernelWarmup warmup = new KernelWarmup(60_000, slow::add);
        for (int kernel = 0; kernel < 2; kernel++) {
            warmup.warm((k, alpha, a, aOffset, aRowStride, aColStride, b, bOffset, bRowStride, beta, c, cOffset,
                    cRowStride, epilogue, row, column) -> {
                calls.incrementAndGet();
                LockSupport.parkNanos(1_000_000);
            }, tile(1, 1), 8, () -> slow.add("warm"));
        }
        while (calls.get() == 0) {
            Thread.sleep(1);
        }
        warmup.close();
        warmup.close();
        while (warmup.cold() > 1) {
            Thread.sleep(1);
        }
        int then = calls.get();
        Thread.sleep(50);
        assertEquals(then, calls.get());
        assertEquals(List.of(), slow);
        warmup.warm((k, alpha, a, aOffset, aRowStride, aColStride, b, bOffset, bRowStride, beta, c, cOffset,
                cRowStride, epilogue, row, column) -> calls.incrementAndGet(), tile(1, 1), 8, () -> slow.add("warm"));
        assertEquals(then, calls.get());
    }

    private static Microtile tile(int mr, int vectors) {
        return new Microtile(mr, vectors, 1, Update.SET, Epilogue.NONE.form());
    }

    private static MicroKernels kernelsThatReturn(MicroKernel kernel) {
        return new MicroKernels() {
            @Override
            public int lanes() {
                return 8;
            }

            @Override
            public boolean fits(Microtile microtile) {
                return true;
            }

            @Override
            public MicroKernel tile(Microtile microtile) {
                return kernel;
            }

            @Override
            public EpilogueKernel epilogue(Epilogue.Form form) {
                throw new AssertionError("there is no epilogue");
            }

            @Override
            public TransposeKernel transpose() {
                throw new AssertionError("nothing is transposed");
            }
        };
    }
}
