package larch.backend.simd;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import larch.gemm.Epilogue;
import larch.gemm.EpilogueKernel;
import larch.gemm.MicroKernel;
import larch.gemm.MicroKernels;
import larch.gemm.Microtile;
import larch.gemm.TransposeKernel;
import larch.gemm.Update;

/// Compiles the kernels of the matrix product for one vector width, each once.
///
/// An epilogue is compiled into the microkernel, where it works on the accumulators.
final class MicroKernelCompiler implements MicroKernels {
    /// C1 gives up beyond 10,000 virtual registers, and then C2 never has its turn; each operation takes 40 to 60.
    private static final int MAX_VECTOR_OPERATIONS = 160;

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
    public boolean fits(Microtile microtile) {
        return MicroKernelWriter.vectorOperations(microtile) <= MAX_VECTOR_OPERATIONS;
    }

    @Override
    public MicroKernel tile(Microtile microtile) {
        MicroKernel kernel = kernels.get(microtile);
        if (kernel == null) {
            kernel = compile(microtile);
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

    private MicroKernel compile(Microtile tile) {
        KernelWriter out = new KernelWriter();
        new MicroKernelWriter(out, width, tile).write();
        String name = "gemm_%dx%d_k%d_%d%s%s".formatted(tile.mr(), tile.vectors(), tile.kUnroll(), width.bits(),
                tile.update() == Update.SET ? "" : "_" + tile.update().verb(),
                tile.form().isNone() ? "" : "_" + Integer.toHexString(tile.form().hashCode()));
        return compiler.compile(MicroKernel.class, name, out.listing(), out::emit);
    }
}
