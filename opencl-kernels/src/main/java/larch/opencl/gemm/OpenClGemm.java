package larch.opencl.gemm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jocl.cl_mem;

/// Matrix products of any extents, strides and epilogue on a device.
///
/// Small products, and those of odd shapes, take the guarded kernel `gemm_direct.cl`; large ones a fast kernel of the
/// ladder, on copies padded to whole tiles (`pad_transpose.cl`) unless the matrices are whole tiles already. Every path
/// gives the same bits: each element is one chain of `fma` over ascending k from 0, then `alpha · acc`, or
/// `fma(alpha, acc, beta · c)`; then the epilogue. (Two exceptions: a device that flushes subnormals, and a sum of exactly -0,
/// which padding makes +0.)
public final class OpenClGemm {
    /// TILE and ROWS of `pad_transpose.cl`.
    private static final int TILE = 32;
    private static final int ROWS = 8;
    /// Below these extents padding could more than double the work.
    private static final int LEAST_K = 64;

    private final GemmRuntime runtime;
    private final GemmKernel fast;
    private final GemmParams fastParams;
    private final GemmParams directParams;
    private final GemmThresholds thresholds;
    /// Sources by kernel and epilogue, so that a product builds no strings.
    private final Map<SourceKey, KernelSource> sources = new ConcurrentHashMap<>();

    private record SourceKey(List<String> resources, String options, String epilogue) {}

    /// Products with the top of the ladder and its default numbers.
    /// @param runtime the opened device
    /// @throws IllegalArgumentException if the device is too small for them
    public OpenClGemm(GemmRuntime runtime) {
        this(runtime, GemmChoice.SHIPPED);
    }

    /// Products with chosen kernels.
    /// @param runtime the opened device
    /// @param choice  which kernels, and when
    /// @throws IllegalArgumentException if a number is too large for the device
    public OpenClGemm(GemmRuntime runtime, GemmChoice choice) {
        this(runtime, choice.fast(), choice.fastParams(), choice.directParams(), choice.thresholds());
    }

    /// Products with chosen kernels.
    /// @param runtime the opened device
    /// @param fast the kernel for large products, of the ladder
    /// @param fastParams its numbers
    /// @param directParams the numbers of the direct kernel
    /// @param thresholds when to take which
    /// @throws IllegalArgumentException if a number is wrong, or too large for the device
    public OpenClGemm(GemmRuntime runtime, GemmKernel fast, GemmParams fastParams, GemmParams directParams,
            GemmThresholds thresholds) {
        if (!GemmKernel.ladder().contains(fast)) {
            throw new IllegalArgumentException("gemm: the fast kernel must be one of " + GemmKernel.ladder() + "; got "
                    + fast);
        }
        fast.require(fastParams, runtime.device());
        GemmKernel.DIRECT.require(directParams, runtime.device());
        this.runtime = runtime;
        this.fast = fast;
        this.fastParams = fastParams;
        this.directParams = directParams;
        this.thresholds = thresholds;
    }

    /// Enqueues a product on the path that its size asks for.
    /// @param g the product
    public void run(DeviceGemm g) {
        run(g, path(g));
    }

    /// @param g a product
    /// @return the path that its size asks for
    public GemmPath path(DeviceGemm g) {
        if (g.m() == 0 || g.n() == 0) {
            return GemmPath.NOTHING;
        }
        if (GemmThresholds.reaches(g.work(), thresholds.wholeTilesFrom()) && allows(g, GemmPath.WHOLE_TILES)) {
            return GemmPath.WHOLE_TILES;
        }
        boolean padsLittle = g.m() >= fastParams.mwg() && g.n() >= fastParams.nwg() && g.k() >= LEAST_K;
        if (padsLittle && GemmThresholds.reaches(g.work(), thresholds.indirectFrom()) && allows(g, GemmPath.INDIRECT)) {
            return GemmPath.INDIRECT;
        }
        return GemmPath.DIRECT;
    }

    /// @param g a product
    /// @param path a path
    /// @return whether it leads to the result, fast or not
    public boolean allows(DeviceGemm g, GemmPath path) {
        return switch (path) {
            case NOTHING -> g.m() == 0 || g.n() == 0;
            case DIRECT -> true;
            case WHOLE_TILES -> !g.isSumOfNothing() && g.epilogue().source().isEmpty()
                    && isWholeTiles(g) && g.a().isWhole(g.m(), g.k()) && g.b().isWhole(g.k(), g.n())
                    && g.c().isWhole(g.m(), g.n());
            case INDIRECT -> !g.isSumOfNothing() && fitsInt(up(g.m(), fastParams.mwg()), up(g.k(), fastParams.kwg()))
                    && fitsInt(up(g.k(), fastParams.kwg()), up(g.n(), fastParams.nwg()))
                    && fitsInt(up(g.m(), fastParams.mwg()), up(g.n(), fastParams.nwg()));
        };
    }

