package larch.opencl.gemm;

import java.util.Arrays;

/// A product whose sums over k are cut: `cl/gemm_direct.cl` on every chunk, then `cl/add_chunks.cl`.
/// @param g the product
/// @param steps of a chunk
record EmulatedChunks(HostGemm g, int steps) {
    private static final int GROUP = 8;

    /// @param p the numbers of the direct kernel
    /// @return C's whole array
    float[] run(GemmParams p) {
        int chunks = Math.ceilDiv(g.k(), steps);
        float[] sums = new float[chunks * g.m() * g.n()];
        Arrays.fill(sums, Float.NaN);
        HostGemm first = new HostGemm(g.m(), g.n(), g.k(), 1, 0, g.a(), g.b(),
                new HostGemm.Matrix(g.m(), g.n(), 0, g.n(), 1, sums));
        Emulator emulator = new Emulator(p.localSize());
        EmulatedDirect direct = new EmulatedDirect(first, p, emulator, steps);
        emulator.launch(p.globalSize(g.m(), g.n()), chunks, direct::run);
        return add(direct.result(), chunks);
    }

    private float[] add(float[] sums, int chunks) {
        Emulator emulator = new Emulator(new long[] {GROUP, 1});
        Cells from = emulator.global("sums", sums);
        Cells c = emulator.global("c", g.c().data().clone());
        int elements = g.m() * g.n();
        emulator.launch(new long[] {(long) Math.ceilDiv(elements, GROUP) * GROUP, 1}, group -> group.phase(item -> {
            int element = group.x() * GROUP + item.x();
            if (element < elements) {
                float sum = from.get(element);
                for (int chunk = 1; chunk < chunks; chunk++) {
                    sum += from.get(chunk * elements + element);
                }
                int at = g.c().at(element / g.n(), element % g.n());
                c.set(at, g.beta() == 0 ? g.alpha() * sum : Math.fma(g.alpha(), sum, g.beta() * c.get(at)));
            }
        }));
        return c.data();
    }
}
