package larch.gemm;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// The microkernels of one blocking and one epilogue, looked up without allocation, and which microtile suits
/// a strip of C.
///
/// A strip narrower than `nr` takes a taller microtile and a strip lower than `mr` a wider one, so that about
/// as many accumulators are busy: fewer would wait for each other, as each fused multiply-add takes several
/// cycles.
///
/// Until a kernel is warm ([KernelWarmup]), another stands in for it, with the same bits: [PlainKernel] for a
/// product, [TwoPassKernel] for one with an epilogue, and for good if that is too long for the registers.
final class GemmTiles {
    private static final int MAX_ROWS = 8;
    private static final int MAX_VECTORS = 8;

    private final MicroKernels kernels;
    private final GemmBlocking blocking;
    private final KernelWarmup warmup;
    private final GemmTiles products;
    private final Epilogue.Form form;
    private final int maxRows;
    private final int maxVectors;
    private final AtomicReferenceArray<MicroKernel> tiles;
    private final ConcurrentMap<Epilogue.Form, GemmTiles> forms;

    /// @param kernels  where compiled kernels come from
    /// @param blocking the preferred microtile
    /// @param warmup   null to use kernels at once, cold as they are
    GemmTiles(MicroKernels kernels, GemmBlocking blocking, KernelWarmup warmup) {
        this(kernels, blocking, warmup, null, Epilogue.NONE.form(), new ConcurrentHashMap<>());
        if (kernels.lanes() != blocking.lanes()) {
            throw new IllegalArgumentException("gemm: the kernels have " + kernels.lanes()
                    + " lanes but the blocking is for " + blocking.lanes());
        }
    }

    /// @param products those without an epilogue; null if these are the ones
    private GemmTiles(MicroKernels kernels, GemmBlocking blocking, KernelWarmup warmup, GemmTiles products,
                      Epilogue.Form form, ConcurrentMap<Epilogue.Form, GemmTiles> forms) {
        this.kernels = kernels;
        this.blocking = blocking;
        this.warmup = warmup;
        this.products = products;
        this.form = form;
        this.forms = forms;
        maxRows = Math.max(MAX_ROWS, blocking.mr());
        maxVectors = Math.max(MAX_VECTORS, blocking.vectors());
        tiles = new AtomicReferenceArray<>(Update.values().length * maxRows * maxVectors);
    }

    /// @return the kernels that end with this epilogue; this, if it is none
    GemmTiles endingWith(Epilogue epilogue) {
        if (epilogue.form().isNone()) {
            return this;
        }
        GemmTiles known = forms.get(epilogue.form());
        return known != null ? known : forms.computeIfAbsent(epilogue.form(),
                ending -> new GemmTiles(kernels, blocking, warmup, this, ending, forms));
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

    /// @param mr      rows
    /// @param vectors columns in vectors
    /// @param update  how sums enter C
    /// @return the kernel for a microtile
    MicroKernel tile(int mr, int vectors, Update update) {
        MicroKernel kernel = tiles.get(place(mr, vectors, update));
        return kernel == null ? firstTile(mr, vectors, update) : kernel;
    }

    private int place(int mr, int vectors, Update update) {
        return (update.ordinal() * maxRows + mr - 1) * maxVectors + vectors - 1;
    }

    private synchronized MicroKernel firstTile(int mr, int vectors, Update update) {
        int place = place(mr, vectors, update);
        if (tiles.get(place) == null) {
            Microtile microtile = new Microtile(mr, vectors, blocking.kUnroll(), update, form);
            int nr = vectors * blocking.lanes();
            MicroKernel standIn = form.isNone() ? new PlainKernel(mr, nr)
                    : new TwoPassKernel(products, mr, vectors, update, finish(), nr);
            if (!kernels.fits(microtile)) {
                tiles.set(place, standIn);
            } else if (warmup == null) {
                tiles.set(place, kernels.tile(microtile));
            } else {
                MicroKernel compiled = kernels.tile(microtile);
                tiles.set(place, standIn);
                warmup.warm(compiled, microtile, blocking.lanes(), () -> tiles.set(place, compiled));
            }
        }
        return tiles.get(place);
    }

    /// @return what applies the epilogue to elements that no microkernel finishes; null if it is none
    EpilogueKernel finish() {
        return form.isNone() ? null : kernels.epilogue(form);
    }
}
