package larch.opencl.probe;

import java.util.List;
import org.jocl.cl_mem;

/// Whether Hopper's `wgmma`, which alone reaches the tensor cores' full speed, can be had from source and
/// from PTX.
final class WarpgroupProduct {
    private static final int WARPGROUP = 128;
    private static final int CORE_MATRIX = 128;

    private WarpgroupProduct() {}

    static List<Probe> probes() {
        return List.of(
                Probe.ofNvidia("E4.source", "does OpenCL C take wgmma m64n8k8 TF32 as inline PTX?",
                        bench -> product(bench, bench.build("wgmma.cl", ""))),
                Probe.ofNvidia("E4.ptx", "does the driver take wgmma in PTX for sm_90a?",
                        bench -> product(bench, bench.loadPtx("wgmma.ptx"))));
    }

    /// The two distances of a descriptor are easily taken for one another; if one order fails, the verdict
    /// says what the other does.
    private static Finding product(ProbeBench bench, ProbeProgram program) {
        ProbeKernel kernel = program.kernel("wgmma_tf32");
        Finding documented = product(bench, kernel, CORE_MATRIX, 2 * CORE_MATRIX);
        if (documented.answer() == Finding.Answer.YES) {
            return documented;
        }
        Finding exchanged = product(bench, kernel, 2 * CORE_MATRIX, CORE_MATRIX);
        return Finding.no(documented.verdict() + "; with the distances exchanged: " + exchanged.verdict());
    }

    /// @param leading bytes between core matrices along k
    /// @param stride bytes between core matrices along the rows
    private static Finding product(ProbeBench bench, ProbeKernel kernel, int leading, int stride) {
        float[] a = TensorCore.tf32(TensorCore.random(64 * 8, 10));
        float[] b = TensorCore.tf32(TensorCore.random(8 * 8, 11));
        cl_mem out = bench.poisoned(64 * 8);
        kernel.with(bench.upload(a), bench.upload(b), out, leading, stride).launch(WARPGROUP, WARPGROUP);
        return new TensorCore(64, 8, 8).compare(a, b, new float[64 * 8], bench.floats(out, 64 * 8));
    }
}
