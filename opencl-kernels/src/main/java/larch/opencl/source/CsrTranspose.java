package larch.opencl.source;

import larch.tensor.CsrMatrix;

/// The transpose of a sparse matrix, so that `Sᵀ · dense` becomes a product whose rows are independent.
public final class CsrTranspose {
    private CsrTranspose() {
    }

    /// A stable counting sort of the entries by column: within a column they keep the order of S, hence a sum over them
    /// has the order in which the CPU adds.
    /// @param s any sparse matrix
    /// @return Sᵀ
    public static CsrMatrix of(CsrMatrix s) {
        int entries = s.rowPointers()[s.rows()];
        int[] pointers = new int[s.cols() + 1];
        for (int e = 0; e < entries; e++) {
            pointers[s.columns()[e] + 1]++;
        }
        for (int c = 0; c < s.cols(); c++) {
            pointers[c + 1] += pointers[c];
        }
        int[] next = pointers.clone();
        int[] rows = new int[entries];
        float[] values = new float[entries];
        for (int r = 0; r < s.rows(); r++) {
            for (int e = s.rowPointers()[r]; e < s.rowPointers()[r + 1]; e++) {
                int to = next[s.columns()[e]]++;
                rows[to] = r;
                values[to] = s.values()[e];
            }
        }
        return new CsrMatrix(s.cols(), s.rows(), pointers, rows, values);
    }
}
