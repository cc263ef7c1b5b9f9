package larch.gemm;

/// The microkernels of one blocking, looked up without allocation, and which microtile suits a strip of C.
///
/// A strip narrower than `nr` takes a taller microtile and a strip lower than `mr` a wider one, so that about as many
/// accumulators are busy: fewer would wait for each other, as each fused multiply-add takes several cycles.
final class GemmTiles {
    private static final int MAX_ROWS = 8;
    private static final int MAX_VECTORS = 8;

    private final MicroKernels kernels;
    private final GemmBlocking blocking;
    private final int accumulators;
    // Filled on demand. Two threads may both fill a place, with kernels that compute the same.
    private final MicroKernel[][] tiles;
    private final MicroKernel[] columns;

    GemmTiles(MicroKernels kernels, GemmBlocking blocking) {
        if (kernels.lanes() != blocking.lanes()) {
            throw new IllegalArgumentException("gemm: the kernels have " + kernels.lanes()
                    + " lanes but the blocking is for " + blocking.lanes());
        }
        this.kernels = kernels;
        this.blocking = blocking;
        accumulators = blocking.mr() * blocking.vectors();
        tiles = new MicroKernel[Math.max(MAX_ROWS, blocking.mr())][Math.max(MAX_VECTORS, blocking.vectors())];
        columns = new MicroKernel[tiles.length];
    }

    /// @return rows of the microtile for a strip of `vectors` vectors
    int rowsFor(int vectors) {
        return Math.clamp(accumulators / vectors, 1, tiles.length);
    }

    /// @return vectors of the microtile for `rows` rows of C
    int vectorsFor(int rows) {
        return rows >= blocking.mr() ? blocking.vectors() : Math.clamp(accumulators / rows, 1, tiles[0].length);
    }

    /// @return rows of the microtile for a single column
    int rowsOfColumn() {
        return columns.length;
    }

    MicroKernel tile(int mr, int vectors) {
        MicroKernel kernel = tiles[mr - 1][vectors - 1];
        if (kernel == null) {
            kernel = kernels.tile(mr, vectors, blocking.kUnroll());
            tiles[mr - 1][vectors - 1] = kernel;
        }
        return kernel;
    }

    MicroKernel column(int mr) {
        MicroKernel kernel = columns[mr - 1];
        if (kernel == null) {
            kernel = kernels.column(mr, blocking.kUnroll());
            columns[mr - 1] = kernel;
        }
        return kernel;
    }
}
