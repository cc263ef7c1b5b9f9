package larch.opencl.gemm;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import larch.device.DeviceException;
import larch.device.DeviceInfo;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.OpenClRuntime;

/// Whether a device's tensor cores compute the products of a kernel: what it takes to be admitted.
///
/// The kernel is made of instructions that only NVIDIA has, and no extension tells whether its driver takes them in OpenCL
/// C. So one random product is computed, of several tiles in every extent, and compared with sums in double precision:
///
/// ```text
/// |C − C64| ≤ e · |A| |B|     e = 3 · 2⁻²² + 3 · 2⁻²⁰ + k/8 · 2⁻²⁴ with three terms, 2⁻¹⁰ + k/8 · 2⁻²⁰ with one
/// ```
///
/// and `2⁻⁸ e` more for what is of higher order. The first number is what the splitting loses: `x = big + small` up to
/// `2⁻²² |x|`, and `small · small` is left out; TF32 alone has `2⁻¹¹ |x|`. Then come the instructions, one for 8 steps and a
/// term. Each adds 9 numbers, aligned to the largest and cut off about where that ends: less than `2⁻²⁰` of it. With three
/// terms the sums of 8 steps are added in floats. Source: M. Fasi, N. J. Higham, M. Mikaitis, S. Pranesh, *Numerical behavior
/// of NVIDIA tensor cores*, PeerJ Computer Science 7, 2021.
///
/// @param kernel [GemmKernel#TF32X3] or [GemmKernel#TF32]
/// @param params its numbers
record TensorCores(GemmKernel kernel, GemmParams params) {
    /// The lines of a compiler's log that a reason cites.
    private static final int CITED_LINES = 3;

    /// Computes the product on a device and compares.
    /// @param opened the device
    /// @throws IllegalArgumentException if the device is not admitted, with the reason
    void require(OpenClRuntime opened) {
        DeviceInfo device = opened.device().info();
        String reason = isNvidia(device) ? refusal(opened) : "vendor " + device.vendor() + ", and mma.sync is NVIDIA's";
        if (reason != null) {
            throw new IllegalArgumentException("gemm: " + kernel + " must have tensor cores that compute it on "
                    + device.summary() + "; got " + reason + "; take one of " + GemmKernel.ladder());
        }
    }

    private static boolean isNvidia(DeviceInfo device) {
        return device.vendor().toLowerCase(Locale.ROOT).contains("nvidia");
    }

    private String refusal(OpenClRuntime opened) {
        DeviceMemory a = opened.upload(a());
        DeviceMemory b = opened.upload(b());
        // So that what the kernel leaves out shows.
        float[] c = new float[m() * n()];
        Arrays.fill(c, Float.NaN);
        DeviceMemory result = opened.upload(c);
        try {
            run(new PooledGemmRuntime(opened), a, b, result);
            return firstError(opened.download(result, 0, m() * n()));
        } catch (DeviceException refused) {
            return refused.getMessage().lines().map(String::strip).filter(line -> !line.isEmpty()).limit(CITED_LINES)
                    .collect(Collectors.joining(" | "));
        } finally {
            opened.pool().giveBack(a);
            opened.pool().giveBack(b);
            opened.pool().giveBack(result);
        }
    }

    /// Enqueues the product.
    void run(GemmRuntime runtime, DeviceMemory a, DeviceMemory b, DeviceMemory c) {
        new OpenClGemm(runtime, kernel, params, GemmKernel.DIRECT.defaults(), GemmThresholds.DEFAULT).run(
                new DeviceGemm(m(), n(), k(), 1, DeviceMatrix.of(a, k()), DeviceMatrix.of(b, n()), 0, DeviceMatrix.of(c, n())),
                GemmPath.WHOLE_TILES);
    }

    int m() {
        return 2 * params.mwg();
    }

    int n() {
        return 2 * params.nwg();
    }

    /// Three tiles: both buffers, and the first one again.
    int k() {
        return 3 * params.kwg();
    }

    float[] a() {
        return random(m() * k(), 1);
    }

    float[] b() {
        return random(k() * n(), 2);
    }

    private static float[] random(int length, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /// @param c what a device made of [#a] and [#b]
    /// @return null if every element is within the bound; else the first that is not, in one line
    String firstError(float[] c) {
        float[] a = a();
        float[] b = b();
        for (int i = 0; i < m(); i++) {
            for (int j = 0; j < n(); j++) {
                double sum = 0;
                double size = 0;
                for (int p = 0; p < k(); p++) {
                    double term = (double) a[i * k() + p] * b[p * n() + j];
                    sum += term;
                    size += Math.abs(term);
                }
                // Written so that a NaN fails.
                if (!(Math.abs(c[i * n() + j] - sum) <= bound() * size)) {
                    return "wrong values: element (" + i + ", " + j + ") must be " + sum + " up to " + bound() * size
                            + ", got " + c[i * n() + j];
                }
            }
        }
        return null;
    }

    /// @return the largest error of an element, in parts of the sum of magnitudes
    private double bound() {
        double sums = k() / (double) GemmKernel.TENSOR_STEPS;
        double error = kernel == GemmKernel.TF32X3 ? 3 * 0x1p-22 + 3 * 0x1p-20 + sums * 0x1p-24 : 0x1p-10 + sums * 0x1p-20;
        return error * (1 + 0x1p-8);
    }
}
