package larch.gemm;

/// The right edge of C, fewer columns than lanes: what kernels without masks do there.
///
/// Either the last vector moves left until it ends with C, and computes some columns a second time, with the
/// same bits. That needs a C that is only written, and that is as wide as a vector. Or B is packed with room
/// beside its columns, and C passes through scratch memory.
final class Edge {
    private final GemmTiles tiles;
    private final Packing packing;
    private final int lanes;

    Edge(GemmTiles tiles, Packing packing, int lanes) {
        this.tiles = tiles;
        this.packing = packing;
        this.lanes = lanes;
    }

    /// @param g     the product
    /// @param kc    steps of one pass
    /// @param width columns that the caller computes
    /// @return whether the last vector may move left
    boolean mayOverlap(Product g, int kc, int width) {
        return g.beta == 0 && g.k <= kc && width >= lanes;
    }

    /// Computes `columns` columns, fewer than lanes, through scratch memory.
    void run(Product g, int pc, int steps, int ic, int icEnd, int jr, int columns, Workspace workspace) {
        float[] b = workspace.packedB(steps * lanes);
        packing.packPanelOfB(g, pc, steps, jr, columns, b, 0, lanes);
        run(g, pc, steps, ic, icEnd, jr, columns, b, 0, lanes, workspace);
    }

    /// The same with a B that is packed already, with room for a whole vector in each row.
    void run(Product g, int pc, int steps, int ic, int icEnd, int jr, int columns, float[] b, int bOffset, int bRowStride,
             Workspace workspace) {
        float beta = g.betaAt(pc);
        int mr = tiles.rowsFor(1);
        float[] scratch = workspace.microtile(mr * lanes);
        EpilogueKernel finish = pc + steps == g.k ? tiles.endingWith(g.epilogue).finish() : null;
        for (int ir = ic; ir < icEnd; ir += mr) {
            int rows = Math.min(mr, icEnd - ir);
            int c = g.cIndex(ir, jr);
            if (beta != 0) {
                for (int i = 0; i < rows; i++) {
                    System.arraycopy(g.c, c + i * g.ldc, scratch, i * lanes, columns);
                }
            }
            tiles.tile(rows, 1, g.updateAt(pc)).run(steps, g.alpha, g.a, g.aIndex(ir, pc), g.aRowStride, g.aColStride, b, bOffset, bRowStride,
                    beta, scratch, 0, lanes, Epilogue.NONE, 0, 0);
            for (int i = 0; i < rows; i++) {
                System.arraycopy(scratch, i * lanes, g.c, c + i * g.ldc, columns);
            }
            if (finish != null) {
                finish.run(g.c, c, g.ldc, rows, columns, g.epilogue, ir, jr);
            }
        }
    }
}
