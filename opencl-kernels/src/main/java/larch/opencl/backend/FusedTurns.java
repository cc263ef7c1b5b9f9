package larch.opencl.backend;

import java.util.ArrayList;
import java.util.List;
import larch.backend.KernelCall.SeriesRow;
import larch.backend.Series;
import larch.backend.rowwise.RowCall;
import larch.opencl.fused.FusedLayout;
import larch.opencl.fused.FusedSource;
import larch.opencl.runtime.Prepared;

/// A program that is one chain, as a kernel that goes round: many runs in a row are one launch, such as the iterations of an
/// attack.
final class FusedTurns implements Prepared {
    /// A driver may kill a kernel that takes seconds, and nothing else gets its turn meanwhile.
    private static final int MOST_TURNS = 256;

    private final List<SeriesRow> series;
    private final List<Prepared> lastRows = new ArrayList<>();
    private final FusedCalls kernel;

    /// @param session the device
    /// @param chain   calls on its tensors
    /// @param series  what comes before them in each turn
    /// @param layout  how their rows are spread
    /// @param calls   prepares what leaves the last rows of the series behind
    FusedTurns(Session session, List<RowCall> chain, List<SeriesRow> series, FusedLayout layout, Calls calls) {
        this.series = series;
        kernel = new FusedCalls(session, List.of(chain), layout, FusedSource.ofTurns(chain, series, layout), List.of(1));
        try {
            series.forEach(row -> lastRows.add(calls.prepare(row)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public void run() {
        run(1);
    }

    /// Goes round; tables of series must have as many rows left.
    /// @param times how often
    void run(int times) {
        for (int left = times; left > 0; left -= MOST_TURNS) {
            int turns = Math.min(left, MOST_TURNS);
            for (SeriesRow row : series) {
                kernel.moveTo(row, row.series().table().offset() + row.advance(turns) * row.row().size());
            }
            kernel.setLast(turns);
            kernel.run();
        }
        if (times > 0) {
            for (int i = 0; i < lastRows.size(); i++) {
                Series moved = series.get(i).series();
                moved.moveTo(moved.position() - 1);
                lastRows.get(i).run();
            }
        }
    }

    @Override
    public void close() {
        kernel.close();
        lastRows.forEach(Prepared::close);
    }
}
