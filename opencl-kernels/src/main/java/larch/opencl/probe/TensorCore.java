package larch.opencl.probe;

import java.util.Locale;
import java.util.Map;
import java.util.Random;

/// What a tensor core must compute: `d = a b + c`, `a` (m x k) row by row, `b` (k x n) column by column, `c`
/// and `d` (m x n) row by row.
/// @param m the rows of the result
/// @param n the columns of the result
/// @param k the length of the sums
record TensorCore(int m, int n, int k) {
    /// Products of TF32 and bfloat16 are exact in float32; their sums are rounded, possibly towards zero, in
    /// an order that is nobody's business. Of the sum of magnitudes; a value in a wrong place is off by about
    /// 1.
    private static final double TOLERANCE = 1e-5;

    static float[] random(int length, long seed) {
        var random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /// @return the values rounded to ten bits of fraction, ties away from zero, as `cvt.rna.tf32.f32` does
    static float[] tf32(float[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) + 0x1000 & ~0x1fff);
        }
        return rounded;
    }

    /// @return the values cut to seven bits of fraction
    static float[] bf16(float[] values) {
        float[] cut = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            cut[i] = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) & 0xffff0000);
        }
        return cut;
    }

    /// @return values that are bfloat16 already, two in a word, the even index low
    static int[] pairs(float[] values) {
        int[] pairs = new int[values.length / 2];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = Float.floatToRawIntBits(values[2 * i]) >>> 16 | Float.floatToRawIntBits(values[2 * i + 1]);
        }
        return pairs;
    }

    /// @param d what the device computed
    /// @return whether it is right, with the largest error
    Finding compare(float[] a, float[] b, float[] c, float[] d) {
        double worst = 0;
        for (int row = 0; row < m; row++) {
            for (int column = 0; column < n; column++) {
                double sum = c[row * n + column];
                double magnitude = Math.abs(sum);
                for (int i = 0; i < k; i++) {
                    double product = (double) a[row * k + i] * b[column * k + i];
                    sum += product;
                    magnitude += Math.abs(product);
                }
                double error = Math.abs(d[row * n + column] - sum) / magnitude;
                // Written so that a NaN fails.
                if (!(error <= TOLERANCE)) {
                    return Finding.no("it runs, but element (" + row + ", " + column + ") must be " + (float) sum
                            + ", got " + d[row * n + column]);
                }
                worst = Math.max(worst, error);
            }
        }
        return new Finding(Finding.Answer.YES, String.format(Locale.ROOT,
                "%dx%dx%d right, largest error %.1e of the sum of magnitudes", m, n, k, worst),
                Map.of("largest error", worst), "");
    }
}
