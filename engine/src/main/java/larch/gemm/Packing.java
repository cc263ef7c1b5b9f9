package larch.gemm;

/// Copies parts of A and B into the order in which the microkernel reads them.
///
/// ```text
///  op(B), k × columns                                 op(A) = Aᵀ, rows × k
///  ┌────┬────┬────┐      panel 0   panel 1   panel 2  ┌─────────┐
///  │ nr │ nr │    │      ┌────┐    ┌────┐    ┌──┬─┐   │ 0 1 2 … │      step p lies at p·rows
///  │    │    │    │  →   │    │    │    │    │  │ │   │ …       │  →   0 … rows-1 │ 0 … rows-1 │ …
///  └────┴────┴────┘      └────┘    └────┘    └──┴─┘   └─────────┘
///                        row p lies at p·nr
/// ```
///
/// A is packed only if it is stored transposed, and then only copied; else microkernels read it where it lies.
/// A B stored transposed is turned by a [TransposeKernel]; until that is warm, in plain loops.
final class Packing {
    private final int lanes;
    private volatile TransposeKernel transpose;

    /// @param kernels  where compiled kernels come from
    /// @param warmup   null to use kernels at once, cold as they are
    Packing(MicroKernels kernels, KernelWarmup warmup) {
        lanes = kernels.lanes();
        TransposeKernel compiled = kernels.transpose();
        if (warmup == null) {
            transpose = compiled;
        } else {
            warmup.warm(compiled, lanes, () -> transpose = compiled);
        }
    }

    /// Copies a block of a transposed A: `packed[p·rows + i] ← a(ic + i, pc + p)`.
    void packA(Product g, int ic, int rows, int pc, int steps, float[] packed) {
        for (int p = 0; p < steps; p++) {
            System.arraycopy(g.a, g.aIndex(ic, pc + p), packed, p * rows, rows);
        }
    }

    /// Copies or turns one panel of B: `packed[to + p·stride + j] ← b(pc + p, jr + j)`.
    /// @param g       the product
    /// @param pc      first step
    /// @param steps   steps
    /// @param jr      first column
    /// @param columns columns
    /// @param packed  destination
    /// @param to      where in it
    /// @param stride  distance between rows in it, at least `columns`
    void packPanelOfB(Product g, int pc, int steps, int jr, int columns, float[] packed, int to, int stride) {
        if (g.bColStride == 1) {
            for (int p = 0; p < steps; p++) {
                System.arraycopy(g.b, g.bIndex(pc + p, jr), packed, to + p * stride, columns);
            }
        } else {
            turn(g.b, g.bIndex(pc, jr), g.bColStride, columns, steps, packed, to, stride);
        }
    }

    /// `to[toOffset + p·toStride + i] ← from[fromOffset + i·fromStride + p]`. What no square covers is covered by
    /// squares that overlap the others, and so written twice.
    private void turn(float[] from, int fromOffset, int fromStride, int lines, int steps,
                      float[] to, int toOffset, int toStride) {
        TransposeKernel kernel = transpose;
        if (kernel == null || lines < lanes || steps < lanes) {
            turnInPlainLoops(from, fromOffset, fromStride, lines, steps, to, toOffset, toStride);
            return;
        }
        int whole = steps - steps % lanes;
        for (int i = 0; i < lines; i += lanes) {
            int line = Math.min(i, lines - lanes);
            int at = fromOffset + line * fromStride;
            kernel.run(whole, from, at, fromStride, to, toOffset + line, toStride);
            if (whole < steps) {
                kernel.run(lanes, from, at + steps - lanes, fromStride, to, toOffset + line + (steps - lanes) * toStride,
                        toStride);
            }
        }
    }

    private static void turnInPlainLoops(float[] from, int fromOffset, int fromStride, int lines, int steps,
                                         float[] to, int toOffset, int toStride) {
        for (int i = 0; i < lines; i++) {
            int at = fromOffset + i * fromStride;
            for (int p = 0; p < steps; p++) {
                to[toOffset + p * toStride + i] = from[at + p];
            }
        }
    }
}
