package larch.gemm;

import java.util.Arrays;

/// Copies parts of A and B into the order in which the microkernel reads them, so that it walks memory in one
/// line.
///
/// ```text
///  op(A), rows × k                         op(B), k × columns
///  ┌─────────┐                             ┌────┬────┬────┐      panel 0   panel 1   panel 2
///  │ 0 4 …   │ micropanel 0, mr rows:      │ nr │ nr │    │      ┌────┐    ┌────┐    ┌──┬─┐
///  │ 1 5 …   │ column p lies at p·mr       │    │    │    │  →   │    │    │    │    │  │0│  row p lies
///  │ 2 6 …   │                             └────┴────┴────┘      └────┘    └────┘    └──┴─┘  at p·nr
///  │ 3 7 …   │
///  ├─────────┤
///  │ …       │ micropanel 1; the last one is filled up with zero rows
/// ```
///
/// Padding adds rows of A and columns of B, which make elements of C that nobody stores. It never adds steps
/// to k, where `0 · Inf` would make a NaN out of nothing.
final class Packing {
    private Packing() {
    }

    /// Packs `rows` rows of `kc` steps into micropanels of `mr` rows.
    /// @param a         array of A; not modified
    /// @param offset    index of the first element to pack
    /// @param rowStride distance between rows of op(A)
    /// @param colStride distance between columns of op(A)
    /// @param rows      rows to pack
    /// @param kc        steps to pack
    /// @param mr        rows of a micropanel
    /// @param packed    receives `⌈rows/mr⌉ · mr · kc` floats from index 0
    static void packA(float[] a, int offset, int rowStride, int colStride, int rows, int kc, int mr, float[] packed) {
        int to = 0;
        for (int i = 0; i < rows; i += mr) {
            packStrips(a, offset + i * rowStride, colStride, rowStride, kc, Math.min(mr, rows - i), mr, packed, to);
            to += mr * kc;
        }
    }

    /// Packs `kc` steps of at most `nr` columns into one panel.
    /// @param b         array of B; not modified
    /// @param offset    index of the first element to pack
    /// @param rowStride distance between rows of op(B)
    /// @param colStride distance between columns of op(B)
    /// @param kc        steps to pack
    /// @param columns   columns to pack
    /// @param nr        columns of a panel
    /// @param packed    receives `kc · nr` floats
    /// @param to        where in `packed`
    static void packPanelOfB(float[] b, int offset, int rowStride, int colStride, int kc, int columns, int nr,
                             float[] packed, int to) {
        packStrips(b, offset, rowStride, colStride, kc, columns, nr, packed, to);
    }

    /// `packed[to + p·strip + i] = x[offset + p·stepStride + i·stride]` for `i < used`, and 0 for the other
    /// `i < strip`.
    private static void packStrips(float[] x, int offset, int stepStride, int stride, int steps, int used, int strip,
                                   float[] packed, int to) {
        if (stride == 1) {
            for (int p = 0; p < steps; p++) {
                System.arraycopy(x, offset + p * stepStride, packed, to + p * strip, used);
            }
        } else {
            transpose(x, offset, stepStride, stride, steps, used, strip, packed, to);
        }
        if (used < strip) {
            for (int p = 0; p < steps; p++) {
                Arrays.fill(packed, to + p * strip + used, to + (p + 1) * strip, 0f);
            }
        }
    }

    /// Four lines of x at a time: four streams of reads, and writes that fill a quarter of a cache line.
    private static void transpose(float[] x, int offset, int stepStride, int stride, int steps, int used, int strip,
                                  float[] packed, int to) {
        int i = 0;
        for (; i + 4 <= used; i += 4) {
            int x0 = offset + i * stride;
            int x1 = x0 + stride;
            int x2 = x1 + stride;
            int x3 = x2 + stride;
            int at = to + i;
            for (int p = 0, from = 0; p < steps; p++, from += stepStride, at += strip) {
                packed[at] = x[x0 + from];
                packed[at + 1] = x[x1 + from];
                packed[at + 2] = x[x2 + from];
                packed[at + 3] = x[x3 + from];
            }
        }
        for (; i < used; i++) {
            int from = offset + i * stride;
            for (int p = 0; p < steps; p++) {
                packed[to + p * strip + i] = x[from + p * stepStride];
            }
        }
    }
}
