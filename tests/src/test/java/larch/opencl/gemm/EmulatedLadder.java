package larch.opencl.gemm;

import larch.opencl.gemm.Emulator.Group;

/// The kernels of `cl/gemm_1_naive.cl` to `cl/gemm_4_register.cl`, index by index and barrier by barrier: what is a barrier
/// there ends a phase here, what is private there is a row of `registers` here.
final class EmulatedLadder {
    private final int m;
    private final int n;
    private final int k;
    private final float alpha;
    private final float beta;
    private final Cells a;
    private final Cells b;
    private final Cells c;
    private final GemmParams p;

    EmulatedLadder(HostGemm g, GemmParams p, Emulator emulator) {
        m = g.m();
        n = g.n();
        k = g.k();
        alpha = g.alpha();
        beta = g.beta();
        a = emulator.global("a", g.a().data().clone());
        b = emulator.global("b", g.b().data().clone());
        c = emulator.global("c", g.c().data().clone());
        this.p = p;
    }

    float[] result() {
        return c.data();
    }

    void naive(Group group) {
        group.phase(item -> element(group.x() * p.mdimc() + item.x(), group.y() * p.ndimc() + item.y()));
    }

    void coalesced(Group group) {
        group.phase(item -> element(group.y() * p.mdimc() + item.y(), group.x() * p.ndimc() + item.x()));
    }

    private void element(int row, int col) {
        if (row >= m || col >= n) {
            return;
        }
        float acc = 0;
        for (int s = 0; s < k; s++) {
            acc = Math.fma(a.get(row * k + s), b.get(s * n + col), acc);
        }
        store(row * n + col, acc);
    }

    private void store(int at, float acc) {
        c.set(at, beta == 0 ? alpha * acc : Math.fma(alpha, acc, beta * c.get(at)));
    }

    void local(Group group) {
        Cells aTile = group.local("a_tile", p.mwg() * p.kwg());
        Cells bTile = group.local("b_tile", p.kwg() * p.nwg());
        float[][] acc = group.registers(1);
        for (int t = 0; t < k; t += p.kwg()) {
            int tile = t;
            group.phase(item -> {
                aTile.set(item.y() * p.kwg() + item.x(), a.get((group.y() * p.mwg() + item.y()) * k + tile + item.x()));
                bTile.set(item.y() * p.nwg() + item.x(), b.get((tile + item.y()) * n + group.x() * p.nwg() + item.x()));
            });
            group.phase(item -> {
                for (int s = 0; s < p.kwg(); s++) {
                    acc[item.index()][0] = Math.fma(aTile.get(item.y() * p.kwg() + s), bTile.get(s * p.nwg() + item.x()),
                            acc[item.index()][0]);
                }
            });
        }
        group.phase(item -> store((group.y() * p.mwg() + item.y()) * n + group.x() * p.nwg() + item.x(),
                acc[item.index()][0]));
    }

    void register(Group group) {
        Cells aTile = group.local("a_tile", p.mwg() * p.kwg());
        Cells bTile = group.local("b_tile", p.kwg() * p.nwg());
        float[][] acc = group.registers(p.mwi() * p.nwi());
        int row = group.y() * p.mwg();
        int col = group.x() * p.nwg();
        for (int t = 0; t < k; t += p.kwg()) {
            int tile = t;
            group.phase(item -> {
                for (int e = item.index(); e < p.mwg() * p.kwg(); e += p.items()) {
                    aTile.set(e, a.get((row + e / p.kwg()) * k + tile + e % p.kwg()));
                }
                for (int e = item.index(); e < p.kwg() * p.nwg(); e += p.items()) {
                    bTile.set(e, b.get((tile + e / p.nwg()) * n + col + e % p.nwg()));
                }
            });
            group.phase(item -> {
                for (int s = 0; s < p.kwg(); s++) {
                    float[] aReg = new float[p.mwi()];
                    float[] bReg = new float[p.nwi()];
                    for (int i = 0; i < p.mwi(); i++) {
                        aReg[i] = aTile.get((item.y() + i * p.mdimc()) * p.kwg() + s);
                    }
                    for (int j = 0; j < p.nwi(); j++) {
                        bReg[j] = bTile.get(s * p.nwg() + item.x() + j * p.ndimc());
                    }
                    outer(acc[item.index()], aReg, bReg);
                }
            });
        }
        group.phase(item -> {
            for (int i = 0; i < p.mwi(); i++) {
                for (int j = 0; j < p.nwi(); j++) {
                    store((row + item.y() + i * p.mdimc()) * n + col + item.x() + j * p.ndimc(),
                            acc[item.index()][i * p.nwi() + j]);
                }
            }
        });
    }

    /// acc += aReg bRegᵀ, the outer product of a step.
    static void outer(float[] acc, float[] aReg, float[] bReg) {
        for (int i = 0; i < aReg.length; i++) {
            for (int j = 0; j < bReg.length; j++) {
                acc[i * bReg.length + j] = Math.fma(aReg[i], bReg[j], acc[i * bReg.length + j]);
            }
        }
    }
}
