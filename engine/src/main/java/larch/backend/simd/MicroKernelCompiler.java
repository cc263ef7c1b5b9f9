package larch.backend.simd;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import larch.expr.Program;
import larch.gemm.Epilogue;
import larch.gemm.EpilogueKernel;
import larch.gemm.MicroKernel;
import larch.gemm.MicroKernels;
import larch.gemm.Microtile;
import larch.gemm.TransposeKernel;

/// Compiles the kernels of the matrix product for one vector width, each once.
///
/// An epilogue is compiled into the microkernel, where it works on the accumulators. One that is too long for
/// that (the JVM does not compile methods of more than 8000 bytes) runs over the microtile right after it,
/// while that lies in the first cache.
final class MicroKernelCompiler implements MicroKernels {
    /// Steps of the epilogue's program times accumulators; each takes about 11 bytes.
    private static final int MAX_FUSED_STEPS = 400;

    private final KernelCompiler compiler;
    private final SimdWidth width;
    private final EpilogueCompiler epilogues;
    private final TransposeCompiler transposes;
    private final ConcurrentMap<Microtile, MicroKernel> kernels = new ConcurrentHashMap<>();

    /// @param compiler defines the classes
    /// @param width    vector width of the kernels
    MicroKernelCompiler(KernelCompiler compiler, SimdWidth width) {
        this.compiler = compiler;
        this.width = width;
        epilogues = new EpilogueCompiler(compiler);
        transposes = new TransposeCompiler(compiler, width);
    }

    @Override
    public int lanes() {
        return width.lanes();
    }

    @Override
    public MicroKernel tile(Microtile microtile) {
        MicroKernel kernel = kernels.get(microtile);
        if (kernel == null) {
            kernel = isFused(microtile) ? compile(microtile) : inTwoSteps(microtile);
            MicroKernel first = kernels.putIfAbsent(microtile, kernel);
            return first == null ? kernel : first;
        }
        return kernel;
    }

    @Override
    public EpilogueKernel epilogue(Epilogue.Form form) {
        return epilogues.get(form);
    }

    @Override
    public TransposeKernel transpose() {
        return transposes.get();
    }

    private static boolean isFused(Microtile tile) {
        return tile.form().isNone()
                || Program.of(tile.form().f()).steps().size() * tile.mr() * tile.vectors() <= MAX_FUSED_STEPS;
    }

    private MicroKernel compile(Microtile tile) {
        KernelWriter out = new KernelWriter();
        new MicroKernelWriter(out, width, tile).write();
        String name = "gemm_%dx%d_k%d_%d%s".formatted(tile.mr(), tile.vectors(), tile.kUnroll(), width.bits(),
                tile.form().isNone() ? "" : "_" + Integer.toHexString(tile.form().hashCode()));
        return compiler.compile(MicroKernel.class, name, out.listing(), out::emit);
    }

    private MicroKernel inTwoSteps(Microtile tile) {
        MicroKernel product = tile(new Microtile(tile.mr(), tile.vectors(), tile.kUnroll(), Epilogue.NONE.form()));
        EpilogueKernel function = epilogues.get(tile.form());
        return (k, alpha, a, aOffset, aRowStride, aColStride, b, bOffset, bRowStride, beta, c, cOffset, cRowStride,
                epilogue, row, column) -> {
            product.run(k, alpha, a, aOffset, aRowStride, aColStride, b, bOffset, bRowStride, beta, c, cOffset, cRowStride,
                    epilogue, row, column);
            function.run(c, cOffset, cRowStride, tile.mr(), tile.vectors() * lanes(), epilogue, row, column);
        };
    }
}
