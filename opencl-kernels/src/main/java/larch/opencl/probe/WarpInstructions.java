package larch.opencl.probe;

import java.util.List;
import java.util.Random;
import org.jocl.cl_mem;

/// Whether the driver's OpenCL C takes the instructions of NVIDIA's warps as inline PTX, and computes right
/// with them.
final class WarpInstructions {
    private static final int WARP = 32;

    private WarpInstructions() {}

    static List<Probe> probes() {
        return List.of(
                Probe.ofNvidia("E3.shfl", "do work-items of a warp exchange values by shfl.sync?",
                        WarpInstructions::shfl),
                Probe.ofNvidia("E3.cp-async", "does cp.async copy to shared memory?", WarpInstructions::cpAsync),
                Probe.ofNvidia("E3.ldmatrix", "does ldmatrix load four 8x8 matrices?", WarpInstructions::ldmatrix),
                Probe.ofNvidia("E3.mma-tf32", "does mma.sync m16n8k8 multiply in TF32?", WarpInstructions::mmaTf32),
                Probe.ofNvidia("E3.mma-bf16", "does mma.sync m16n8k16 multiply in bfloat16?",
                        WarpInstructions::mmaBf16));
    }

    private static Finding shfl(ProbeBench bench) {
        float[] in = new float[WARP];
        var random = new Random(1);
        for (int i = 0; i < WARP; i++) {
            in[i] = random.nextInt(1000);
        }
        float sum = 0;
        for (float value : in) {
            sum += value;
        }
        cl_mem out = bench.poisoned(WARP);
        bench.build("warp.cl", "").kernel("shfl").with(bench.upload(in), out).launch(WARP, WARP);
        for (float value : bench.floats(out, WARP)) {
            if (value != sum) {
                return Finding.no("the sum must be " + sum + ", got " + value);
            }
        }
        return Finding.yes("the sum of a warp is exact in every lane");
    }

    private static Finding cpAsync(ProbeBench bench) {
        float[] in = TensorCore.random(4 * WARP, 2);
        cl_mem out = bench.poisoned(in.length);
        bench.build("warp.cl", "").kernel("cp_async").with(bench.upload(in), out).launch(WARP, WARP);
        float[] mirrored = bench.floats(out, in.length);
        for (int i = 0; i < in.length; i++) {
            if (mirrored[i] != in[in.length - 1 - i]) {
                return Finding.no("element " + i + " must be " + in[in.length - 1 - i] + ", got " + mirrored[i]);
            }
        }
        return Finding.yes("512 bytes arrived");
    }

    private static Finding ldmatrix(ProbeBench bench) {
        int[] in = new Random(3).ints(4 * WARP).toArray();
        cl_mem out = bench.upload(new int[in.length]);
        bench.build("warp.cl", "").kernel("ldmatrix").with(bench.upload(in), out).launch(WARP, WARP);
        int[] loaded = bench.ints(out, in.length);
        for (int lane = 0; lane < WARP; lane++) {
            for (int matrix = 0; matrix < 4; matrix++) {
                int expected = in[(matrix * 8 + lane / 4) * 4 + lane % 4];
                if (loaded[4 * lane + matrix] != expected) {
                    return Finding.no(String.format("lane %d must hold %08x of matrix %d, got %08x", lane, expected,
                            matrix, loaded[4 * lane + matrix]));
                }
            }
        }
        return Finding.yes("every lane holds its pairs");
    }

    private static Finding mmaTf32(ProbeBench bench) {
        float[] a = TensorCore.random(16 * 8, 4);
        float[] b = TensorCore.random(8 * 8, 5);
        float[] c = TensorCore.random(16 * 8, 6);
        cl_mem out = bench.upload(c);
        bench.build("warp.cl", "").kernel("mma_tf32").with(bench.upload(a), bench.upload(b), out).launch(WARP, WARP);
        return new TensorCore(16, 8, 8).compare(TensorCore.tf32(a), TensorCore.tf32(b), c,
                bench.floats(out, c.length));
    }

    private static Finding mmaBf16(ProbeBench bench) {
        float[] a = TensorCore.bf16(TensorCore.random(16 * 16, 7));
        float[] b = TensorCore.bf16(TensorCore.random(16 * 8, 8));
        float[] c = TensorCore.random(16 * 8, 9);
        cl_mem out = bench.upload(c);
        bench.build("warp.cl", "").kernel("mma_bf16")
                .with(bench.upload(TensorCore.pairs(a)), bench.upload(TensorCore.pairs(b)), out).launch(WARP, WARP);
        return new TensorCore(16, 8, 16).compare(a, b, c, bench.floats(out, c.length));
    }
}
