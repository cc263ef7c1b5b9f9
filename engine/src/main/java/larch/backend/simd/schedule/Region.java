package larch.backend.simd.schedule;

import java.util.ArrayList;
import java.util.List;
import larch.backend.KernelCall;
import larch.parallel.ThreadTeam;

/// A stretch of a plan in which no worker has to wait for another: one fork and join around many kernels.
final class Region implements ThreadTeam.Task {
    /// Calls that are cut into the same number of parts and run part by part: all of them for the first part, then all
    /// for the second, so that a part's rows stay in the cache. Or one call that is not cut.
    private static final class Band {
        private final List<Piece> pieces = new ArrayList<>();
        /// Who runs a call that is not cut.
        private final int owner;
        private Runnable[][] kernels;

        Band(int owner) {
            this.owner = owner;
        }

        private boolean isCut() {
            return pieces.getFirst().isCut();
        }

        private boolean hasRoomFor(Piece piece) {
            return isCut() && piece.parts() == pieces.getFirst().parts()
                    && pieces.stream().allMatch(piece::keepsToPartsOf);
        }

        private boolean mustPrecede(Piece piece) {
            return pieces.stream().anyMatch(piece::conflictsWith);
        }

        private boolean keepsTo(int worker, Piece piece, int threads) {
            return pieces.stream().allMatch(other -> piece.keepsToWorkersOf(worker, other, owner, threads));
        }

        private void prepare(Workers workers) {
            kernels = new Runnable[pieces.getFirst().parts()][pieces.size()];
            for (int part = 0; part < kernels.length; part++) {
                for (int i = 0; i < pieces.size(); i++) {
                    Piece piece = pieces.get(i);
                    kernels[part][i] = piece.isAlone() ? workers.prepare(piece.call()) : workers.prepareAlone(piece.part(part));
                }
            }
        }
    }

    private final Workers workers;
    private final int threads;
    private final List<Band> bands = new ArrayList<>();
    /// How many calls that are not cut each worker has: the next one goes to who has fewest.
    private final int[] loads;
    private Band[] order;
    private long[][] nanos;

    Region(Workers workers) {
        this.workers = workers;
        threads = workers.threads();
        loads = new int[threads];
    }

    /// Takes a call in if nobody has to wait for anybody then. It must follow all calls of the region in the program.
    /// @param piece the call
    /// @return whether it was taken in
    boolean take(Piece piece) {
        boolean mustBeAlone = piece.isAlone() || !bands.isEmpty() && bands.getFirst().pieces.getFirst().isAlone();
        int worker = workerFor(piece);
        if (worker < 0 || mustBeAlone && !bands.isEmpty()) {
            return false;
        }
        for (int i = bands.size() - 1; i >= 0; i--) {
            if (bands.get(i).hasRoomFor(piece)) {
                bands.get(i).pieces.add(piece);
                return true;
            }
            if (bands.get(i).mustPrecede(piece)) {
                break;
            }
        }
        Band band = new Band(worker);
        band.pieces.add(piece);
        bands.add(band);
        if (!piece.isCut()) {
            loads[worker]++;
        }
        return true;
    }

    /// @return who should run it, 0 if it is cut; −1 if somebody would have to wait, or if a heavy one has no choice: it may
    ///         have one in the next region
    private int workerFor(Piece piece) {
        int best = -1;
        int candidates = piece.isCut() || piece.isCallers() ? 1 : threads;
        int free = 0;
        for (int i = 0; i < candidates; i++) {
            int worker = i;
            if (bands.stream().allMatch(band -> band.keepsTo(worker, piece, threads))) {
                free++;
                best = best < 0 || loads[worker] < loads[best] ? worker : best;
            }
        }
        return free == candidates || !piece.isHeavy() ? best : -1;
    }

    void prepare() {
        bands.forEach(band -> band.prepare(workers));
        order = bands.toArray(Band[]::new);
    }

    private boolean isForked() {
        return bands.stream().anyMatch(band -> band.isCut() && threads > 1 || band.owner > 0);
    }

    /// @return what runs the region
    Runnable kernel() {
        return isForked() ? () -> workers.parallel(threads, this) : () -> run(0);
    }

    /// @param nanosOfWorkers where each worker adds how long each call of the plan took; null for no clock
    void clock(long[][] nanosOfWorkers) {
        nanos = nanosOfWorkers;
    }

    @Override
    public void run(int worker) {
        for (Band band : order) {
            if (!band.isCut()) {
                if (band.owner == worker) {
                    run(band, 0, worker);
                }
                continue;
            }
            int count = band.kernels.length;
            for (int part = worker * count / threads; part < (worker + 1) * count / threads; part++) {
                run(band, part, worker);
            }
        }
    }

    private void run(Band band, int part, int worker) {
        Runnable[] kernels = band.kernels[part];
        if (nanos == null) {
            for (Runnable kernel : kernels) {
                kernel.run();
            }
            return;
        }
        long start = System.nanoTime();
        for (int i = 0; i < kernels.length; i++) {
            kernels[i].run();
            long end = System.nanoTime();
            nanos[worker][band.pieces.get(i).number()] += end - start;
            start = end;
        }
    }

    /// @return the calls, in the order in which they are run, each with how it is shared out
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Band band : bands) {
            for (Piece piece : band.pieces) {
                KernelCall call = piece.call();
                lines.add((piece.isAlone() ? "alone" : band.isCut() ? piece.parts() + " parts" : "worker " + band.owner)
                        + "  " + call);
            }
        }
        return lines;
    }
}
