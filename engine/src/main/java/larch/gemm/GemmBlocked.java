package larch.gemm;

import larch.parallel.ThreadTeam;

/// Products larger than the caches: the five loops around the microkernel (Goto and van de Geijn, ACM TOMS
/// 34(3), 2008; named as in BLIS).
///
/// ```text
/// for jc in n by nc                 block of B: kc × nc, in panels of nr columns, for all threads    L3
///   for pc in k by kc
///     for ic in rows by mc          block of A: mc × kc, in micropanels of mr rows, for each thread  L2
///       for jr in nc by nr          panel of B                                                       L1
///         for ir in mc by mr        microkernel: one microtile of C                                  registers
/// ```
///
/// Threads share out the packing of B by panels and then C by rows or by columns, never k: each element of C
/// is summed by one thread in one order.
final class GemmBlocked {
    private final GemmTiles tiles;
    private final GemmBlocking blocking;
    private final ThreadTeam team;
    private final Workspace.Pool workspaces;

    GemmBlocked(GemmTiles tiles, GemmBlocking blocking, ThreadTeam team, Workspace.Pool workspaces) {
        this.tiles = tiles;
        this.blocking = blocking;
        this.team = team;
        this.workspaces = workspaces;
    }

    /// @param g     the product
    /// @param parts into how many parts C is shared out
    void run(Gemm g, int parts) {
        int nr = blocking.nr();
        Workspace shared = workspaces.take();
        for (int jc = 0; jc < g.n(); jc += blocking.nc()) {
            int ncCur = Math.min(blocking.nc(), g.n() - jc);
            int panels = (ncCur + nr - 1) / nr;
            for (int pc = 0; pc < g.k(); pc += blocking.kc()) {
                int kcCur = Math.min(blocking.kc(), g.k() - pc);
                float[] packedB = shared.packedB(panels * nr * Math.min(g.k(), blocking.kc()));
                block(g, jc, ncCur, pc, kcCur, packedB, parts);
            }
        }
        workspaces.giveBack(shared);
    }

    /// One block of B against all rows of A.
    private void block(Gemm g, int jc, int ncCur, int pc, int kcCur, float[] packedB, int parts) {
        int m = g.m();
        int mr = blocking.mr();
        int nr = blocking.nr();
        if (parts == 1) {
            packB(g, jc, ncCur, pc, kcCur, packedB, 0, ncCur);
            macrokernels(g, jc, pc, kcCur, packedB, 0, m, 0, ncCur);
            return;
        }
        team.run(parts, part -> packB(g, jc, ncCur, pc, kcCur, packedB,
                Split.bound(ncCur, nr, part, parts), Split.bound(ncCur, nr, part + 1, parts)));
        if (Split.byRows(m, mr, ncCur, nr, parts)) {
            team.run(parts, part -> macrokernels(g, jc, pc, kcCur, packedB,
                    Split.bound(m, mr, part, parts), Split.bound(m, mr, part + 1, parts), 0, ncCur));
        } else {
            team.run(parts, part -> macrokernels(g, jc, pc, kcCur, packedB, 0, m,
                    Split.bound(ncCur, nr, part, parts), Split.bound(ncCur, nr, part + 1, parts)));
        }
    }

    /// Packs the columns `[from, to)` of the block; `from` is the start of a panel.
    private void packB(Gemm g, int jc, int ncCur, int pc, int kcCur, float[] packedB, int from, int to) {
        int nr = blocking.nr();
        for (int jr = from; jr < to; jr += nr) {
            int offset = g.bOffset() + pc * g.bRowStride() + (jc + jr) * g.bColStride();
            Packing.packPanelOfB(g.b(), offset, g.bRowStride(), g.bColStride(), kcCur, Math.min(nr, ncCur - jr), nr,
                    packedB, jr * kcCur);
        }
    }

    /// Rows `[rowFrom, rowTo)` by the block's columns `[colFrom, colTo)`.
    private void macrokernels(Gemm g, int jc, int pc, int kcCur, float[] packedB, int rowFrom, int rowTo,
                              int colFrom, int colTo) {
        if (rowFrom == rowTo || colFrom == colTo) {
            return;
        }
        Workspace workspace = workspaces.take();
        int mr = blocking.mr();
        for (int ic = rowFrom; ic < rowTo; ic += blocking.mc()) {
            int mcCur = Math.min(blocking.mc(), rowTo - ic);
            float[] packedA = workspace.packedA((mcCur + mr - 1) / mr * mr * kcCur);
            Packing.packA(g.a(), g.aOffset() + ic * g.aRowStride() + pc * g.aColStride(),
                    g.aRowStride(), g.aColStride(), mcCur, kcCur, mr, packedA);
            for (int jr = colFrom; jr < colTo; jr += blocking.nr()) {
                panel(g, ic, mcCur, jc + jr, Math.min(blocking.nr(), colTo - jr), pc, kcCur, packedA,
                        packedB, jr * kcCur, workspace);
            }
        }
        workspaces.giveBack(workspace);
    }

    /// All micropanels of A against one panel of B.
    private void panel(Gemm g, int ic, int mcCur, int j, int columns, int pc, int kcCur, float[] packedA,
                       float[] packedB, int panel, Workspace workspace) {
        int mr = blocking.mr();
        int lanes = blocking.lanes();
        int vectors = (columns + lanes - 1) / lanes;
        float beta = pc == 0 ? g.beta() : 1;
        for (int ir = 0; ir < mcCur; ir += mr) {
            int mrCur = Math.min(mr, mcCur - ir);
            MicroKernel kernel = tiles.tile(mrCur, vectors);
            int cOffset = g.cOffset() + (ic + ir) * g.ldc() + j;
            if (columns == vectors * lanes) {
                kernel.run(kcCur, g.alpha(), packedA, ir * kcCur, 1, mr, packedB, panel, blocking.nr(),
                        beta, g.c(), cOffset, g.ldc());
            } else {
                EdgeTile.run(kernel, mrCur, columns, vectors * lanes, workspace.microtile(mr * blocking.nr()),
                        kcCur, g.alpha(), packedA, ir * kcCur, 1, mr, packedB, panel, blocking.nr(),
                        beta, g.c(), cOffset, g.ldc());
            }
        }
    }
}
