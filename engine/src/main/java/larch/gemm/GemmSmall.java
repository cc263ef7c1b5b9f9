package larch.gemm;

import larch.parallel.ThreadTeam;

/// Products whose B fits a cache: A is read where it lies, transposed or not, and so is B if it is not
/// transposed. For the layers of a small network packing would cost as much as it saves.
///
/// ```text
/// for pc in k by kc              one pass over C per kc steps
///   for ic in rows by mc         rows of A that stay in L2 while all of B passes
///     for jr in columns by nr    panel of B; op(B) = Bᵀ is turned into scratch memory here
///       for ir in ic by mr       microkernel
/// ```
final class GemmSmall {
    private final GemmTiles tiles;
    private final Packing packing;
    private final Edge edge;
    private final GemmBlocking blocking;
    private final ThreadTeam team;
    private final Pool<Workspace> workspaces;
    private final Pool<Parts> parts;

    GemmSmall(GemmTiles tiles, Packing packing, GemmBlocking blocking, ThreadTeam team, Pool<Workspace> workspaces) {
        this.tiles = tiles;
        this.packing = packing;
        edge = new Edge(tiles, packing, blocking.lanes());
        this.blocking = blocking;
        this.team = team;
        this.workspaces = workspaces;
        parts = new Pool<>(team.threads(), Parts::new);
    }

    /// @param g         the product
    /// @param count     into how many parts C is shared out
    /// @param workspace the caller's
    void run(Product g, int count, Workspace workspace) {
        if (count == 1) {
            block(g, 0, g.m, 0, g.n, workspace);
            return;
        }
        Parts shared = parts.take();
        shared.product = g;
        shared.count = count;
        // Parts of rows would each turn all of a transposed B.
        boolean columnsFirst = g.bColStride != 1 && g.n >= blocking.nr() * count;
        shared.byRows = !columnsFirst && Split.byRows(g.m, blocking.mr(), g.n, blocking.nr(), count);
        team.run(count, shared);
        shared.product = null;
        parts.giveBack(shared);
    }

    private final class Parts implements ThreadTeam.Task {
        private Product product;
        private int count;
        private boolean byRows;

        @Override
        public void run(int part) {
            int extent = byRows ? product.m : product.n;
            int grain = byRows ? blocking.mr() : blocking.nr();
            int from = Split.bound(extent, grain, part, count);
            int to = Split.bound(extent, grain, part + 1, count);
            if (from < to) {
                Workspace workspace = workspaces.take();
                if (byRows) {
                    block(product, from, to, 0, product.n, workspace);
                } else {
                    block(product, 0, product.m, from, to, workspace);
                }
                workspaces.giveBack(workspace);
            }
        }
    }

    /// Computes the rows `[rowFrom, rowTo)` of the columns `[colFrom, colTo)` of C.
    private void block(Product g, int rowFrom, int rowTo, int colFrom, int colTo, Workspace workspace) {
        // A panel that has just been turned serves all rows at once.
        int mc = g.bColStride != 1 ? rowTo - rowFrom : blocking.mc();
        for (int pc = 0; pc < g.k; pc += blocking.kc()) {
            int steps = Math.min(blocking.kc(), g.k - pc);
            GemmTiles kernels = pc + steps == g.k ? tiles.endingWith(g.epilogue) : tiles;
            for (int ic = rowFrom; ic < rowTo; ic += mc) {
                rows(g, kernels, pc, steps, ic, Math.min(rowTo, ic + mc), colFrom, colTo, workspace);
            }
        }
    }

    private void rows(Product g, GemmTiles kernels, int pc, int steps, int ic, int icEnd, int colFrom, int colTo,
                      Workspace workspace) {
        int lanes = blocking.lanes();
        int vectors = tiles.vectorsFor(icEnd - ic);
        int jr = colFrom;
        for (; colTo - jr >= lanes; jr += vectors * lanes) {
            vectors = Math.min(vectors, (colTo - jr) / lanes);
            panel(g, kernels, pc, steps, ic, icEnd, jr, vectors, workspace);
        }
        if (jr < colTo) {
            if (edge.mayOverlap(g, blocking.kc(), colTo - colFrom)) {
                panel(g, kernels, pc, steps, ic, icEnd, colTo - lanes, 1, workspace);
            } else {
                edge.run(g, pc, steps, ic, icEnd, jr, colTo - jr, workspace);
            }
        }
    }

    private void panel(Product g, GemmTiles kernels, int pc, int steps, int ic, int icEnd, int jr, int vectors,
                       Workspace workspace) {
        int nr = vectors * blocking.lanes();
        float[] b = g.b;
        int bOffset = g.bIndex(pc, jr);
        int bRowStride = g.bRowStride;
        if (g.bColStride != 1) {
            b = workspace.packedB(steps * nr);
            bOffset = 0;
            bRowStride = nr;
            packing.packPanelOfB(g, pc, steps, jr, nr, b, 0, nr);
        }
        float beta = g.betaAt(pc);
        int mr = tiles.rowsFor(vectors);
        for (int ir = ic; ir < icEnd; ir += mr) {
            int rows = Math.min(mr, icEnd - ir);
            kernels.tile(rows, vectors, g.updateAt(pc)).run(steps, g.alpha, g.a, g.aIndex(ir, pc), g.aRowStride, g.aColStride,
                    b, bOffset, bRowStride, beta, g.c, g.cIndex(ir, jr), g.ldc, g.epilogue, ir, jr);
        }
    }
}
