package larch.gemm;

/// How C is shared out among threads: contiguous parts that begin at whole microtiles.
final class Split {
    private Split() {
    }

    /// @return where `part` of `parts` begins in an extent counted in grains; the last part ends at the
    ///         extent
    static int bound(int extent, int grain, int part, int parts) {
        long grains = (extent + grain - 1L) / grain;
        return (int) Math.min(extent, grains * part / parts * grain);
    }

    /// @return whether rows make the more even parts: columns are the second choice, as each part of columns
    ///         reads all of A
    static boolean byRows(int m, int mr, int n, int nr, int parts) {
        return evenness(m, mr, parts) >= evenness(n, nr, parts);
    }

    /// @return work of the average part over work of the largest, at most 1
    static double evenness(int extent, int grain, int parts) {
        long grains = (extent + grain - 1L) / grain;
        long largest = (grains + parts - 1) / parts * grain;
        return extent / ((double) largest * parts);
    }
}
