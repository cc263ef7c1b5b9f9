package larch.opencl.gemm;

import larch.opencl.gemm.Emulator.Group;

/// The kernel of `cl/gemm_direct.cl`: guards, strides, chunks of k, and loads that follow the smaller stride.
final class EmulatedDirect {
    private final HostGemm g;
    private final GemmParams p;
    private final Cells a;
    private final Cells b;
    private final Cells c;
    private final int steps;

    EmulatedDirect(HostGemm g, GemmParams p, Emulator emulator) {
        this(g, p, emulator, g.k());
    }

    EmulatedDirect(HostGemm g, GemmParams p, Emulator emulator, int steps) {
        this.steps = steps;
        this.g = g;
        this.p = p;
        a = emulator.global("a", g.a().data().clone());
        b = emulator.global("b", g.b().data().clone());
        c = emulator.global("c", g.c().data().clone());
    }

    float[] result() {
        return c.data();
    }

    void run(Group group) {
        Cells aTile = group.local("a_tile", p.kwg() * (p.mwg() + 1));
        Cells bTile = group.local("b_tile", p.kwg() * (p.nwg() + 1));
        float[][] acc = group.registers(p.mwi() * p.nwi());
        int row = group.y() * p.mwg();
        int col = group.x() * p.nwg();
        boolean aByRows = Math.abs(g.a().colStride()) <= Math.abs(g.a().rowStride());
        boolean bByRows = Math.abs(g.b().colStride()) <= Math.abs(g.b().rowStride());
        int first = group.z() * steps;
        int end = Math.min(steps, g.k() - first);
        for (int t = 0; t < end; t += p.kwg()) {
            int tile = t;
            group.phase(item -> {
                for (int e = item.index(); e < p.mwg() * p.kwg(); e += p.items()) {
                    int i = aByRows ? e / p.kwg() : e % p.mwg();
                    int s = aByRows ? e % p.kwg() : e / p.mwg();
                    boolean inside = row + i < g.m() && tile + s < end;
                    aTile.set(s * (p.mwg() + 1) + i, inside ? a.get(g.a().at(row + i, first + tile + s)) : 0);
                }
                for (int e = item.index(); e < p.kwg() * p.nwg(); e += p.items()) {
                    int j = bByRows ? e % p.nwg() : e / p.kwg();
                    int s = bByRows ? e / p.nwg() : e % p.kwg();
                    boolean inside = col + j < g.n() && tile + s < end;
                    bTile.set(s * (p.nwg() + 1) + j, inside ? b.get(g.b().at(first + tile + s, col + j)) : 0);
                }
            });
            group.phase(item -> {
                for (int s = 0; s < p.kwg(); s++) {
                    float[] aReg = new float[p.mwi()];
                    float[] bReg = new float[p.nwi()];
                    for (int i = 0; i < p.mwi(); i++) {
                        aReg[i] = aTile.get(s * (p.mwg() + 1) + item.y() + i * p.mdimc());
                    }
                    for (int j = 0; j < p.nwi(); j++) {
                        bReg[j] = bTile.get(s * (p.nwg() + 1) + item.x() + j * p.ndimc());
                    }
                    EmulatedLadder.outer(acc[item.index()], aReg, bReg);
                }
            });
        }
        group.phase(item -> {
            for (int i = 0; i < p.mwi(); i++) {
                int r = row + item.y() + i * p.mdimc();
                for (int j = 0; j < p.nwi(); j++) {
                    int s = col + item.x() + j * p.ndimc();
                    if (r < g.m() && s < g.n()) {
                        int at = g.c().at(group.z() * g.m() + r, s);
                        float sum = acc[item.index()][i * p.nwi() + j];
                        c.set(at, g.beta() == 0 ? g.alpha() * sum : Math.fma(g.alpha(), sum, g.beta() * c.get(at)));
                    }
                }
            }
        });
    }
}
