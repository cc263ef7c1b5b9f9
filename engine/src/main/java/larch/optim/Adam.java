package larch.optim;

import static larch.expr.Expr.ONE;
import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.con;
import static larch.expr.Expr.div;
import static larch.expr.Expr.fma;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.sqrt;
import static larch.expr.Expr.sub;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import larch.autodiff.Gradients;
import larch.autodiff.Parameter;
import larch.autodiff.RowGradient;
import larch.backend.Backend;
import larch.expr.Expr;
import larch.tensor.Tensor;

/// Adam: `m ← β₁m + (1−β₁)g`, `v ← β₂v + (1−β₂)g²`, `w ← w − lr·√(1−β₂ᵗ)/(1−β₁ᵗ) · m/(√v + ε)`.
///
/// Source: Kingma and Ba 2015, in the form with ε outside the bias correction that Keras uses.
///
/// A table whose rows are gathered gets a sparse gradient. Under [Rows#DENSE], the default, each row nevertheless moves
/// as if its missing gradients were zeros, because under Adam such a row goes on drifting with its momentum. That drift
/// has a closed form ([AdamDrift]) and is applied when the row is next read, so a step costs only the touched rows. Under
/// [Rows#LAZY] rows without a gradient rest; that is another algorithm.
public final class Adam implements Optimizer {
    /// What happens to rows of a gathered table that have no gradient in a step.
    public enum Rows {
        /// They move as plain dense Adam moves them, to 1.5·10⁻⁵ of the way and the rounding of float.
        DENSE,
        /// They rest: moments and weights stay.
        LAZY
    }

    /// Settings.
    ///
    /// @param learningRate lr, positive
    /// @param beta1        decay of the first moment, in [0, 1)
    /// @param beta2        decay of the second moment, in [0, 1)
    /// @param epsilon      ε, positive
    /// @param rows         what happens to rows without a gradient
    public record Settings(float learningRate, float beta1, float beta2, float epsilon, Rows rows) {
        /// lr 0.001, β₁ 0.9, β₂ 0.999, ε 10⁻⁷, dense rows: the defaults of Keras.
        public static final Settings DEFAULT = new Settings(0.001f, 0.9f, 0.999f, 1e-7f, Rows.DENSE);

        /// Checks the numbers.
        public Settings {
            if (!(learningRate > 0) || !(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1) || !(epsilon > 0)) {
                throw new IllegalArgumentException("adam: expected learning rate > 0, betas in [0,1) and epsilon > 0, got "
                        + learningRate + ", " + beta1 + ", " + beta2 + ", " + epsilon);
            }
        }

        /// @param rate the learning rate
        /// @return these settings with that learning rate
        public Settings withLearningRate(float rate) {
            return new Settings(rate, beta1, beta2, epsilon, rows);
        }

        /// @param what what happens to rows without a gradient
        /// @return these settings with that choice
        public Settings withRows(Rows what) {
            return new Settings(learningRate, beta1, beta2, epsilon, what);
        }
    }

    private final Backend backend;
    private final Settings settings;
    private final AdamDrift drift;
    private final Map<Parameter, Moments> moments = new LinkedHashMap<>();
    private final Expr firstMoment;
    private final Expr secondMoment;
    private final Expr descent;
    private final Expr drifted;
    private static final Expr DECAYED = mul(arg(0), arg(1));
    private long steps;

    /// @param backend    the kernels
    /// @param parameters what to change
    /// @param settings   learning rate and the like
    public Adam(Backend backend, List<Parameter> parameters, Settings settings) {
        this.backend = backend;
        this.settings = settings;
        this.drift = settings.rows() == Rows.DENSE ? new AdamDrift(settings.beta1(), settings.beta2()) : null;
        Expr epsilon = con(settings.epsilon());
        Expr g = arg(1);
        firstMoment = fma(con(settings.beta1()), arg(0), mul(con(1 - settings.beta1()), g));
        secondMoment = fma(con(settings.beta2()), arg(0), mul(con(1 - settings.beta2()), mul(g, g)));
        // Of w, m, v and the step's learning rate.
        descent = sub(arg(0), div(mul(arg(3), arg(1)), add(sqrt(arg(2)), epsilon)));
        // Of w, m, v and, for each row, lr·S(β₁) and lr·S(β₁/√β₂).
        Expr root = sqrt(arg(2));
        Expr theta = div(root, add(root, epsilon));
        Expr sum = fma(theta, arg(4), mul(sub(ONE, theta), arg(3)));
        drifted = sub(arg(0), mul(div(arg(1), add(root, epsilon)), sum));
        for (Parameter parameter : parameters) {
            Moments m = new Moments(parameter);
            moments.put(parameter, m);
            parameter.attach(m);
        }
    }

    @Override
    public void step(Gradients gradients) {
        for (Moments m : moments.values()) {
            if (!gradients.has(m.parameter)) {
                m.rest();
            } else if (gradients.isSparse(m.parameter)) {
                m.stepRows(gradients.rowsOf(m.parameter));
            } else {
                m.stepAll(gradients.of(m.parameter));
            }
        }
        steps++;
    }

    @Override
    public long steps() {
        return steps;
    }

    private Tensor stepSize() {
        double correction = AdamDrift.biasCorrection(settings.beta1(), settings.beta2(), steps + 1);
        return Tensor.scalar((float) (settings.learningRate() * correction));
    }

    @Override
    public Map<String, Tensor> state() {
        moments.values().forEach(Moments::updateAll);
        return tensors();
    }

