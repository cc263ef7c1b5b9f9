package larch.gemm;

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
    private final GemmBlocking blocking;

    GemmSmall(GemmTiles tiles, GemmBlocking blocking) {
        this.tiles = tiles;
        this.blocking = blocking;
    }

    /// Computes the rows `[rowFrom, rowTo)` of the columns `[colFrom, colTo)` of C.
    void run(Gemm g, int rowFrom, int rowTo, int colFrom, int colTo, Workspace workspace) {
        int lanes = blocking.lanes();
        int vectors = tiles.vectorsFor(rowTo - rowFrom);
        boolean turnB = g.bColStride() != 1;
        // A panel that has just been turned serves all rows at once.
        int mc = turnB ? rowTo - rowFrom : blocking.mc();
        for (int pc = 0; pc < g.k(); pc += blocking.kc()) {
            int kcCur = Math.min(blocking.kc(), g.k() - pc);
            float beta = pc == 0 ? g.beta() : 1;
            for (int ic = rowFrom; ic < rowTo; ic += mc) {
                int icEnd = Math.min(rowTo, ic + mc);
                int jr = colFrom;
                while (colTo - jr >= lanes) {
                    int vectorsCur = Math.min(vectors, (colTo - jr) / lanes);
                    panel(g, pc, kcCur, beta, ic, icEnd, jr, vectorsCur, turnB, workspace);
                    jr += vectorsCur * lanes;
                }
                if (colTo - jr == 1) {
                    column(g, pc, kcCur, beta, ic, icEnd, jr);
                } else if (colTo > jr) {
                    edge(g, pc, kcCur, beta, ic, icEnd, jr, colTo - jr, workspace);
                }
            }
        }
    }

    private void panel(Gemm g, int pc, int kcCur, float beta, int ic, int icEnd, int jr, int vectors, boolean turnB,
                       Workspace workspace) {
        int nr = vectors * blocking.lanes();
        float[] b = g.b();
        int bOffset = bIndex(g, pc, jr);
        int bRowStride = g.bRowStride();
        if (turnB) {
            float[] packed = workspace.packedB(blocking.kc() * nr);
            Packing.packPanelOfB(b, bOffset, bRowStride, g.bColStride(), kcCur, nr, nr, packed, 0);
            b = packed;
            bOffset = 0;
            bRowStride = nr;
        }
        int mr = tiles.rowsFor(vectors);
        for (int ir = ic; ir < icEnd; ir += mr) {
            int mrCur = Math.min(mr, icEnd - ir);
            tiles.tile(mrCur, vectors).run(kcCur, g.alpha(), g.a(), aIndex(g, ir, pc), g.aRowStride(), g.aColStride(),
                    b, bOffset, bRowStride, beta, g.c(), g.cOffset() + ir * g.ldc() + jr, g.ldc());
        }
    }

    /// Fewer columns than lanes: they are packed with zero columns beside them, and C passes through scratch
    /// memory.
    private void edge(Gemm g, int pc, int kcCur, float beta, int ic, int icEnd, int jr, int columns,
                      Workspace workspace) {
        int nr = blocking.lanes();
        int mr = tiles.rowsFor(1);
        float[] packed = workspace.packedB(blocking.kc() * nr);
        Packing.packPanelOfB(g.b(), bIndex(g, pc, jr), g.bRowStride(), g.bColStride(), kcCur, columns, nr, packed, 0);
        float[] scratch = workspace.microtile(mr * nr);
        for (int ir = ic; ir < icEnd; ir += mr) {
            int mrCur = Math.min(mr, icEnd - ir);
            EdgeTile.run(tiles.tile(mrCur, 1), mrCur, columns, nr, scratch, kcCur, g.alpha(),
                    g.a(), aIndex(g, ir, pc), g.aRowStride(), g.aColStride(), packed, 0, nr,
                    beta, g.c(), g.cOffset() + ir * g.ldc() + jr, g.ldc());
        }
    }

    /// One single column, such as the last layer of a classifier: each element of A is used once, so nothing
    /// is gained by bringing it into vectors.
    private void column(Gemm g, int pc, int kcCur, float beta, int ic, int icEnd, int jr) {
        int mr = tiles.rowsOfColumn();
        for (int ir = ic; ir < icEnd; ir += mr) {
            tiles.column(Math.min(mr, icEnd - ir)).run(kcCur, g.alpha(),
                    g.a(), aIndex(g, ir, pc), g.aRowStride(), g.aColStride(), g.b(), bIndex(g, pc, jr), g.bRowStride(),
                    beta, g.c(), g.cOffset() + ir * g.ldc() + jr, g.ldc());
        }
    }

    private static int aIndex(Gemm g, int i, int p) {
        return g.aOffset() + i * g.aRowStride() + p * g.aColStride();
    }

    private static int bIndex(Gemm g, int p, int j) {
        return g.bOffset() + p * g.bRowStride() + j * g.bColStride();
    }
}
