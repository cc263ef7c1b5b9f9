package larch.fncf.attack;

import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.mul;

import java.util.Arrays;
import larch.backend.Backend;
import larch.expr.Expr;
import larch.random.Rng;
import larch.tensor.Tensor;

/// Where descents start: each example once from its clean features and then from random points around them.
///
/// A random start belongs to a pair, a search step and a number; it is the same in whatever batch, order or
/// thread it is drawn.
final class Starts {
    // x + radius · normal, within the box.
    private static final Expr AROUND = Coordinates.CLIP.substitute(add(arg(0), mul(arg(1), arg(2))), arg(3), arg(4));

    private final Backend backend;
    private final AttackProblem problem;
    private final AttackConfig config;
    private final Box box;
    private final Rng root;

    /// @param backend the kernels
    /// @param problem what is attacked
    /// @param config  number and radius of the restarts, the seed, the box
    Starts(Backend backend, AttackProblem problem, AttackConfig config) {
        this.backend = backend;
        this.problem = problem;
        this.config = config;
        this.box = problem.bounds(config.box());
        this.root = Rng.of(config.seed()).stream("attack/start");
    }

    /// @param step the search step
    /// @return `[n · (1 + restarts), free]`: for each example the clean start, then its random ones
    Tensor of(int step) {
        int width = problem.width();
        int each = 1 + config.restarts();
        int[] examples = new int[problem.size() * each];
        Arrays.setAll(examples, slot -> slot / each);
        Tensor clean = problem.free(problem.select(examples).features());
        if (config.restarts() == 0) {
            return clean;
        }
        // All columns draw, so that a column's number does not depend on which others are free.
        Tensor noise = Tensor.zeros(examples.length, width);
        for (int i = 0; i < problem.size(); i++) {
            Rng stream = root.stream("pair", problem.pairs()[i]).stream("step", step);
            stream.normals(noise.data(), (i * each + 1) * width, config.restarts() * width, 0);
        }
        Tensor starts = Tensor.zeros(clean.shape());
        backend.elementwise(AROUND, starts, clean, Tensor.scalar(config.restartRadius()), problem.free(noise), box.lower(),
                box.upper());
        return starts;
    }
}