    private Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        moments.forEach((parameter, m) -> {
            tensors.put("adam/m/" + parameter.name(), m.first);
            tensors.put("adam/v/" + parameter.name(), m.second);
        });
        return tensors;
    }

    @Override
    public void restore(long stepsTaken, Map<String, Tensor> state) {
        // Not state(): drift that is still owed belongs to another past and must not move the restored weights.
        tensors().forEach((name, tensor) -> OptimizerState.copy(name, state, tensor));
        steps = stepsTaken;
        moments.values().forEach(m -> m.markMovedUntil(steps));
    }

    @Override
    public void close() {
        moments.forEach((parameter, m) -> {
            m.updateAll();
            parameter.attach(null);
        });
    }

    /// The moments of one parameter, and which rows they are up to date in.
    private final class Moments implements Parameter.RowUpdater {
        private final Parameter parameter;
        private final Tensor first;
        private final Tensor second;
        /// Step up to which each row has moved; null until rows are stepped one by one.
        private long[] movedUntil;
        private long allMovedUntil;

        Moments(Parameter parameter) {
            this.parameter = parameter;
            this.first = Tensor.zeros(parameter.storage().shape());
            this.second = Tensor.zeros(parameter.storage().shape());
        }

        void stepAll(Tensor gradient) {
            updateAll();
            Tensor w = parameter.storage();
            backend.elementwise(firstMoment, first, first, gradient);
            backend.elementwise(secondMoment, second, second, gradient);
            backend.elementwise(descent, w, w, first, second, stepSize());
            markMovedUntil(steps + 1);
        }

        /// A step of which the parameter was no part: nothing moves, not even by momentum.
        void rest() {
            updateAll();
            markMovedUntil(steps + 1);
        }

        void stepRows(RowGradient gradient) {
            if (movedUntil == null) {
                movedUntil = new long[first.dim(0)];
                Arrays.fill(movedUntil, steps);
            }
            catchUp(gradient.rows());
            Rowset rows = new Rowset(gradient.rows());
            backend.elementwise(firstMoment, rows.m, rows.m, gradient.values());
            backend.elementwise(secondMoment, rows.v, rows.v, gradient.values());
            backend.elementwise(descent, rows.w, rows.w, rows.m, rows.v, stepSize());
            rows.putBack();
            for (int row : gradient.rows()) {
                movedUntil[row] = steps + 1;
            }
        }

        @Override
        public void update(int[] rows) {
            if (movedUntil != null && allMovedUntil < steps) {
                catchUp(rows);
            }
        }

        @Override
        public void updateAll() {
            if (movedUntil == null || allMovedUntil == steps) {
                return;
            }
            int[] all = new int[movedUntil.length];
            Arrays.setAll(all, i -> i);
            catchUp(all);
            allMovedUntil = steps;
        }

        void markMovedUntil(long step) {
            allMovedUntil = step;
            if (movedUntil != null) {
                Arrays.fill(movedUntil, step);
            }
        }

        private void catchUp(int[] rows) {
            if (settings.rows() == Rows.LAZY) {
                return;
            }
            int[] behind = new int[rows.length];
            int count = 0;
            for (int row : rows) {
                if (movedUntil[row] < steps) {
                    behind[count++] = row;
                }
            }
            if (count == 0) {
                return;
            }
            Rowset late = new Rowset(distinct(behind, count));
            int n = late.indices.length;
            Tensor slow = Tensor.zeros(n, 1);
            Tensor fast = Tensor.zeros(n, 1);
            Tensor decay1 = Tensor.zeros(n, 1);
            Tensor decay2 = Tensor.zeros(n, 1);
            for (int i = 0; i < n; i++) {
                long t = movedUntil[late.indices[i]];
                long k = steps - t;
                slow.data()[i] = (float) (settings.learningRate() * drift.whereEpsilonRules(t, k));
                fast.data()[i] = (float) (settings.learningRate() * drift.whereEpsilonVanishes(t, k));
                decay1.data()[i] = (float) drift.firstMomentDecay(k);
                decay2.data()[i] = (float) drift.secondMomentDecay(k);
                movedUntil[late.indices[i]] = steps;
            }
            backend.elementwise(drifted, late.w, late.w, late.m, late.v, slow, fast);
            backend.elementwise(DECAYED, late.m, late.m, decay1);
            backend.elementwise(DECAYED, late.v, late.v, decay2);
            late.putBack();
        }

        private static int[] distinct(int[] rows, int count) {
            int[] sorted = Arrays.copyOf(rows, count);
            Arrays.sort(sorted);
            int n = 0;
            for (int i = 0; i < count; i++) {
                if (i == 0 || sorted[i] != sorted[i - 1]) {
                    sorted[n++] = sorted[i];
                }
            }
            return Arrays.copyOf(sorted, n);
        }

        /// Some rows of the parameter and its moments, gathered to be worked on.
        private final class Rowset {
            private final int[] indices;
            private final Tensor w;
            private final Tensor m;
            private final Tensor v;

            Rowset(int[] indices) {
                this.indices = indices;
                this.w = gather(parameter.storage());
                this.m = gather(first);
                this.v = gather(second);
            }

            private Tensor gather(Tensor table) {
                Tensor rows = Tensor.zeros(indices.length, table.dim(1));
                backend.gatherRows(table, indices, rows);
                return rows;
            }

            void putBack() {
                backend.scatterRows(w, indices, parameter.storage());
                backend.scatterRows(m, indices, first);
                backend.scatterRows(v, indices, second);
            }
        }
    }
}
