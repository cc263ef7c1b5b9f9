package larch.backend.simd.schedule;

import java.util.List;
import larch.backend.Footprint;
import larch.backend.KernelCall;
import larch.backend.Memory;
import larch.backend.rowwise.RowCall;

/// A call of a plan, cut into parts by rows of its result, or left whole as its only part.
///
/// Of `threads` workers, worker `w` has the parts `[w·parts/threads, (w+1)·parts/threads)`; a call with one part is
/// anybody's.
final class Piece {
    /// Some microseconds of work.
    private static final int HEAVY_ELEMENTS = 32_768;

    private final int number;
    private final KernelCall call;
    private final Footprint whole;
    private final KernelCall[] parts;
    private final Footprint[] footprints;
    private final boolean isAlone;

    /// @param number   its place in the plan
    /// @param call     the call
    /// @param count    into how many parts to cut it
    /// @param isAlone  whether nothing else may run meanwhile
    /// @param internal memory of which nobody outside the program knows
    Piece(int number, KernelCall call, int count, boolean isAlone, List<Memory> internal) {
        this.number = number;
        this.call = call;
        this.isAlone = isAlone;
        whole = Footprint.of(call, internal);
        parts = new KernelCall[count];
        footprints = new Footprint[count];
        int rows = RowCall.rows(call);
        for (int part = 0; part < count; part++) {
            parts[part] = count == 1 ? call : RowParts.part(call, bound(rows, part, count), bound(rows, part + 1, count));
            footprints[part] = Footprint.of(parts[part], internal);
        }
    }

    private static int bound(int rows, int part, int count) {
        return (int) ((long) rows * part / count);
    }

    int number() {
        return number;
    }

    KernelCall call() {
        return call;
    }

    KernelCall part(int part) {
        return parts[part];
    }

    int parts() {
        return parts.length;
    }

    boolean isCut() {
        return parts.length > 1;
    }

    /// @return whether nothing else may run meanwhile: the backend shares it out by itself, or it is over before others had begun
    boolean isAlone() {
        return isAlone;
    }

    /// @return whether it takes long enough to be worth waiting for a free worker
    boolean isHeavy() {
        return whole.elements() > HEAVY_ELEMENTS;
    }

    /// @return whether only the thread that runs the plan may run it. A row of a series costs it nothing, and what comes after
    ///         it on the host need not wait for another thread
    boolean isCallers() {
        return whole.isHost() || whole.series() != null;
    }

    boolean conflictsWith(Piece other) {
        return whole.conflictsWith(other.whole);
    }

    /// @param other another call, cut into as many parts
    /// @return whether each part meets only the same part of the other, so that both can be run part by part
    boolean keepsToPartsOf(Piece other) {
        if (!conflictsWith(other)) {
            return true;
        }
        for (int p = 0; p < parts.length; p++) {
            for (int q = 0; q < parts.length; q++) {
                if (p != q && footprints[p].conflictsWith(other.footprints[q])) {
                    return false;
                }
            }
        }
        return true;
    }

    /// @param mine    who runs this, if it has one part
    /// @param other   another call
    /// @param others  who runs that, if it has one part
    /// @param threads number of workers
    /// @return whether what each worker does here meets only what the same worker does there, so that nobody must wait
    boolean keepsToWorkersOf(int mine, Piece other, int others, int threads) {
        if (!conflictsWith(other)) {
            return true;
        }
        for (int p = 0; p < parts.length; p++) {
            for (int q = 0; q < other.parts.length; q++) {
                if (worker(p, mine, threads) != other.worker(q, others, threads)
                        && footprints[p].conflictsWith(other.footprints[q])) {
                    return false;
                }
            }
        }
        return true;
    }

    private int worker(int part, int owner, int threads) {
        return isCut() ? part * threads / parts.length : owner;
    }
}
