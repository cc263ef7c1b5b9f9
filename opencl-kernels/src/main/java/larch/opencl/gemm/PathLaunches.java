package larch.opencl.gemm;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.NdRange;
import larch.opencl.source.ProgramSource;

/// What each [GemmPath] launches, one to four kernels, and the memory between them.
///
/// A launch counts the operations of the product, `2·m·n·k`, whatever its padding adds, and the bytes of the matrices that
/// it reads and writes, each once; what an epilogue reads is not counted.
final class PathLaunches {
    /// GROUP of `add_chunks.cl`.
    private static final int GROUP = 256;
    /// Rows of C for which turning a transposed B pays on a CPU.
    private static final int LEAST_ROWS = 16;

    private final GemmRuntime runtime;
    private final GemmKernel fast;
    private final GemmParams fastParams;
    private final GemmKernel direct;
    private final GemmParams directParams;
    private final SplitK split;
    private final ProgramSource directSource;
    private final ProgramSource fastSource;
    private final ProgramSource chunksSource = ProgramSource.ofFiles(List.of("gemm_epilogue.cl", "add_chunks.cl"),
            "-DGROUP=" + GROUP);
    /// So that a product builds no strings.
    private final Map<Finished, ProgramSource> finished = new ConcurrentHashMap<>();

    private record Finished(ProgramSource kernel, String epilogue) {}

    PathLaunches(GemmRuntime runtime, GemmKernel fast, GemmParams fastParams, GemmKernel direct, GemmParams directParams,
                 SplitK split) {
        this.runtime = runtime;
        this.fast = fast;
        this.fastParams = fastParams;
        this.direct = direct;
        this.directParams = directParams;
        this.split = split;
        directSource = ProgramSource.ofFiles(direct.resources(), direct.options(directParams));
        fastSource = ProgramSource.ofFiles(fast.resources(), fast.options(fastParams));
    }

    /// @param g a product
    /// @param path one that leads to its result
    /// @return the product, not yet run
    PreparedProduct prepare(DeviceGemm g, GemmPath path) {
        PreparedProduct to = new PreparedProduct(runtime);
        try {
            switch (g.isEmpty() ? GemmPath.NOTHING : path) {
                case NOTHING -> { }
                case DIRECT -> direct(to, g);
                case SPLIT -> split(to, g);
                case WHOLE_TILES -> rung(to, g, g.m(), g.n(), g.k(), g.alpha(), g.a().memory(), g.b().memory(), g.beta(),
                        g.c().memory());
                case INDIRECT -> indirect(to, g);
            }
            return to;
        } catch (RuntimeException e) {
            to.close();
            throw e;
        }
    }

    private void direct(PreparedProduct to, DeviceGemm g) {
        int k = g.isSumOfNothing() ? 0 : g.k();
        multiply(to, g, k, k, 1);
    }

    private void split(PreparedProduct to, DeviceGemm g) {
        int steps = split.steps(g.m(), g.n(), g.k());
        int chunks = Math.ceilDiv(g.k(), steps);
        int elements = g.m() * g.n();
        DeviceMemory sums = to.scratch(chunks * elements);
        multiply(to, new DeviceGemm(g.m(), g.n(), g.k(), 1, g.a(), g.b(), 0, DeviceMatrix.of(sums, g.n())), g.k(), steps, chunks);
        to.launch(with(g.epilogue(), chunksSource), "add_chunks", NdRange.covering(elements, GROUP),
                0, bytes(chunks, elements) + g.bytesOfC(),
                with(g.epilogue(), g.m(), g.n(), sums, chunks, g.alpha(), g.beta(), g.c().memory(), g.c().offset(),
                        g.c().rowStride()));
    }

