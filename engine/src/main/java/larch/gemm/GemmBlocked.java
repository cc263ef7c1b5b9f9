package larch.gemm;

import larch.parallel.ThreadTeam;

/// Products larger than the caches: the five loops around the microkernel (Goto and van de Geijn, ACM TOMS
/// 34(3), 2008; named as in BLIS).
///
/// ```text
/// for jc in n by nc                 block of B: kc × nc, in panels of nr columns, for all threads    L3
///   for pc in k by kc
///     for ic in rows by mc          block of A: mc × kc, where it lies, for each thread              L2
///       for jb in nc by nb          panels of B that stay while the block of A passes                L2
///         for ir in mc by mr        micropanel of A                                                  L1
///           for jr in nb by nr      microkernel: one microtile of C                                  registers
/// ```
///
/// The innermost loop moves along rows of C, where the hardware fetches ahead. Down the columns, as BLIS goes for a C
/// that is stored by columns, each microtile waited for its part of C.
///
/// A microkernel reads A one element at a time, so a row-major A need not be packed: packing it cost a tenth
/// and brought nothing. A transposed A is copied, as its columns lie as far apart as rows of it.
///
/// Threads share out the packing of B by panels and then C by rows or by columns, never k: each element of C
/// is summed by one thread in one order.
final class GemmBlocked {
    private final GemmTiles tiles;
    private final Packing packing;
    private final Edge edge;
    private final GemmBlocking blocking;
    private final ThreadTeam team;
    private final Pool<Workspace> workspaces;
    private final Pool<Block> blocks;

    GemmBlocked(GemmTiles tiles, Packing packing, GemmBlocking blocking, ThreadTeam team, Pool<Workspace> workspaces) {
        this.tiles = tiles;
        this.packing = packing;
        edge = new Edge(tiles, packing, blocking.lanes());
        this.blocking = blocking;
        this.team = team;
        this.workspaces = workspaces;
        blocks = new Pool<>(team.threads(), Block::new);
    }

    /// @param g         the product
    /// @param count     into how many parts C is shared out
    /// @param workspace the caller's; its packed B is shared by all threads
    void run(Product g, int count, Workspace workspace) {
        int nr = blocking.nr();
        Block block = blocks.take();
        block.g = g;
        block.count = count;
        for (int jc = 0; jc < g.n; jc += blocking.nc()) {
            block.jc = jc;
            block.columns = Math.min(blocking.nc(), g.n - jc);
            for (int pc = 0; pc < g.k; pc += blocking.kc()) {
                block.pc = pc;
                block.steps = Math.min(blocking.kc(), g.k - pc);
                int panels = (block.columns + nr - 1) / nr;
                block.packedB = workspace.packedB(panels * nr * Math.min(g.k, blocking.kc()));
                block.compute();
            }
        }
        block.g = null;
        block.packedB = null;
        blocks.giveBack(block);
    }

    /// One block of B against all rows of A.
    private final class Block implements ThreadTeam.Task {
        private Product g;
        private int count;
        private int jc;
        private int columns;
        private int pc;
        private int steps;
        private float[] packedB;
        private boolean isPacking;

        void compute() {
            isPacking = true;
            team.run(count, this);
            isPacking = false;
            team.run(count, this);
        }

        @Override
        public void run(int part) {
            boolean byRows = !isPacking && Split.byRows(g.m, blocking.mr(), columns, blocking.nr(), count);
            int extent = byRows ? g.m : columns;
            int grain = byRows ? blocking.mr() : blocking.nr();
            int from = Split.bound(extent, grain, part, count);
            int to = Split.bound(extent, grain, part + 1, count);
            if (from == to) {
                return;
            }
            if (isPacking) {
                packB(from, to);
            } else if (byRows) {
                blocks(from, to, 0, columns);
            } else {
                blocks(0, g.m, from, to);
            }
        }

        /// Packs the columns `[from, to)` of the block; `from` is the start of a panel.
        private void packB(int from, int to) {
            int nr = blocking.nr();
            for (int jr = from; jr < to; jr += nr) {
                packing.packPanelOfB(g, pc, steps, jc + jr, Math.min(nr, columns - jr), packedB, jr * steps, nr);
            }
        }

        /// Rows `[rowFrom, rowTo)` by the block's columns `[colFrom, colTo)`.
        private void blocks(int rowFrom, int rowTo, int colFrom, int colTo) {
            Workspace workspace = workspaces.take();
            GemmTiles kernels = pc + steps == g.k ? tiles.endingWith(g.epilogue) : tiles;
            boolean packA = g.aColStride != 1;
            for (int ic = rowFrom; ic < rowTo; ic += blocking.mc()) {
                int rows = Math.min(blocking.mc(), rowTo - ic);
                float[] a = g.a;
                int aOffset = g.aIndex(ic, pc);
                if (packA) {
                    a = workspace.packedA(rows * steps);
                    aOffset = 0;
                    packing.packA(g, ic, rows, pc, steps, a);
                }
                int whole = colTo - (colTo - colFrom) % blocking.lanes();
                int nb = Math.max(1, blocking.nb() / blocking.nr()) * blocking.nr();
                for (int jb = colFrom; jb < whole; jb += nb) {
                    macrokernel(kernels, ic, rows, a, aOffset, packA ? 1 : g.aRowStride, packA ? rows : 1,
                            jb, Math.min(whole, jb + nb));
                }
                if (whole < colTo) {
                    int panel = whole - whole % blocking.nr();
                    edge.run(g, pc, steps, ic, ic + rows, jc + whole, colTo - whole, packedB,
                            panel * steps + whole - panel, blocking.nr(), workspace);
                }
            }
            workspaces.giveBack(workspace);
        }

        /// A block of A against the columns `[jb, jbEnd)` of B, whole vectors.
        private void macrokernel(GemmTiles kernels, int ic, int rows, float[] a, int aOffset, int aRowStride, int aColStride,
                                 int jb, int jbEnd) {
            int mr = blocking.mr();
            int nr = blocking.nr();
            Update update = g.updateAt(pc);
            float beta = g.betaAt(pc);
            for (int ir = 0; ir < rows; ir += mr) {
                int mrCur = Math.min(mr, rows - ir);
                for (int jr = jb; jr < jbEnd; jr += nr) {
                    int vectors = Math.min(nr, jbEnd - jr) / blocking.lanes();
                    kernels.tile(mrCur, vectors, update).run(steps, g.alpha, a, aOffset + ir * aRowStride, aRowStride, aColStride,
                            packedB, jr * steps, nr, beta, g.c, g.cIndex(ic + ir, jc + jr), g.ldc,
                            g.epilogue, ic + ir, jc + jr);
                }
            }
        }
    }
}
