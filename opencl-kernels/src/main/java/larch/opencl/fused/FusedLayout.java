package larch.opencl.fused;

import larch.device.DeviceInfo;
import larch.device.DeviceInfo.Type;

/// How the rows of a batch are spread over a device.
///
/// @param rows  rows of a work-group, a power of two
/// @param items its work-items
/// @param isCpu whether a work-item should work like a core: with vectors, and without local memory
public record FusedLayout(int rows, int items, boolean isCpu) {
    /// Fewer rows would read the weights too often for what is done with them; not measured on a GPU.
    private static final int LEAST_ROWS = 8;
    /// Reading the weights takes as long as multiplying 25 to 37 rows by them, if both run at a large GPU's peak; more rows
    /// take registers.
    private static final int MOST_ROWS = 32;
    private static final int GPU_ITEMS = 256;
    /// As many as there are blocks of 4x16 in 32 rows of 128 columns.
    private static final int CPU_ITEMS = 64;

    /// @param rows   of a batch
    /// @param device where it is computed
    /// @return few enough rows in a work-group that every compute unit has some, as far as that pays
    public static FusedLayout of(int rows, DeviceInfo device) {
        int share = Math.ceilDiv(rows, Math.max(1, device.computeUnits()));
        int some = Math.clamp(share <= 1 ? 1 : Integer.highestOneBit(share - 1) << 1, LEAST_ROWS, MOST_ROWS);
        boolean isCpu = device.type() == Type.CPU;
        return new FusedLayout(some, isCpu ? CPU_ITEMS : GPU_ITEMS, isCpu);
    }

    /// @param batch number of rows in all
    /// @return work-groups
    public int groups(int batch) {
        return Math.ceilDiv(batch, rows);
    }
}
