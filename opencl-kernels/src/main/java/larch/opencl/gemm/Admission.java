package larch.opencl.gemm;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import larch.device.DeviceException;
import larch.device.DeviceInfo;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.OpenClRuntime;

/// Whether a device computes the products of a kernel that is made for NVIDIA's: what it takes to be admitted.
///
/// The kernel has instructions that OpenCL C has no words for, and no extension tells whether a driver takes them. So one random
/// product is computed, of several tiles in every extent and of more steps than are on their way at a time. Kernels that
/// multiply floats must give the bits of one chain of `fma`, those on tensor cores stay within the bound of their [Arithmetic].
///
/// @param kernel one of [GemmKernel#candidates]
/// @param params its numbers
record Admission(GemmKernel kernel, GemmParams params) {
    /// The lines of a compiler's log that a reason cites.
    private static final int CITED_LINES = 3;

    /// Computes the product on a device and compares.
    /// @param opened the device
    /// @return what is admitted and why, in one line
    /// @throws IllegalArgumentException if the device is not admitted, with the reason
    String require(OpenClRuntime opened) {
        DeviceInfo device = opened.device().info();
        String reason = kernel.isFor(device) ? refusal(opened)
                : "vendor " + device.vendor() + ", and its instructions are NVIDIA's";
        if (reason != null) {
            throw new IllegalArgumentException("gemm: " + kernel + " must be computed rightly on " + device.summary()
                    + " to be admitted; got " + reason + "; take one of " + GemmKernel.ladder());
        }
        return kernel + " admitted: " + m() * n() + " elements " + contract();
    }

    private String contract() {
        return kernel.arithmetic().isShort()
                ? String.format(Locale.ROOT, "within %.1e of their sums of magnitudes", kernel.arithmetic().bound(k()))
                : "are one chain of fma, to the bit";
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

    /// Every place of a tile, and the first two again.
    int k() {
        return (kernel.stages(params) + 2) * params.kwg();
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
    /// @return null if every element is right; else the first that is not, in one line
    String firstError(float[] c) {
        float[] a = a();
        float[] b = b();
        for (int i = 0; i < m(); i++) {
            for (int j = 0; j < n(); j++) {
                float got = c[i * n() + j];
                String right = kernel.arithmetic().isShort() ? beyond(got, a, b, i, j) : unlike(got, a, b, i, j);
                if (right != null) {
                    return "wrong values: element (" + i + ", " + j + ") must be " + right + ", got " + got;
                }
            }
        }
        return null;
    }

    /// @return what the element must be, null if it is
    private String beyond(float got, float[] a, float[] b, int i, int j) {
        double sum = 0;
        double size = 0;
        for (int p = 0; p < k(); p++) {
            double term = (double) a[i * k() + p] * b[p * n() + j];
            sum += term;
            size += Math.abs(term);
        }
        double bound = kernel.arithmetic().bound(k()) * size;
        // Written so that a NaN fails.
        return Math.abs(got - sum) <= bound ? null : sum + " up to " + bound;
    }

    /// @return what the element must be, null if it is
    private String unlike(float got, float[] a, float[] b, int i, int j) {
        float sum = 0;
        for (int p = 0; p < k(); p++) {
            sum = Math.fma(a[i * k() + p], b[p * n() + j], sum);
        }
        return got == sum ? null : String.valueOf(sum);
    }
}
