package larch.backend.simd;

/// Compiled element-wise functions over a block of rows.
interface ElementwiseKernel {
    /// @param outs       arrays of the results, row-contiguous; unused if rows are picked
    /// @param outOffsets index of each result's first element
    /// @param args       arrays of the arguments; if rows are picked the first ones are tables, and results replace them
    /// @param offsets    index of each argument's first element
    /// @param index      which row of the tables belongs to each row; unused if none are picked
    /// @param first      where in `index` the block begins
    /// @param rows       number of rows
    /// @param cols       number of columns
    void run(float[][] outs, int[] outOffsets, float[][] args, int[] offsets, int[] index, int first, int rows, int cols);
}
