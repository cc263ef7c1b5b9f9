package larch.opencl.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import larch.opencl.runtime.DeviceMemory;

/// A product on the host: random matrices of any layout, what a device must make of them, and the comparison.
///
/// @param m rows
/// @param n columns
/// @param k steps
/// @param alpha factor of the product
/// @param beta factor of C
/// @param a layout and content of A
/// @param b of B
/// @param c of C before; NaN throughout if beta = 0, and in what does not belong to C
record HostGemm(int m, int n, int k, float alpha, float beta, Matrix a, Matrix b, Matrix c) {
    /// What must not change around C; recognisable in a dump.
    static final float GUARD = -12345f;

    /// A matrix in an array with something before, between and behind its elements.
    record Matrix(int rows, int cols, int offset, int rowStride, int colStride, float[] data) {
        static Matrix random(SplittableRandom random, int rows, int cols, boolean transposed, int offset, int gap) {
            int rowStride = transposed ? 1 : cols + gap;
            int colStride = transposed ? rows + gap : 1;
            int last = Math.max(0, rows - 1) * rowStride + Math.max(0, cols - 1) * colStride;
            float[] data = new float[offset + last + 1 + offset + 7];
            Arrays.fill(data, Float.NaN);
            Matrix matrix = new Matrix(rows, cols, offset, rowStride, colStride, data);
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < cols; j++) {
                    data[matrix.at(i, j)] = (float) random.nextGaussian();
                }
            }
            return matrix;
        }

        int at(int i, int j) {
            return offset + i * rowStride + j * colStride;
        }

        float get(int i, int j) {
            return data[at(i, j)];
        }

        DeviceMatrix on(DeviceMemory memory) {
            return new DeviceMatrix(memory, offset, rowStride, colStride);
        }
    }

    /// A product of matrices without gaps.
    static HostGemm packed(SplittableRandom random, int m, int n, int k, float alpha, float beta) {
        return of(random, m, n, k, alpha, beta, false, false, 0, 0);
    }

    static HostGemm of(SplittableRandom random, int m, int n, int k, float alpha, float beta, boolean transA,
            boolean transB, int offset, int gap) {
        Matrix c = Matrix.random(random, m, n, false, offset, gap);
        boolean[] inside = new boolean[c.data.length];
        for (int i = 0; i < m; i++) {
            Arrays.fill(inside, c.at(i, 0), c.at(i, 0) + n, true);
        }
        for (int at = 0; at < inside.length; at++) {
            c.data[at] = !inside[at] ? GUARD : beta == 0 ? Float.NaN : c.data[at];
        }
        return new HostGemm(m, n, k, alpha, beta, Matrix.random(random, m, k, transA, offset, gap),
                Matrix.random(random, k, n, transB, offset, gap), c);
    }

    /// @param steps of a chunk of k; k for one chain
    /// @return the element that any kernel must give, to the bit: the sum of the chunks, each a chain of fma
    float chain(int i, int j, int steps) {
        float sum = 0;
        for (int from = 0; alpha != 0 && from < k; from += steps) {
            float acc = 0;
            for (int p = from; p < Math.min(k, from + steps); p++) {
                acc = Math.fma(a.get(i, p), b.get(p, j), acc);
            }
            sum = from == 0 ? acc : sum + acc;
        }
        return beta == 0 ? alpha * sum : Math.fma(alpha, sum, beta * c.get(i, j));
    }

    /// Uploads, runs, downloads and checks every element of C's array.
    void check(GemmBench bench, Consumer<DeviceGemm> run) {
        check(bench, k, run);
    }

    void check(GemmBench bench, int steps, Consumer<DeviceGemm> run) {
        DeviceMemory result = bench.upload(c.data);
        run.accept(new DeviceGemm(m, n, k, alpha, a.on(bench.upload(a.data)), b.on(bench.upload(b.data)), beta,
                c.on(result)));
        verify(bench.read(result, c.data.length), steps);
    }

    /// @param got C's whole array, computed as one chain
    void verify(float[] got) {
        verify(got, k);
    }

    /// Compares C's whole array: bits against [#chain], the error against the bound
    /// `|C − C64| ≤ γ(steps + chunks + 1) · (|alpha| |A| |B| + |beta| |C0|)`, γ(n) = n·u / (1 − n·u), u = 2⁻²⁴ (Higham,
    /// *Accuracy and Stability of Numerical Algorithms*, 2nd edition, §3.5), and what does not belong to C against the guard.
    void verify(float[] got, int steps) {
        float[] expected = c.data.clone();
        int roundings = steps + (steps == 0 ? 1 : Math.ceilDiv(k, steps)) + 1;
        double gamma = roundings * 0x1p-24 / (1 - roundings * 0x1p-24);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                int at = c.at(i, j);
                double sum = 0;
                double size = 0;
                for (int p = 0; alpha != 0 && p < k; p++) {
                    double term = (double) a.get(i, p) * b.get(p, j);
                    sum += term;
                    size += Math.abs(term);
                }
                double old = beta == 0 ? 0 : (double) beta * c.get(i, j);
                double error = Math.abs(got[at] - (alpha * sum + old));
                double bound = gamma * (Math.abs(alpha) * size + Math.abs(old));
                int row = i;
                int col = j;
                assertTrue(error <= bound, () -> this + " at " + row + ", " + col + ": got " + got[at] + ", error " + error
                        + " above " + bound);
                expected[at] = chain(i, j, steps);
            }
        }
        for (int at = 0; at < expected.length; at++) {
            int index = at;
            assertEquals(Float.floatToIntBits(expected[at]), Float.floatToIntBits(got[at]),
                    () -> this + ": bits of element " + index + ", " + got[index] + " must be " + expected[index]);
        }
    }

    @Override
    public String toString() {
        return String.format("%dx%dx%d alpha %s beta %s A %d/%d B %d/%d C %d offset %d", m, n, k, alpha, beta,
                a.rowStride, a.colStride, b.rowStride, b.colStride, c.rowStride, c.offset);
    }
}
