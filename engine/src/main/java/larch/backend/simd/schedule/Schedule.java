package larch.backend.simd.schedule;

import java.util.ArrayList;
import java.util.List;
import larch.backend.Executable;
import larch.backend.KernelCall;
import larch.backend.Memory;
import larch.backend.Trace;
import larch.backend.rowwise.RowCall;

/// A program as regions in which no thread waits for another, its calls cut into parts by rows.
///
/// The rows of a batch go through a network side by side: the first half of `Y ← relu(X·W + b)` needs the first half of X
/// and of nothing else that the program computes. So a worker can take its rows through all the layers, forward and back,
/// and only where rows meet, as in `Xᵀ·dY`, must all have come so far:
///
/// ```text
///            worker 0                 worker 1
///  region 1  gather   rows 0…63       gather   rows 64…127
///            X·W + b  rows 0…63       X·W + b  rows 64…127
///            dY·Wᵀ    rows 0…63       dY·Wᵀ    rows 64…127
///  ─────────────────────── all wait ────────────────────────
///  region 2  Xᵀ·dY    rows of dW      Xᵀ·dY    rows of dW
///            step of those rows of W  step of those rows of W
/// ```
///
/// A fork and join for each kernel would cost more than most kernels take, and would spread each result over the caches of
/// all cores. With many rows, parts have a fixed number of them, so that they stay in the cache from kernel to kernel; one
/// thread alone gains from that, too.
///
/// Calls are moved up as far as their memory allows: into the first region where everything before them is done.
public final class Schedule implements Executable {
    /// A call that cannot be cut by rows but has more elements than this is left to all threads together.
    private static final int SHARED_ELEMENTS = 65_536;

    private final List<Region> regions = new ArrayList<>();
    private final Runnable[] kernels;
    private final Workers workers;
    private final int calls;

    /// @param trace   the program
    /// @param workers who runs it
    public Schedule(Trace trace, Workers workers) {
        this.workers = workers;
        calls = trace.calls().size();
        List<Memory> memory = trace.internal().stream().map(Memory::of).toList();
        List<Piece> waiting = new ArrayList<>();
        for (KernelCall call : trace.calls()) {
            int parts = parts(call);
            waiting.add(new Piece(waiting.size(), call, parts, parts == 1 && isAlone(call), memory));
        }
        while (!waiting.isEmpty()) {
            regions.add(next(waiting));
        }
        kernels = regions.stream().map(Region::kernel).toArray(Runnable[]::new);
    }

    private boolean isAlone(KernelCall call) {
        return workers.threads() > 1 && switch (call) {
            case KernelCall.Host _ -> false;
            // What all threads need: to wait for it in the middle of their work would cost them another fork and join.
            case KernelCall.SeriesRow row -> row.kind() == KernelCall.SeriesRow.Kind.NEXT;
            default -> call.reads().stream().anyMatch(memory -> memory.size() > SHARED_ELEMENTS);
        };
    }

    private int parts(KernelCall call) {
        int rows = RowCall.rows(call);
        int threads = workers.threads();
        return rows < threads ? 1
                : threads * (int) Math.max(1, Math.round(rows / (double) (threads * workers.tileRows())));
    }

    private Region next(List<Piece> waiting) {
        Region region = new Region(workers);
        List<Piece> left = new ArrayList<>();
        for (Piece piece : waiting) {
            if (left.stream().anyMatch(piece::conflictsWith) || !region.take(piece)) {
                left.add(piece);
            }
        }
        waiting.clear();
        waiting.addAll(left);
        region.prepare();
        return region;
    }

    @Override
    public void run() {
        for (Runnable kernel : kernels) {
            kernel.run();
        }
    }

    /// A clock between calls costs some 50 ns for each.
    @Override
    public long[][] profile(int runs) {
        long[][] nanos = new long[workers.threads()][calls];
        regions.forEach(region -> region.clock(nanos));
        for (int run = 0; run < runs; run++) {
            run();
        }
        regions.forEach(region -> region.clock(null));
        return nanos;
    }

    /// @return one line for each call, in the order of a run; regions, between which all threads wait for each other, are
    ///         set apart
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Region region : regions) {
            text.append("region").append(System.lineSeparator());
            region.lines().forEach(line -> text.append("  ").append(line).append(System.lineSeparator()));
        }
        return text.toString();
    }

    /// @return the regions in their order
    List<Region> regions() {
        return regions;
    }
}
