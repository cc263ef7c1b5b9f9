package larch.opencl.probe;

import java.nio.charset.StandardCharsets;
import java.util.List;
import larch.opencl.source.ClResource;
import org.jocl.cl_mem;

/// Which binaries the driver takes: its own again, and PTX that other compilers made. Decides in which form
/// kernels can be distributed.
final class BinaryProgram {
    private static final int N = 1003;
    private static final float A = 1.25f;

    private BinaryProgram() {}

    static List<Probe> probes() {
        return List.of(
                new Probe("E5.own", "does the driver take its own binary again?",
                        bench -> axpy(bench, bench.load("its own binary", bench.build("axpy.cl", "").binary()))),
                Probe.ofNvidia("E5.ptx-sm90a", "does it take clang's PTX for sm_90a (ISA 8.4)?",
                        bench -> axpy(bench, ".version 8.4", ".target sm_90a, texmode_independent")),
                Probe.ofNvidia("E5.ptx-sm80", "does it take clang's PTX for sm_80 (ISA 7.5)?",
                        bench -> axpy(bench, ".version 7.5", ".target sm_80, texmode_independent")),
                Probe.ofNvidia("E5.ptx-cuda", "does it take PTX in the texture mode of CUDA?",
                        bench -> axpy(bench, ".version 8.4", ".target sm_90")));
    }

    private static Finding axpy(ProbeBench bench, String version, String target) {
        String ptx = ClResource.text("probe/axpy.ptx")
                .replaceFirst("(?m)^\\.version.*$", version).replaceFirst("(?m)^\\.target.*$", target);
        return axpy(bench, bench.load("axpy.ptx with " + target, ptx.getBytes(StandardCharsets.US_ASCII)));
    }

    private static Finding axpy(ProbeBench bench, ProbeProgram program) {
        float[] x = TensorCore.random(N, 12);
        float[] y = TensorCore.random(N, 13);
        cl_mem out = bench.upload(y);
        program.kernel("axpy").with(A, bench.upload(x), out, N).launch(1024, 64);
        float[] computed = bench.floats(out, N);
        for (int i = 0; i < N; i++) {
            if (computed[i] != Math.fma(A, x[i], y[i])) {
                return Finding.no("it runs, but element " + i + " must be " + Math.fma(A, x[i], y[i]) + ", got "
                        + computed[i]);
            }
        }
        return Finding.yes(N + " multiply-adds exact");
    }
}
