package larch.gemm;

import java.time.Duration;
import java.util.function.Consumer;
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
public final class GemmDriver implements AutoCloseable {
    private static final long WARM_UP_MILLIS = 20_000;

    private final ThreadTeam team;
    private final GemmBlocking blocking;
    private final MicroKernels kernels;
    private final Pool<Workspace> workspaces;
    private final GemmSmall small;
    private final GemmBlocked blocked;
    private final KernelWarmup warmup;

    /// @param team     who works
    /// @param kernels  where microkernels come from
    /// @param blocking sizes and thresholds for the kernels' width
    public GemmDriver(ThreadTeam team, MicroKernels kernels, GemmBlocking blocking) {
        this(team, kernels, blocking, new KernelWarmup(WARM_UP_MILLIS));
    }

    /// For who measures: says which kernels cannot be used.
    /// @param team     who works
    /// @param kernels  where microkernels come from
    /// @param blocking sizes and thresholds for the kernels' width
    /// @param patience how long a kernel may stay slow before it is given up
    /// @param whenSlow hears, on another thread, which kernel is given up
    public GemmDriver(ThreadTeam team, MicroKernels kernels, GemmBlocking blocking, Duration patience,
                      Consumer<String> whenSlow) {
        this(team, kernels, blocking, new KernelWarmup(patience.toMillis(), whenSlow));
    }

    /// @param warmup null to use kernels at once, cold as they are
    GemmDriver(ThreadTeam team, MicroKernels kernels, GemmBlocking blocking, KernelWarmup warmup) {
        this.team = team;
        this.blocking = blocking;
        this.kernels = kernels;
        this.warmup = warmup;
        GemmTiles tiles = new GemmTiles(kernels, blocking, warmup);
        Packing packing = new Packing(kernels, warmup);
        workspaces = new Pool<>(2 * team.threads() + 1, Workspace::new);
        small = new GemmSmall(tiles, packing, blocking, team, workspaces);
        blocked = new GemmBlocked(tiles, packing, blocking, team, workspaces);
    }

    /// `C ← f(alpha · op(A) · op(B) + beta · C)`, on all threads.
    /// @param g the product; its C is modified
    public void run(Gemm g) {
        run(g, team.threads());
    }

    /// `C ← f(alpha · op(A) · op(B) + beta · C)`.
    /// @param g       the product; its C is modified
    /// @param threads 1 to stay on this thread, else those of the team
    public void run(Gemm g, int threads) {
        if (g.m() == 0 || g.n() == 0) {
            return;
        }
        long work = (long) g.m() * g.n() * g.k();
        if (g.k() == 0 || g.alpha() == 0) {
            GemmScalar.scale(g);
            finish(g);
        } else if (work <= blocking.scalarWork()) {
            GemmScalar.run(g, blocking.kc());
            finish(g);
        } else {
            Workspace workspace = workspaces.take();
            Product product = workspace.product();
            if (g.n() == 1 && g.ldc() == 1 && g.epilogue().isContiguousColumn()) {
                product.setTransposed(g);
            } else {
                product.set(g);
            }
            run(product, work < blocking.parallelWork() ? 1 : threads, workspace);
            product.clear();
            workspaces.giveBack(workspace);
        }
    }

    /// @return whether every kernel that a product has asked for so far is fast or given up
    public boolean isWarm() {
        return warmup == null || warmup.cold() == 0;
    }

    /// Stops warming kernels; products may still be computed, by plain loops where a kernel is cold. The team is its owner's.
    @Override
    public void close() {
        if (warmup != null) {
            warmup.close();
        }
    }

    private void finish(Gemm g) {
        if (!g.epilogue().form().isNone()) {
            kernels.epilogue(g.epilogue().form()).run(g.c().array(), g.cOffset(), g.ldc(), g.m(), g.n(), g.epilogue(), 0, 0);
        }
    }

    private void run(Product g, int parts, Workspace workspace) {
        if (g.m <= blocking.unpackedRows() || (long) g.k * g.n <= blocking.unpackedFloats()) {
            small.run(g, parts, workspace);
        } else {
            blocked.run(g, parts, workspace);
        }
    }
}
