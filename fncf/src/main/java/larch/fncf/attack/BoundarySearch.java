package larch.fncf.attack;

import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.sub;

import java.util.Arrays;
import larch.backend.Backend;
import larch.expr.Expr;
import larch.tensor.Tensor;

/// Shortens a found perturbation along its own line: bisects t in `x + t·(x' − x)` between a point that is
/// refused and one that is not, so that what is reported lies at the boundary and not far behind it: on the broken side, by
/// [AttackConfig#boundaryMargin], as the model that judges success sees it ([AttackedModel#judge]).
final class BoundarySearch {
    // x + t·(x' − x) within the box, of x, x', t, lower and upper; rounding must not push a feature
    // over its bound.
    private static final Expr ON_THE_LINE = Coordinates.CLIP.substitute(
            add(arg(0), mul(arg(2), sub(arg(1), arg(0)))), arg(3), arg(4));

    private BoundarySearch() {
    }

    /// @param backend the kernels
    /// @param problem the attacked rows, with logits above −κ
    /// @param found   `[n, free]`, free columns with logits at or below −κ; modified: drawn towards the clean
    ///                ones
    /// @param config  κ, tolerance and margin, the box
    static void shorten(Backend backend, AttackProblem problem, Tensor found, AttackConfig config) {
        int n = problem.size();
        int width = found.dim(1);
        Box box = problem.bounds(config.box()).placed(backend);
        Tensor clean = backend.place(problem.free(problem.features()));
        Tensor far = backend.place(found.copy());
        Tensor placed = backend.allocate(found.shape());
        float[] candidate = new float[found.size()];
        float[] low = new float[n];
        float[] high = new float[n];
        Arrays.fill(high, 1);
        Tensor middle = Tensor.zeros(n, 1);
        while (bisect(low, high, middle, config.boundaryTolerance())) {
            backend.elementwise(ON_THE_LINE, placed, clean, far, middle, box.lower(), box.upper());
            placed.read(candidate, 0);
            float[] z = Logits.judged(backend, problem, Tensor.wrap(placed.shape(), candidate, 0));
            for (int i = 0; i < n; i++) {
                float t = middle.data()[i];
                if (t > low[i] && t < high[i]) {
                    if (z[i] <= -config.confidence() - config.boundaryMargin()) {
                        high[i] = t;
                        System.arraycopy(candidate, i * width, found.data(), found.offset() + i * width, width);
                    } else {
                        low[i] = t;
                    }
                }
            }
        }
    }

    /// Puts the middle of each open bracket into `middle`, and the end of each closed one; true if any is
    /// open.
    private static boolean bisect(float[] low, float[] high, Tensor middle, float tolerance) {
        boolean open = false;
        for (int i = 0; i < low.length; i++) {
            float t = low[i] + (high[i] - low[i]) / 2;
            boolean wide = high[i] - low[i] > tolerance * high[i] && t > low[i] && t < high[i];
            middle.data()[i] = wide ? t : high[i];
            open |= wide;
        }
        return open;
    }
}
