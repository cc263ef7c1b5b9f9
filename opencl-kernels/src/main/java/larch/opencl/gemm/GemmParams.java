package larch.opencl.gemm;

import java.util.Locale;

/// The tunable numbers of a matrix kernel, by the names that CLBlast and myGEMM gave them.
///
/// A work-group computes `mwg × nwg` elements of C in tiles of `kwg` steps, with `mdimc × ndimc` work-items of
/// `mwi × nwi` elements each. What every kernel needs is checked here; [GemmKernel#require] knows what one of them needs
/// besides. Source: C. Nugteren, *CLBlast: A Tuned OpenCL BLAS Library*, IWOCL 2018.
///
/// @param mwg   rows of C per work-group
/// @param nwg   columns of C per work-group
/// @param kwg   steps of k per tile
/// @param mdimc work-items per work-group along m
/// @param ndimc work-items per work-group along n, the dimension in which neighbours are neighbours in memory
/// @param kwi   steps of k that are unrolled
/// @param vwm   floats per load of A: 1, 2 or 4
/// @param vwn   floats per load of B and store of C: 1, 2 or 4
public record GemmParams(int mwg, int nwg, int kwg, int mdimc, int ndimc, int kwi, int vwm, int vwn) {
    /// Checks what every kernel needs.
    /// @throws IllegalArgumentException naming the numbers, what they must be and why
    public GemmParams {
        positive("MWG", mwg);
        positive("NWG", nwg);
        positive("KWG", kwg);
        positive("MDIMC", mdimc);
        positive("NDIMC", ndimc);
        positive("KWI", kwi);
        divides("MDIMC", mdimc, "MWG", mwg, "all work-items compute the same number of rows");
        divides("NDIMC", ndimc, "NWG", nwg, "all work-items compute the same number of columns");
        divides("KWI", kwi, "KWG", kwg, "a tile is a whole number of unrolled parts");
        width("VWM", vwm);
        width("VWN", vwn);
        divides("VWM", vwm, "MWI", mwg / mdimc, "a vector of A must not straddle work-items");
        divides("VWM", vwm, "KWG", kwg, "a vector of A must not straddle tiles");
        divides("VWN", vwn, "NWI", nwg / ndimc, "a vector of B must not straddle work-items");
    }

    /// Numbers for a kernel that neither unrolls nor loads vectors.
    /// @param mwg   rows of C per work-group
    /// @param nwg   columns of C per work-group
    /// @param kwg   steps of k per tile
    /// @param mdimc work-items along m
    /// @param ndimc work-items along n
    /// @return the numbers, with KWI = VWM = VWN = 1
    public static GemmParams scalar(int mwg, int nwg, int kwg, int mdimc, int ndimc) {
        return new GemmParams(mwg, nwg, kwg, mdimc, ndimc, 1, 1, 1);
    }

    /// @return MWI, the rows of C per work-item
    public int mwi() {
        return mwg / mdimc;
    }

    /// @return NWI, the columns of C per work-item
    public int nwi() {
        return nwg / ndimc;
    }

    /// @return the work-items of a work-group
    public int items() {
        return Math.multiplyExact(mdimc, ndimc);
    }

    /// @return the options for the compiler, as in `-DMWG=128 -DNWG=128 …`
    public String options() {
        return String.format(Locale.ROOT, "-DMWG=%d -DNWG=%d -DKWG=%d -DMDIMC=%d -DNDIMC=%d -DKWI=%d -DVWM=%d -DVWN=%d",
                mwg, nwg, kwg, mdimc, ndimc, kwi, vwm, vwn);
    }

    /// @param m rows of C
    /// @param n columns of C
    /// @return the work-items of a launch, along n and along m, rounded up to whole work-groups
    public long[] globalSize(int m, int n) {
        return new long[] {(long) Math.ceilDiv(n, nwg) * ndimc, (long) Math.ceilDiv(m, mwg) * mdimc};
    }

    /// @return the work-items of a work-group, along n and along m
    public long[] localSize() {
        return new long[] {ndimc, mdimc};
    }

    /// @param m rows of C
    /// @return the next whole number of tiles; `Integer.MAX_VALUE`, which fits no memory, if it is larger
    int paddedM(int m) {
        return up(m, mwg);
    }

    /// @param n columns of C
    /// @return likewise
    int paddedN(int n) {
        return up(n, nwg);
    }

    /// @param k steps
    /// @return likewise
    int paddedK(int k) {
        return up(k, kwg);
    }

    private static int up(int extent, int tile) {
        return (int) Math.min(Integer.MAX_VALUE, (extent + tile - 1L) / tile * tile);
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("gemm: " + name + " must be >= 1; got " + value);
        }
    }

    private static void width(String name, int value) {
        if (value != 1 && value != 2 && value != 4) {
            throw new IllegalArgumentException("gemm: " + name + " must be 1, 2 or 4, as 16 bytes are the widest load; got "
                    + value);
        }
    }

    static void divides(String divisor, long d, String name, long value, String reason) {
        if (value % d != 0) {
            throw new IllegalArgumentException("gemm: " + divisor + " must divide " + name + ", so that " + reason
                    + "; got " + d + " and " + value);
        }
    }
}
