package larch.fncf.attack;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import larch.backend.Backend;
import larch.tensor.Tensor;

/// The attack of Carlini and Wagner with the L2 norm, on the features of a recommender with one logit: finds
/// `x'` near `x` with `f(x') ≤ 0.5`.
///
/// Pairs run in blocks, one thread for each block, every pair with a constant, moments and an abort of its own. A
/// pair's outcome has the same bits whether it is attacked alone or in company, in whatever order and with any number
/// of threads, on backends whose products have that property (`reference` and `simd` do).
///
/// Source: Carlini and Wagner, "Towards Evaluating the Robustness of Neural Networks", 2017, Sections V and
/// VI; Du et al., Eqs. (3) and (4).
public final class CarliniWagnerL2 {
    private final Backend backend;
    private final AttackProblem problem;
    private final AttackConfig config;

    private CarliniWagnerL2(Backend backend, AttackProblem problem, AttackConfig config) {
        this.backend = backend;
        this.problem = problem;
        this.config = config;
    }

    /// @param backend the kernels
    /// @param problem what is attacked
    /// @param config  how
    /// @return what it did to each pair
    public static AttackResult attack(Backend backend, AttackProblem problem, AttackConfig config) {
        return attack(backend, problem, config, AttackProgress.NONE);
    }

    /// @param backend  the kernels
    /// @param problem  what is attacked
    /// @param config   how
    /// @param progress is told how far the attack has come
    /// @return what it did to each pair
    /// @throws IllegalArgumentException if the model answers probabilities, or features lie outside their box
    /// @throws ArithmeticException      if the model answers NaN
    public static AttackResult attack(Backend backend, AttackProblem problem, AttackConfig config, AttackProgress progress) {
        float[] constants = new float[problem.size()];
        Arrays.fill(constants, config.initialConst());
        return attack(backend, problem, config, constants, progress);
    }

    /// As above, with a first constant for each row.
    static AttackResult attack(Backend backend, AttackProblem problem, AttackConfig config, float[] constants,
                               AttackProgress progress) {
        return new CarliniWagnerL2(backend, problem, config).run(constants, progress);
    }

    private AttackResult run(float[] constants, AttackProgress progress) {
        int n = problem.size();
        if (config.box() != BoxMethod.NONE) {
            problem.requireInsideBox();
        }
        float[] clean = logits(problem.features());
        if (n > 0) {
            LogitGuard.check(backend, problem, clean);
        }
        AttackResult result = new AttackResult(clean, problem.features().copy(), clean.clone(), new boolean[n], new float[n],
                new int[n], new float[n]);
        int[] open = IntStream.range(0, n).filter(i -> clean[i] > 0).toArray();
        SharedProgress shared = new SharedProgress(progress, open.length);
        inBlocks(open, Math.max(1, batchRows() / (1 + config.restarts())), rows ->
                search(rows, constants, result, shared.part(rows.length)));
        judge(result);
        progress.at(1);
        return result;
    }

    /// @return how many rows descend together: as many as were asked for, more where the backend would be idle
    private int batchRows() {
        return Math.max(config.batchRows(), backend.rowsToFill());
    }

    /// Blocks are independent: each goes through the whole search on one thread, so that threads need not wait for one
    /// another in every kernel.
    private void inBlocks(int[] rows, int size, Consumer<int[]> task) {
        backend.parallel((rows.length + size - 1) / size, block ->
                task.accept(Arrays.copyOfRange(rows, block * size, Math.min(rows.length, (block + 1) * size))));
    }

    /// @return by which success is judged
    private float[] logits(Tensor features) {
        float[] logits = new float[problem.size()];
        inBlocks(IntStream.range(0, logits.length).toArray(), batchRows(), rows -> {
            int[] pairs = Arrays.stream(rows).map(row -> problem.pairs()[row]).toArray();
            float[] z = Logits.judged(backend, problem.model(), features.rows(rows[0], rows[0] + rows.length), pairs);
            System.arraycopy(z, 0, logits, rows[0], z.length);
        });
        return logits;
    }

    /// Attacks some rows and writes what was found into the result.
    private void search(int[] rows, float[] constants, AttackResult result, AttackProgress progress) {
        AttackProblem block = problem.select(rows);
        float[] c = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            c[i] = constants[rows[i]];
        }
        ConstantSearch.Found found = new ConstantSearch(backend, block, config, c).run(progress);
        int[] hits = IntStream.range(0, rows.length).filter(found::has).toArray();
        int[] free = problem.free();
        Tensor columns = Tensor.zeros(hits.length, free.length);
        backend.gatherRows(found.features(), hits, columns);
        if (config.boundaryTolerance() > 0) {
            BoundarySearch.shorten(backend, block.select(hits), columns, config);
        }
        for (int i = 0; i < hits.length; i++) {
            for (int j = 0; j < free.length; j++) {
                result.adversarial().set(columns.get(i, j), rows[hits[i]], free[j]);
            }
        }
        for (int i = 0; i < rows.length; i++) {
            result.iterations()[rows[i]] = found.iterations()[i];
            result.constants()[rows[i]] = found.constants()[i];
        }
    }

    /// Decides success anew, by the model itself from the stored features alone.
    private void judge(AttackResult result) {
        int width = problem.width();
        float[] z = logits(result.adversarial());
        for (int i = 0; i < problem.size(); i++) {
            result.success()[i] = z[i] <= 0;
            result.adversarialLogits()[i] = z[i];
            double squared = 0;
            for (int j = 0; j < width; j++) {
                double delta = (double) result.adversarial().get(i, j) - problem.features().get(i, j);
                squared += delta * delta;
            }
            result.distortion()[i] = result.success()[i] ? (float) Math.sqrt(squared) : Float.POSITIVE_INFINITY;
        }
    }
}