    /// Enqueues a product on a chosen path.
    /// @param g the product
    /// @param path one that [#allows] it
    /// @throws IllegalArgumentException if the path does not allow it
    public void run(DeviceGemm g, GemmPath path) {
        if (!allows(g, path)) {
            throw new IllegalArgumentException("gemm: the path " + path + " must allow the product; got " + g.m() + "x"
                    + g.k() + "x" + g.n() + ", alpha " + g.alpha() + ", epilogue " + g.epilogue().name() + "; take "
                    + path(g));
        }
        switch (path) {
            case NOTHING -> { }
            case DIRECT -> direct(g);
            case WHOLE_TILES -> rung(g.m(), g.n(), g.k(), g.alpha(), g.a().buffer(), g.b().buffer(), g.beta(),
                    g.c().buffer());
            case INDIRECT -> indirect(g);
        }
    }

    private void direct(DeviceGemm g) {
        if (g.m() == 0 || g.n() == 0) {
            return;
        }
        int k = g.isSumOfNothing() ? 0 : g.k();
        // With no steps A and B are not read and may have no buffer, but a kernel wants one.
        DeviceMatrix a = k == 0 ? g.c() : g.a();
        DeviceMatrix b = k == 0 ? g.c() : g.b();
        DeviceMatrix c = g.c();
        runtime.launch(source(GemmKernel.DIRECT.resources(), directParams.options(), g.epilogue()),
                GemmKernel.DIRECT.function(), directParams.globalSize(g.m(), g.n()), directParams.localSize(),
                with(g.epilogue(), g.m(), g.n(), k, g.alpha(), a.buffer(), a.offset(), a.rowStride(), a.colStride(),
                        b.buffer(), b.offset(), b.rowStride(), b.colStride(), g.beta(), c.buffer(), c.offset(),
                        c.rowStride()));
    }

    private void indirect(DeviceGemm g) {
        int m = up(g.m(), fastParams.mwg());
        int n = up(g.n(), fastParams.nwg());
        int k = up(g.k(), fastParams.kwg());
        List<cl_mem> scratch = new ArrayList<>();
        try {
            cl_mem a = padded(g.a(), g.m(), g.k(), m, k, scratch);
            cl_mem b = padded(g.b(), g.k(), g.n(), k, n, scratch);
            cl_mem sum = acquire(m * n, scratch);
            rung(m, n, k, 1, a, b, 0, sum);
            runtime.launch(copies(g.epilogue()), "unpad_finish", new long[] {up(g.n(), TILE), up(g.m(), ROWS)},
                    new long[] {TILE, ROWS}, with(g.epilogue(), g.m(), g.n(), sum, n, g.alpha(), g.beta(),
                            g.c().buffer(), g.c().offset(), g.c().rowStride()));
        } finally {
            scratch.forEach(runtime::release);
        }
    }

    /// The matrix itself if it is whole tiles without gaps, else a copy that is.
    private cl_mem padded(DeviceMatrix x, int rows, int cols, int toRows, int toCols, List<cl_mem> scratch) {
        if (rows == toRows && cols == toCols && x.isWhole(rows, cols)) {
            return x.buffer();
        }
        cl_mem copy = acquire(toRows * toCols, scratch);
        runtime.launch(copies(GemmEpilogue.NONE), "pad",
                new long[] {up(toCols, TILE), (long) up(toRows, TILE) / TILE * ROWS}, new long[] {TILE, ROWS},
                rows, cols, x.buffer(), x.offset(), x.rowStride(), x.colStride(), toRows, toCols, copy);
        return copy;
    }

    private cl_mem acquire(int floats, List<cl_mem> scratch) {
        cl_mem buffer = runtime.acquire(floats);
        scratch.add(buffer);
        return buffer;
    }

    private void rung(int m, int n, int k, float alpha, cl_mem a, cl_mem b, float beta, cl_mem c) {
        long[] global = fastParams.globalSize(m, n);
        long[] local = fastParams.localSize();
        if (fast == GemmKernel.NAIVE) {
            global = new long[] {global[1], global[0]};
            local = new long[] {local[1], local[0]};
        }
        runtime.launch(source(fast.resources(), fastParams.options(), GemmEpilogue.NONE), fast.function(), global, local,
                m, n, k, alpha, a, b, beta, c);
    }

    private KernelSource copies(GemmEpilogue epilogue) {
        return source(List.of("gemm_epilogue.cl", "pad_transpose.cl"), "-DTILE=" + TILE + " -DROWS=" + ROWS, epilogue);
    }

    private KernelSource source(List<String> resources, String options, GemmEpilogue epilogue) {
        return sources.computeIfAbsent(new SourceKey(resources, options, epilogue.source()),
                key -> KernelSource.of(resources, options, epilogue));
    }

    private static Object[] with(GemmEpilogue epilogue, Object... args) {
        Object[] all = Arrays.copyOf(args, args.length + epilogue.args().size());
        for (int i = args.length; i < all.length; i++) {
            all[i] = epilogue.args().get(i - args.length);
        }
        return all;
    }

    private boolean isWholeTiles(DeviceGemm g) {
        return fast.anySize() || g.m() % fastParams.mwg() == 0 && g.n() % fastParams.nwg() == 0
                && g.k() % fastParams.kwg() == 0;
    }

    private static boolean fitsInt(int rows, int cols) {
        return (long) rows * cols < Integer.MAX_VALUE;
    }

    /// The next multiple; saturates, and what saturates fits no buffer.
    private static int up(int extent, int tile) {
        return (int) Math.min(Integer.MAX_VALUE, (extent + tile - 1L) / tile * tile);
    }
}
