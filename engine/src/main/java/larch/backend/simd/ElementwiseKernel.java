package larch.backend.simd;

/// A compiled element-wise function over a contiguous block of rows.
interface ElementwiseKernel {
    /// @param out       array of the result; row-contiguous
    /// @param outOffset index of its first element
    /// @param args      arrays of the arguments
    /// @param offsets   index of each argument's first element
    /// @param rows      number of rows
    /// @param cols      number of columns
    void run(float[] out, int outOffset, float[][] args, int[] offsets, int rows, int cols);
}
