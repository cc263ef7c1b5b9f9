package larch.opencl.gemm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.NdRange;
import larch.opencl.runtime.OpenClRuntime;
import larch.opencl.source.ProgramSource;

/// Matrix products of any extents, strides and epilogue on a device.
///
/// Small products, and those of odd shapes, take the guarded kernel `gemm_direct.cl`; large ones a fast kernel of the
/// ladder, on copies padded to whole tiles (`pad_transpose.cl`) unless the matrices are whole tiles already. Every path
/// gives the same bits: each element is one chain of `fma` over ascending k from 0, then `alpha · acc`, or
/// `fma(alpha, acc, beta · c)`; then the epilogue. (Exceptions: a device that flushes subnormals, and a sum of exactly -0,
/// which padding makes +0. And tensor cores, where they are chosen: [TensorCores].)
public final class OpenClGemm {
    /// TILE and ROWS of `pad_transpose.cl`.
    private static final int TILE = 32;
    private static final int ROWS = 8;
    /// Below these extents padding could more than double the work.
    private static final int LEAST_K = 64;
    /// Rows of C for which turning a transposed B pays on a CPU.
    private static final int LEAST_ROWS = 16;

    private final GemmRuntime runtime;
    private final GemmKernel fast;
    private final GemmParams fastParams;
    private final GemmKernel direct;
    private final GemmParams directParams;
    private final GemmThresholds thresholds;
    private final ProgramSource directSource;
    private final ProgramSource fastSource;
    private final ProgramSource copiesSource = ProgramSource.ofFiles(List.of("gemm_epilogue.cl", "pad_transpose.cl"),
            "-DTILE=" + TILE + " -DROWS=" + ROWS);
    /// So that a product builds no strings.
    private final Map<Finished, ProgramSource> finished = new ConcurrentHashMap<>();

    private record Finished(ProgramSource kernel, String epilogue) {}

    /// Products with the top of the ladder and its default numbers.
    /// @param opened the device
    /// @throws IllegalArgumentException if the device is too small for them
    public OpenClGemm(OpenClRuntime opened) {
        this(opened, GemmKernel.WARP);
    }

    /// Products with a chosen kernel and its default numbers.
    /// @param opened the device
    /// @param fast the kernel for large products, one of [GemmKernel#fast]
    /// @throws IllegalArgumentException if the device is too small for them
    public OpenClGemm(OpenClRuntime opened, GemmKernel fast) {
        this(opened, GemmChoice.SHIPPED.withFast(fast, fast.defaults()));
    }

    /// Products with chosen kernels.
    /// @param opened the device
    /// @param choice which kernels, and when
    /// @throws IllegalArgumentException if a number is too large for the device, or it lacks the tensor cores that were chosen
    public OpenClGemm(OpenClRuntime opened, GemmChoice choice) {
        this(new PooledGemmRuntime(opened), choice);
        if (choice.fast().usesTensorCores()) {
            new TensorCores(choice.fast(), choice.fastParams()).require(opened);
        }
    }

    private OpenClGemm(GemmRuntime runtime, GemmChoice choice) {
        this(runtime, choice.fast(), choice.fastParams(), choice.direct(runtime.device()),
                choice.directParams(runtime.device()), choice.thresholds(runtime.device()));
    }

    /// Products with chosen kernels.
    /// @param runtime the opened device
    /// @param fast the kernel for large products, one of [GemmKernel#fast]
    /// @param fastParams its numbers
    /// @param directParams the numbers of the direct kernel
    /// @param thresholds when to take which
    /// @throws IllegalArgumentException if a number is wrong, or too large for the device
    public OpenClGemm(GemmRuntime runtime, GemmKernel fast, GemmParams fastParams, GemmParams directParams,
            GemmThresholds thresholds) {
        this(runtime, fast, fastParams, GemmKernel.DIRECT, directParams, thresholds);
    }

