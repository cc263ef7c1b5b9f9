package larch.gemm;

/// A [Gemm] in the form in which the loops read it: every matrix with a row stride and a column stride. One
/// lies in each [Workspace] and is filled anew for each product, so a product allocates nothing.
final class Product {
    int m;
    int n;
    int k;
    float alpha;
    float beta;
    float[] a;
    int aOffset;
    int aRowStride;
    int aColStride;
    float[] b;
    int bOffset;
    int bRowStride;
    int bColStride;
    float[] c;
    int cOffset;
    int ldc;
    Epilogue epilogue;

    /// Takes the product as it is.
    void set(Gemm g) {
        m = g.m();
        n = g.n();
        k = g.k();
        scalars(g);
        left(g.a().array(), g.aOffset(), g.aRowStride(), g.aColStride());
        right(g.b().array(), g.bOffset(), g.bRowStride(), g.bColStride());
        c = g.c().array();
        cOffset = g.cOffset();
        ldc = g.ldc();
        epilogue = g.epilogue();
    }

    /// Takes a product of one single column whose elements lie side by side as one of a single row:
    /// `Cᵀ = op(B)ᵀ · op(A)ᵀ`. Kernels want rows of B and C side by side, and a column is its own transpose.
    void setTransposed(Gemm g) {
        m = 1;
        n = g.m();
        k = g.k();
        scalars(g);
        left(g.b().array(), g.bOffset(), g.bColStride(), g.bRowStride());
        right(g.a().array(), g.aOffset(), g.aColStride(), g.aRowStride());
        c = g.c().array();
        cOffset = g.cOffset();
        ldc = n;
        epilogue = g.epilogue().transposed();
    }

    private void scalars(Gemm g) {
        alpha = g.alpha();
        beta = g.beta();
    }

    private void left(float[] array, int offset, int rowStride, int colStride) {
        a = array;
        aOffset = offset;
        aRowStride = rowStride;
        aColStride = colStride;
    }

    private void right(float[] array, int offset, int rowStride, int colStride) {
        b = array;
        bOffset = offset;
        bRowStride = rowStride;
        bColStride = colStride;
    }

    /// Forgets the arrays, so that a workspace that waits holds no memory of others.
    void clear() {
        a = null;
        b = null;
        c = null;
        epilogue = null;
    }

    /// @param pc the first step of a pass over C
    /// @return the factor of the old C in that pass
    float betaAt(int pc) {
        return pc == 0 ? beta : 1;
    }

    /// @return how sums of that pass enter C
    Update updateAt(int pc) {
        return Update.of(alpha, betaAt(pc));
    }

    int aIndex(int i, int p) {
        return aOffset + i * aRowStride + p * aColStride;
    }

    int bIndex(int p, int j) {
        return bOffset + p * bRowStride + j * bColStride;
    }

    int cIndex(int i, int j) {
        return cOffset + i * ldc + j;
    }
}
