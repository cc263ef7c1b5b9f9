package larch.backend.simd;

import larch.backend.KernelCall;
import larch.tensor.Tensor;

/// The row of a series that is next, read or written; one row is no work for a team.
final class SeriesRowLaunch implements Runnable {
    private final KernelCall.SeriesRow call;

    SeriesRowLaunch(KernelCall.SeriesRow call) {
        this.call = call;
    }

    @Override
    public void run() {
        Tensor table = call.series().table();
        Tensor row = call.row();
        int width = row.size();
        int at = table.offset() + call.advance(1) * width;
        switch (call.kind()) {
            case NEXT -> System.arraycopy(table.data(), at, row.data(), row.offset(), width);
            case APPEND -> System.arraycopy(row.data(), row.offset(), table.data(), at, width);
        }
    }
}