    /// Products with chosen kernels. Whether the device has what [GemmKernel#TF32X3] and [GemmKernel#TF32] need is not asked.
    /// @param runtime the opened device
    /// @param fast the kernel for large products, one of [GemmKernel#fast]
    /// @param fastParams its numbers
    /// @param direct the kernel for all others, one of the two direct ones
    /// @param directParams its numbers
    /// @param thresholds when to take which
    /// @throws IllegalArgumentException if a number is wrong, or too large for the device
    public OpenClGemm(GemmRuntime runtime, GemmKernel fast, GemmParams fastParams, GemmKernel direct,
            GemmParams directParams, GemmThresholds thresholds) {
        if (!GemmKernel.fast().contains(fast)) {
            throw new IllegalArgumentException("gemm: the fast kernel must be one of " + GemmKernel.fast() + "; got "
                    + fast);
        }
        fast.require(fastParams, runtime.device());
        direct.require(directParams, runtime.device());
        this.runtime = runtime;
        this.fast = fast;
        this.fastParams = fastParams;
        this.direct = direct;
        this.directParams = directParams;
        this.thresholds = thresholds;
        directSource = ProgramSource.ofFiles(direct.resources(), direct.options(directParams));
        fastSource = ProgramSource.ofFiles(fast.resources(), fast.options(fastParams));
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

    /// @param m rows of C
    /// @param n columns of C
    /// @param k inner extent
    /// @return whether a product of that size takes one of the fast paths, if its operands allow it
    public boolean isLarge(int m, int n, int k) {
        return GemmThresholds.reaches((double) m * n * k, thresholds.indirectFrom());
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
            case DIRECT -> {
                if (turnsB(g)) {
                    turned(g);
                } else {
                    direct(g);
                }
            }
            case WHOLE_TILES -> rung(g.m(), g.n(), g.k(), g.alpha(), g.a().memory(), g.b().memory(), g.beta(),
                    g.c().memory());
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
        runtime.launch(with(g.epilogue(), directSource), direct.function(),
                NdRange.of(directParams.globalSize(g.m(), g.n()), directParams.localSize()),
                with(g.epilogue(), g.m(), g.n(), k, g.alpha(), a.memory(), a.offset(), a.rowStride(), a.colStride(),
                        b.memory(), b.offset(), b.rowStride(), b.colStride(), g.beta(), c.memory(), c.offset(),
                        c.rowStride()));
    }

    /// A CPU's kernel reads B along its rows; turning a transposed B costs as much as some rows of C.
    private boolean turnsB(DeviceGemm g) {
        return direct == GemmKernel.DIRECT_CPU && g.b().colStride() != 1 && g.n() > 1 && g.m() >= LEAST_ROWS
                && !g.isSumOfNothing() && fitsInt(g.k(), g.n());
    }

    private void turned(DeviceGemm g) {
        List<DeviceMemory> scratch = new ArrayList<>();
        try {
            DeviceMemory b = padded(g.b(), g.k(), g.n(), g.k(), g.n(), scratch);
            direct(new DeviceGemm(g.m(), g.n(), g.k(), g.alpha(), g.a(), DeviceMatrix.of(b, g.n()), g.beta(), g.c(),
                    g.epilogue()));
        } finally {
            scratch.forEach(runtime::giveBack);
        }
    }

    private void indirect(DeviceGemm g) {
        int m = up(g.m(), fastParams.mwg());
        int n = up(g.n(), fastParams.nwg());
        int k = up(g.k(), fastParams.kwg());
        List<DeviceMemory> scratch = new ArrayList<>();
        try {
            DeviceMemory a = padded(g.a(), g.m(), g.k(), m, k, scratch);
            DeviceMemory b = padded(g.b(), g.k(), g.n(), k, n, scratch);
            DeviceMemory sum = take(m * n, scratch);
            rung(m, n, k, 1, a, b, 0, sum);
            runtime.launch(with(g.epilogue(), copiesSource), "unpad_finish", NdRange.covering(g.n(), g.m(), TILE, ROWS),
                    with(g.epilogue(), g.m(), g.n(), sum, n, g.alpha(), g.beta(),
                            g.c().memory(), g.c().offset(), g.c().rowStride()));
        } finally {
            scratch.forEach(runtime::giveBack);
        }
    }

    /// The matrix itself if it is whole tiles without gaps, else a copy that is.
    private DeviceMemory padded(DeviceMatrix x, int rows, int cols, int toRows, int toCols, List<DeviceMemory> scratch) {
        if (rows == toRows && cols == toCols && x.isWhole(rows, cols)) {
            return x.memory();
        }
        DeviceMemory copy = take(toRows * toCols, scratch);
        runtime.launch(copiesSource, "pad", NdRange.covering(toCols, (long) Math.ceilDiv(toRows, TILE) * ROWS, TILE, ROWS),
                rows, cols, x.memory(), x.offset(), x.rowStride(), x.colStride(), toRows, toCols, copy);
        return copy;
    }

    private DeviceMemory take(int floats, List<DeviceMemory> scratch) {
        DeviceMemory memory = runtime.take(floats);
        scratch.add(memory);
        return memory;
    }

    private void rung(int m, int n, int k, float alpha, DeviceMemory a, DeviceMemory b, float beta, DeviceMemory c) {
        long[] global = fastParams.globalSize(m, n);
        long[] local = fastParams.localSize();
        if (fast == GemmKernel.NAIVE) {
            global = new long[] {global[1], global[0]};
            local = new long[] {local[1], local[0]};
        }
        runtime.launch(fastSource, fast.function(), NdRange.of(global, local), m, n, k, alpha, a, b, beta, c);
    }

    private ProgramSource with(GemmEpilogue epilogue, ProgramSource kernel) {
        return epilogue.source().isEmpty() ? kernel
                : finished.computeIfAbsent(new Finished(kernel, epilogue.source()), _ -> epilogue.before(kernel));
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
