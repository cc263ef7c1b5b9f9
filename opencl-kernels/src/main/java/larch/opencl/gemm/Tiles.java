package larch.opencl.gemm;

/// How tiles of A and B lie in a work-group's local memory.
///
/// @param aByRows whether the rows of A are kept together, `mwg × (kwg + aPad)`; else its columns, `kwg × (mwg + aPad)`
/// @param aPad    surplus floats of a row of A's tile, which keep neighbours in different banks
/// @param bPad    surplus floats of a row of B's tile, `kwg × (nwg + bPad)`
/// @param copies  how many tiles are held at a time; [#AS_MANY_AS_FIT] for three or four
record Tiles(boolean aByRows, int aPad, int bPad, int copies) {
    /// In place of a number.
    static final int AS_MANY_AS_FIT = -1;
    /// No local memory.
    static final Tiles NONE = new Tiles(false, 0, 0, 0);
    /// What NVIDIA's devices have for an OpenCL kernel.
    private static final long LOCAL_BYTES = 48 << 10;
    private static final long MOST = 4;

    /// @param number how many are held at a time
    /// @return the same
    Tiles times(int number) {
        return new Tiles(aByRows, aPad, bPad, number);
    }

    /// @return whether as many are held as fit
    boolean isStaged() {
        return copies == AS_MANY_AS_FIT;
    }

    /// @param p numbers of a kernel
    /// @return how many are held at a time
    long number(GemmParams p) {
        return isStaged() ? Math.min(MOST, LOCAL_BYTES / bytesOfOne(p)) : copies;
    }

    /// @param p numbers of a kernel
    /// @return the bytes of all
    long bytes(GemmParams p) {
        return number(p) * bytesOfOne(p);
    }

    private long bytesOfOne(GemmParams p) {
        long a = aByRows ? p.mwg() * (p.kwg() + (long) aPad) : p.kwg() * (p.mwg() + (long) aPad);
        return (a + p.kwg() * (p.nwg() + (long) bPad)) * Float.BYTES;
    }
}
