package larch.gemm;

/// Turns `lanes` lines, each contiguous in memory, into rows: in squares of `lanes · lanes` elements, within
/// registers.
///
/// ```text
///   line 0   │ x00 x01 x02 … │                row 0   │ x00 x10 … │
///   line 1   │ x10 x11 x12 … │      →         row 1   │ x01 x11 … │      lanes floats in a row,
///   …        │ …             │                row 2   │ x02 x12 … │      steps rows
///            lanes lines of steps floats      …
/// ```
@FunctionalInterface
public interface TransposeKernel {
    /// `to[toOffset + p·toStride + i] ← from[fromOffset + i·fromStride + p]` for `i < lanes`, `p < steps`.
    /// @param steps      floats of each line; a multiple of the lanes
    /// @param from       source; not modified
    /// @param fromOffset index of the first line
    /// @param fromStride distance between lines
    /// @param to         destination; modified
    /// @param toOffset   index of the first row
    /// @param toStride   distance between rows
    void run(int steps, float[] from, int fromOffset, int fromStride, float[] to, int toOffset, int toStride);
}
