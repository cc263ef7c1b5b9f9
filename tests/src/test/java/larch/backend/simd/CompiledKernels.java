package larch.backend.simd;

import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import larch.gemm.MicroKernels;

/// Lets the tests of `larch.gemm` have compiled kernels of a chosen width.
public final class CompiledKernels {
    private CompiledKernels() {
    }

    /// @return the widths in bits that this machine has, at least 128: wider vectors work but crawl
    public static int[] widths() {
        int preferred = FloatVector.SPECIES_PREFERRED.vectorBitSize();
        return IntStream.of(128, 256, 512).filter(bits -> bits == 128 || bits <= preferred).toArray();
    }

    public static MicroKernels of(int bits) {
        return new MicroKernelCompiler(new KernelCompiler(null), SimdWidth.of(bits));
    }
}
