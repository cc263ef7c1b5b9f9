package larch.gemm;

/// A product and then its epilogue over the microtile, while that lies in the first cache: what stands in for
/// a kernel that does both in registers, with the same bits.
///
/// @param products kernels without an epilogue
/// @param mr       rows of the microtile
/// @param vectors  columns of the microtile in vectors
/// @param update   how sums enter C
/// @param finish   applies the epilogue
/// @param nr       columns of the microtile
record TwoPassKernel(GemmTiles products, int mr, int vectors, Update update, EpilogueKernel finish, int nr)
        implements MicroKernel {
    @Override
    public void run(int k, float alpha, float[] a, int aOffset, int aRowStride, int aColStride,
                    float[] b, int bOffset, int bRowStride, float beta, float[] c, int cOffset, int cRowStride,
                    Epilogue epilogue, int row, int column) {
        products.tile(mr, vectors, update).run(k, alpha, a, aOffset, aRowStride, aColStride, b, bOffset, bRowStride,
                beta, c, cOffset, cRowStride, Epilogue.NONE, 0, 0);
        finish.run(c, cOffset, cRowStride, mr, nr, epilogue, row, column);
    }
}
