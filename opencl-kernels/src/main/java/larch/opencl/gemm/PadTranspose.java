package larch.opencl.gemm;

import java.util.List;
import larch.opencl.runtime.NdRange;
import larch.opencl.source.ProgramSource;

/// The copies of `pad_transpose.cl`: matrices of any strides to whole tiles without gaps, and back.
public final class PadTranspose {
    /// A work-group moves as many rows and columns.
    private static final int TILE = 32;
    private static final int ROWS = 8;
    /// The program.
    public static final ProgramSource SOURCE = ProgramSource.ofFiles(List.of("gemm_epilogue.cl", "pad_transpose.cl"),
            "-DTILE=" + TILE + " -DROWS=" + ROWS);
    /// The kernel that copies a matrix and fills up with zeros.
    public static final String PAD = "pad";
    /// The kernel that finishes a product from a matrix of sums.
    static final String UNPAD_FINISH = "unpad_finish";

    private PadTranspose() {
    }

    /// @param toRows rows of the copy
    /// @param toCols columns of the copy
    /// @return the work-items of [#PAD]
    public static NdRange padRange(int toRows, int toCols) {
        return NdRange.covering(toCols, (long) Math.ceilDiv(toRows, TILE) * ROWS, TILE, ROWS);
    }

    /// @param rows of C
    /// @param cols of C
    /// @return the work-items of [#UNPAD_FINISH]
    static NdRange unpadRange(int rows, int cols) {
        return NdRange.covering(cols, rows, TILE, ROWS);
    }
}
