package larch.gemm;

/// Applies an [Epilogue] to a block of C whose elements are finished: what a microkernel does in registers,
/// for elements that never were in one, such as those at the right edge of C.
@FunctionalInterface
public interface EpilogueKernel {
    /// @param c          array of C; modified
    /// @param cOffset    index of the block's first element
    /// @param cRowStride distance between rows of C
    /// @param rows       rows of the block
    /// @param columns    columns of the block
    /// @param epilogue   function and operands
    /// @param row        the block's first row in C
    /// @param column     the block's first column in C
    void run(float[] c, int cOffset, int cRowStride, int rows, int columns, Epilogue epilogue, int row, int column);
}