    /// The direct kernel: m x n elements for each chunk of so many steps of k.
    private void multiply(PreparedProduct to, DeviceGemm g, int k, int steps, int chunks) {
        // With no steps A and B are not read and may have no buffer, but a kernel wants one.
        DeviceMatrix a = k == 0 ? g.c() : g.a();
        DeviceMatrix b = k == 0 ? g.c() : turnsB(g) ? turned(to, g) : g.b();
        DeviceMatrix c = g.c();
        long[] global = directParams.globalSize(g.m(), g.n());
        long[] local = directParams.localSize();
        to.launch(with(g.epilogue(), directSource), direct.function(),
                NdRange.of(new long[] {global[0], global[1], chunks}, new long[] {local[0], local[1], 1}),
                g.flops(), bytes(g.m(), k) + bytes(k, g.n()) + chunks * g.bytesOfC(),
                with(g.epilogue(), g.m(), g.n(), k, steps, g.alpha(), a.memory(), a.offset(), a.rowStride(), a.colStride(),
                        b.memory(), b.offset(), b.rowStride(), b.colStride(), g.beta(), c.memory(), c.offset(),
                        c.rowStride()));
    }

    /// A CPU's kernel reads B along its rows; turning a transposed B costs as much as some rows of C.
    private boolean turnsB(DeviceGemm g) {
        return direct == GemmKernel.DIRECT_CPU && g.b().colStride() != 1 && g.n() > 1 && g.m() >= LEAST_ROWS
                && DeviceMatrix.fitsInt(g.k(), g.n());
    }

    private DeviceMatrix turned(PreparedProduct to, DeviceGemm g) {
        return DeviceMatrix.of(padded(to, g.b(), g.k(), g.n(), g.k(), g.n()), g.n());
    }

    private void indirect(PreparedProduct to, DeviceGemm g) {
        int m = fastParams.paddedM(g.m());
        int n = fastParams.paddedN(g.n());
        int k = fastParams.paddedK(g.k());
        DeviceMemory a = padded(to, g.a(), g.m(), g.k(), m, k);
        DeviceMemory b = padded(to, g.b(), g.k(), g.n(), k, n);
        DeviceMemory sum = to.scratch(m * n);
        rung(to, g, m, n, k, 1, a, b, 0, sum);
        to.launch(with(g.epilogue(), PadTranspose.SOURCE), PadTranspose.UNPAD_FINISH, PadTranspose.unpadRange(g.m(), g.n()),
                0, bytes(g.m(), g.n()) + g.bytesOfC(),
                with(g.epilogue(), g.m(), g.n(), sum, n, g.alpha(), g.beta(), g.c().memory(), g.c().offset(),
                        g.c().rowStride()));
    }

    /// The matrix itself if it is whole tiles without gaps, else a copy that is.
    private DeviceMemory padded(PreparedProduct to, DeviceMatrix x, int rows, int cols, int toRows, int toCols) {
        if (rows == toRows && cols == toCols && x.isWhole(rows, cols)) {
            return x.memory();
        }
        DeviceMemory copy = to.scratch(toRows * toCols);
        to.launch(PadTranspose.SOURCE, PadTranspose.PAD, PadTranspose.padRange(toRows, toCols),
                0, bytes(rows, cols) + bytes(toRows, toCols),
                rows, cols, x.memory(), x.offset(), x.rowStride(), x.colStride(), toRows, toCols, copy);
        return copy;
    }

    private void rung(PreparedProduct to, DeviceGemm g, int m, int n, int k, float alpha, DeviceMemory a, DeviceMemory b,
                      float beta, DeviceMemory c) {
        long[] global = fastParams.globalSize(m, n);
        long[] local = fastParams.localSize();
        if (fast == GemmKernel.NAIVE) {
            global = new long[] {global[1], global[0]};
            local = new long[] {local[1], local[0]};
        }
        to.launch(fastSource, fast.function(), NdRange.of(global, local), g.flops(),
                bytes(m, k) + bytes(k, n) + (beta == 0 ? 1 : 2) * bytes(m, n), m, n, k, alpha, a, b, beta, c);
    }

    private ProgramSource with(GemmEpilogue epilogue, ProgramSource kernel) {
        return epilogue.source().isEmpty() ? kernel
                : finished.computeIfAbsent(new Finished(kernel, epilogue.source()), _ -> epilogue.before(kernel));
    }

    private static Object[] with(GemmEpilogue epilogue, Object... args) {
        Object[] all = Arrays.copyOf(args, args.length + epilogue.args().size());
        for (int i = args.length; i < all.length; i++) {
            all[i] = epilogue.args().get(i - args.length);
        }
        return all;
    }

    private static double bytes(int rows, int cols) {
        return (double) rows * cols * Float.BYTES;
    }
}
