package larch.opencl.gemm;

import larch.opencl.runtime.OpenClRuntime;
import larch.opencl.runtime.Prepared;

/// Matrix products of any extents, strides and epilogue on a device.
///
/// Small products, and those of odd shapes, take the guarded kernel `gemm_direct.cl`; large ones a fast kernel of the
/// ladder, on copies padded to whole tiles (`pad_transpose.cl`) unless the matrices are whole tiles already. These paths
/// give the same bits: each element is one chain of `fma` over ascending k from 0, then `alpha · acc`, or
/// `fma(alpha, acc, beta · c)`; then the epilogue. (Exceptions: a device that flushes subnormals, and a sum of exactly -0,
/// which padding makes +0. And tensor cores, where they are chosen: [Arithmetic].)
///
/// [GemmPath#SPLIT] has several chains, as many as [SplitK] says of the extents. It is taken for `Aᵀ·B`, A and B of many
/// rows and few columns, as the gradients of weights are: sums over a batch, which leave a GPU idle if one work-item goes
/// through all of it. Other layouts of A are not cut, so a row of a batch has the same bits whatever the number of rows.
public final class OpenClGemm {
    /// Below these extents padding could more than double the work.
    private static final int LEAST_K = 64;

    private final GemmKernel fast;
    private final GemmParams fastParams;
    private final GemmThresholds thresholds;
    private final SplitK split;
    private final PathLaunches launches;
    private final String admission;

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
    /// @throws IllegalArgumentException if a number is too large for the device, or it is not admitted to a kernel that must be
    public OpenClGemm(OpenClRuntime opened, GemmChoice choice) {
        this(new PooledGemmRuntime(opened), choice, choice.fast().mustBeAdmitted()
                ? new Admission(choice.fast(), choice.fastParams()).require(opened) : "");
    }

    private OpenClGemm(GemmRuntime runtime, GemmChoice choice, String admission) {
        this(runtime, choice.fast(), choice.fastParams(), choice.direct(runtime.device()),
                choice.directParams(runtime.device()), choice.thresholds(runtime.device()), SplitK.of(runtime.device()),
                admission);
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
        this(runtime, fast, fastParams, GemmKernel.DIRECT, directParams, thresholds, SplitK.of(runtime.device()));
    }

    /// Products with chosen kernels. Whether the device is admitted to one of [GemmKernel#candidates] is not asked.
    /// @param runtime the opened device
    /// @param fast the kernel for large products, one of [GemmKernel#fast]
    /// @param fastParams its numbers
    /// @param direct the kernel for all others, one of the two direct ones
    /// @param directParams its numbers
    /// @param thresholds when to take which
    /// @param split when to cut sums, and where
    /// @throws IllegalArgumentException if a number is wrong, or too large for the device
    public OpenClGemm(GemmRuntime runtime, GemmKernel fast, GemmParams fastParams, GemmKernel direct,
            GemmParams directParams, GemmThresholds thresholds, SplitK split) {
        this(runtime, fast, fastParams, direct, directParams, thresholds, split, "");
    }

    private OpenClGemm(GemmRuntime runtime, GemmKernel fast, GemmParams fastParams, GemmKernel direct,
            GemmParams directParams, GemmThresholds thresholds, SplitK split, String admission) {
        if (!GemmKernel.fast().contains(fast)) {
            throw new IllegalArgumentException("gemm: the fast kernel must be one of " + GemmKernel.fast() + "; got "
                    + fast);
        }
        fast.require(fastParams, runtime.device());
        direct.require(directParams, runtime.device());
        this.fast = fast;
        this.fastParams = fastParams;
        this.thresholds = thresholds;
        this.split = split;
        this.admission = admission;
        launches = new PathLaunches(runtime, fast, fastParams, direct, directParams, split);
    }

    /// @return what the device was admitted to and why, in one line; empty if the fast kernel takes no admission
    public String admission() {
        return admission;
    }

    /// Prepares a product on the path that its size asks for.
    /// @param g the product
    /// @return the product, not yet run; what it holds of the device is given back when it is closed
    public Prepared prepare(DeviceGemm g) {
        return prepare(g, path(g));
    }

    /// Enqueues a product once, on the path that its size asks for.
    /// @param g the product
    public void run(DeviceGemm g) {
        run(g, path(g));
    }

    /// @param g a product
    /// @return the path that its size asks for
    public GemmPath path(DeviceGemm g) {
        if (g.isEmpty()) {
            return GemmPath.NOTHING;
        }
        if (g.a().isTransposed() && allows(g, GemmPath.SPLIT)) {
            return GemmPath.SPLIT;
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
            case NOTHING -> g.isEmpty();
            case DIRECT -> true;
            case SPLIT -> !g.isSumOfNothing() && isSplit(g.m(), g.n(), g.k());
            case WHOLE_TILES -> !g.isSumOfNothing() && g.epilogue().source().isEmpty()
                    && isWholeTiles(g) && g.a().isWhole(g.m(), g.k()) && g.b().isWhole(g.k(), g.n())
                    && g.c().isWhole(g.m(), g.n());
            case INDIRECT -> !g.isSumOfNothing() && fitsPadded(g);
        };
    }

    /// Prepares a product on a chosen path.
    /// @param g the product
    /// @param path one that [#allows] it
    /// @return as [#prepare(DeviceGemm)]
    /// @throws IllegalArgumentException if the path does not allow it
    public Prepared prepare(DeviceGemm g, GemmPath path) {
        if (!allows(g, path)) {
            throw new IllegalArgumentException("gemm: the path " + path + " must allow the product; got " + g.m() + "x"
                    + g.k() + "x" + g.n() + ", alpha " + g.alpha() + ", epilogue " + g.epilogue().name() + "; take "
                    + path(g));
        }
        return launches.prepare(g, path);
    }

    /// Enqueues a product once, on a chosen path.
    /// @param g the product
    /// @param path one that [#allows] it
    /// @throws IllegalArgumentException if the path does not allow it
    public void run(DeviceGemm g, GemmPath path) {
        try (Prepared product = prepare(g, path)) {
            product.run();
        }
    }

    private boolean isWholeTiles(DeviceGemm g) {
        return fast.anySize() || g.m() % fastParams.mwg() == 0 && g.n() % fastParams.nwg() == 0
                && g.k() % fastParams.kwg() == 0;
    }

    private boolean isSplit(int m, int n, int k) {
        int chunks = Math.ceilDiv(k, split.steps(m, n, k));
        return chunks > 1 && (long) chunks * m * n < Integer.MAX_VALUE;
    }

    private boolean fitsPadded(DeviceGemm g) {
        int m = fastParams.paddedM(g.m());
        int n = fastParams.paddedN(g.n());
        int k = fastParams.paddedK(g.k());
        return DeviceMatrix.fitsInt(m, k) && DeviceMatrix.fitsInt(k, n) && DeviceMatrix.fitsInt(m, n);
    }
}
