package larch.gemm;

import larch.parallel.ThreadTeam;

/// The door to the matrix product on vectors: takes any [Gemm], picks the path, shares it out among threads.
///
/// | product | path |
/// |---|---|
/// | no steps, or `alpha = 0` | C is scaled; A and B are not read |
/// | tiny | [GemmScalar] |
/// | op(B) fits a cache, or C has few rows | [GemmSmall], unpacked |
/// | else | [GemmBlocked], packed |
///
/// Each element of C is computed as a chain of fused multiply-adds over ascending steps, `kc` at a time,
/// whatever the path, the microtile, the transpositions and the number of threads. So all of these give the
/// same bits, and `|C − C_exact| ≤ γ_{k+2} · (|alpha| |A| |B| + |beta| |C_old|)` with
/// `γ_n = n·u / (1 − n·u)`, `u = 2⁻²⁴` (Higham, Accuracy and Stability of Numerical Algorithms, §3.5).
///
/// A driver may be used by several threads at once.
public final class GemmDriver {
    private static final long WARM_UP_MILLIS = 20_000;

    private final ThreadTeam team;
    private final GemmBlocking blocking;
    private final Workspace.Pool workspaces;
    private final MicroKernels kernels;
    private final GemmSmall small;
    private final GemmBlocked blocked;

    /// @param team     who works
    /// @param kernels  where microkernels come from
    /// @param blocking sizes and thresholds for the kernels' width
    public GemmDriver(ThreadTeam team, MicroKernels kernels, GemmBlocking blocking) {
        this(team, blocking, kernels, new GemmTiles(kernels, blocking, new KernelWarmup(WARM_UP_MILLIS)));
    }

    GemmDriver(ThreadTeam team, GemmBlocking blocking, MicroKernels kernels, GemmTiles tiles) {
        this.team = team;
        this.kernels = kernels;
        this.blocking = blocking;
        workspaces = new Workspace.Pool(team.threads() + 1);
        small = new GemmSmall(tiles, blocking);
        blocked = new GemmBlocked(tiles, blocking, team, workspaces);
    }

    /// `C ← f(alpha · op(A) · op(B) + beta · C)`.
    /// @param g the product; its C is modified
    public void run(Gemm g) {
        if (g.m() == 0 || g.n() == 0) {
            return;
        }
        product(g);
        if (!g.epilogue().form().isNone()) {
            kernels.epilogue(g.epilogue().form()).run(g.c(), g.cOffset(), g.ldc(), g.m(), g.n(), g.epilogue(), 0, 0);
        }
    }

    private void product(Gemm g) {
        if (g.k() == 0 || g.alpha() == 0) {
            GemmScalar.scale(g);
            return;
        }
        long work = (long) g.m() * g.n() * g.k();
        if (work <= blocking.scalarWork()) {
            GemmScalar.run(g, blocking.kc());
            return;
        }
        Gemm rows = alongRows(g);
        int parts = work < blocking.parallelWork() ? 1 : team.threads();
        if (rows.m() <= blocking.unpackedRows() || (long) rows.k() * rows.n() <= blocking.unpackedFloats()) {
            runSmall(rows, parts);
        } else {
            blocked.run(rows, parts);
        }
    }

    /// Kernels want rows of B and of C side by side. A product with a vector can be read the other way round,
    /// as `Cᵀ = op(B)ᵀ · op(A)ᵀ`, where that brings the matrix into that order: a vector is its own
    /// transpose.
    private static Gemm alongRows(Gemm g) {
        if (g.m() == 1 && g.transB().isTransposed()) {
            return new Gemm(Transpose.NO, Transpose.NO, g.n(), 1, g.k(), g.alpha(), g.b(), g.bOffset(), g.ldb(),
                    g.a(), g.aOffset(), g.aColStride(), g.beta(), g.c(), g.cOffset(), 1);
        }
        if (g.n() == 1 && g.transA().isTransposed() && g.ldc() == 1) {
            return new Gemm(Transpose.YES, Transpose.NO, 1, g.m(), g.k(), g.alpha(), g.b(), g.bOffset(), g.bRowStride(),
                    g.a(), g.aOffset(), g.lda(), g.beta(), g.c(), g.cOffset(), g.m());
        }
        return g;
    }

    private void runSmall(Gemm g, int parts) {
        if (parts == 1) {
            part(g, 0, g.m(), 0, g.n());
            return;
        }
        int mr = blocking.mr();
        int nr = blocking.nr();
        // Parts of rows would each turn all of a transposed B.
        boolean columnsFirst = g.bColStride() != 1 && g.n() >= nr * parts;
        if (!columnsFirst && Split.byRows(g.m(), mr, g.n(), nr, parts)) {
            team.run(parts, i -> part(g,
                    Split.bound(g.m(), mr, i, parts), Split.bound(g.m(), mr, i + 1, parts), 0, g.n()));
        } else {
            team.run(parts, i -> part(g,
                    0, g.m(), Split.bound(g.n(), nr, i, parts), Split.bound(g.n(), nr, i + 1, parts)));
        }
    }

    private void part(Gemm g, int rowFrom, int rowTo, int colFrom, int colTo) {
        if (rowFrom == rowTo || colFrom == colTo) {
            return;
        }
        Workspace workspace = workspaces.take();
        small.run(g, rowFrom, rowTo, colFrom, colTo, workspace);
        workspaces.giveBack(workspace);
    }
}
