package larch.gemm;

/// Runs a microkernel whose microtile reaches over the right edge of C: on a copy in scratch memory, of which
/// only the columns inside C are copied back. So the kernel needs no masks and what lies beside C stays as it
/// was.
final class EdgeTile {
    private EdgeTile() {
    }

    /// @param kernel  a kernel of `rows` rows and `nr` columns; its B must hold `nr` columns
    /// @param rows    rows of the microtile
    /// @param columns its columns inside C, fewer than `nr`
    /// @param nr      its columns
    /// @param scratch at least `rows · nr` floats
    static void run(MicroKernel kernel, int rows, int columns, int nr, float[] scratch,
                    int k, float alpha, float[] a, int aOffset, int aRowStride, int aColStride,
                    float[] b, int bOffset, int bRowStride, float beta, float[] c, int cOffset, int cRowStride) {
        if (beta != 0) {
            for (int i = 0; i < rows; i++) {
                System.arraycopy(c, cOffset + i * cRowStride, scratch, i * nr, columns);
            }
        }
        kernel.run(k, alpha, a, aOffset, aRowStride, aColStride, b, bOffset, bRowStride, beta, scratch, 0, nr);
        for (int i = 0; i < rows; i++) {
            System.arraycopy(scratch, i * nr, c, cOffset + i * cRowStride, columns);
        }
    }
}
