package larch.gemm;

import java.util.concurrent.atomic.AtomicReferenceArray;

/// The microkernels of one blocking, looked up without allocation, and which microtile suits a strip of C.
///
/// A strip narrower than `nr` takes a taller microtile and a strip lower than `mr` a wider one, so that about
/// as many accumulators are busy: fewer would wait for each other, as each fused multiply-add takes several
/// cycles.
///
/// Until a kernel is warm ([KernelWarmup]), [PlainKernel] stands in for it, with the same bits.
final class GemmTiles {
    private static final int MAX_ROWS = 8;
    private static final int MAX_VECTORS = 8;

    private final MicroKernels kernels;
    private final GemmBlocking blocking;
    private final KernelWarmup warmup;
    private final int maxRows;
    private final int maxVectors;
    private final AtomicReferenceArray<MicroKernel> tiles;
    private final AtomicReferenceArray<MicroKernel> columns;

    /// @param kernels  where compiled kernels come from
    /// @param blocking the preferred microtile
    /// @param warmup   null to use kernels at once, cold as they are
    GemmTiles(MicroKernels kernels, GemmBlocking blocking, KernelWarmup warmup) {
        if (kernels.lanes() != blocking.lanes()) {
            throw new IllegalArgumentException("gemm: the kernels have " + kernels.lanes()
                    + " lanes but the blocking is for " + blocking.lanes());
        }
        this.kernels = kernels;
        this.blocking = blocking;
        this.warmup = warmup;
        maxRows = Math.max(MAX_ROWS, blocking.mr());
        maxVectors = Math.max(MAX_VECTORS, blocking.vectors());
        tiles = new AtomicReferenceArray<>(maxRows * maxVectors);
        columns = new AtomicReferenceArray<>(maxRows);
    }

    /// @return rows of the microtile for a strip of `vectors` vectors
    int rowsFor(int vectors) {
        return Math.clamp(blocking.mr() * blocking.vectors() / vectors, 1, maxRows);
    }

    /// @return vectors of the microtile for `rows` rows of C
    int vectorsFor(int rows) {
        return rows >= blocking.mr()
                ? blocking.vectors()
                : Math.clamp(blocking.mr() * blocking.vectors() / rows, 1, maxVectors);
    }

    /// @return rows of the microtile for a single column
    int rowsOfColumn() {
        return maxRows;
    }

    /// @return the kernel for a microtile
    MicroKernel tile(int mr, int vectors) {
        MicroKernel kernel = tiles.get((mr - 1) * maxVectors + vectors - 1);
        return kernel == null ? firstTile(mr, vectors) : kernel;
    }

    private synchronized MicroKernel firstTile(int mr, int vectors) {
        int at = (mr - 1) * maxVectors + vectors - 1;
        if (tiles.get(at) == null) {
            MicroKernel compiled = kernels.tile(mr, vectors, blocking.kUnroll());
            if (warmup == null) {
                tiles.set(at, compiled);
            } else {
                tiles.set(at, new PlainKernel(mr, vectors * blocking.lanes()));
                warmup.warm(compiled, mr, vectors, blocking.lanes(), () -> tiles.set(at, compiled));
            }
        }
        return tiles.get(at);
    }

    /// @return the kernel for a single column; it works on floats, so it needs no warm-up
    MicroKernel column(int mr) {
        MicroKernel kernel = columns.get(mr - 1);
        if (kernel == null) {
            kernel = kernels.column(mr, blocking.kUnroll());
            columns.set(mr - 1, kernel);
        }
        return kernel;
    }
}
