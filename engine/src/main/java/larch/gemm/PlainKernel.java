package larch.gemm;

/// A microkernel without vectors and without an epilogue, which runs until the compiled one is warm. Its bits
/// are those of the compiled kernel.
///
/// @param mr rows of the microtile
/// @param nr columns of the microtile
record PlainKernel(int mr, int nr) implements MicroKernel {
    @Override
    public void run(int k, float alpha, float[] a, int aOffset, int aRowStride, int aColStride,
                    float[] b, int bOffset, int bRowStride, float beta, float[] c, int cOffset, int cRowStride,
                    Epilogue epilogue, int row, int column) {
        GemmScalar.block(mr, nr, k, alpha, a, aOffset, aRowStride, aColStride, b, bOffset, bRowStride, 1,
                beta, c, cOffset, cRowStride);
    }
}
