package larch.plan;

import java.util.ArrayList;
import java.util.List;
import larch.backend.Backend;
import larch.backend.KernelCall;
import larch.backend.Memory;
import larch.tensor.Tensor;

/// Cuts calls into parts by rows and gathers them into regions in which no thread waits for another.
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
final class Schedule {
    /// A call that cannot be cut by rows but has more elements than this is left to all threads together.
    private static final int SHARED_ELEMENTS = 65_536;

    private Schedule() {
    }

    /// @param calls    the program
    /// @param internal memory of which nobody outside the program knows
    /// @param backend  who runs it
    /// @return what to run, in order
    static List<Region> of(List<KernelCall> calls, List<Tensor> internal, Backend backend) {
        List<Memory> memory = internal.stream().map(Memory::of).toList();
        List<Piece> waiting = new ArrayList<>();
        for (KernelCall call : calls) {
            int parts = parts(call, backend);
            waiting.add(new Piece(waiting.size(), call, parts, parts == 1 && isShared(call, backend), memory));
        }
        List<Region> regions = new ArrayList<>();
        while (!waiting.isEmpty()) {
            regions.add(next(waiting, backend));
        }
        return regions;
    }

    private static boolean isShared(KernelCall call, Backend backend) {
        boolean isLarge = backend.threads() > 1 && !(call instanceof KernelCall.Host)
                && call.reads().stream().anyMatch(memory -> memory.size() > SHARED_ELEMENTS);
        return isLarge || backend.tileRows() == 0;
    }

    private static int parts(KernelCall call, Backend backend) {
        int rows = RowParts.rows(call);
        int threads = backend.threads();
        return backend.tileRows() == 0 || rows < threads ? 1
                : threads * (int) Math.max(1, Math.round(rows / (double) (threads * backend.tileRows())));
    }

    private static Region next(List<Piece> waiting, Backend backend) {
        Region region = new Region(backend);
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
}
