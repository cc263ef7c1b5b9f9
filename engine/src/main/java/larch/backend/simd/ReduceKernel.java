package larch.backend.simd;

/// A compiled fold of an element-wise function over rows or columns.
interface ReduceKernel {
    /// @param out       array of the results
    /// @param outOffset index of the first result
    /// @param args      arrays of the arguments
    /// @param offsets   index of each argument's first element
    /// @param rows      number of rows walked
    /// @param cols      number of columns walked
    /// @param colStep   distance between rows of a FULL argument; `cols`, or more when only some columns are walked
    /// @param scratch   at least one vector of floats, overwritten
    void run(float[] out, int outOffset, float[][] args, int[] offsets, int rows, int cols, int colStep, float[] scratch);
}
