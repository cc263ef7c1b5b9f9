package larch.fncf.attack;

import static larch.expr.Expr.ONE;
import static larch.expr.Expr.add;
import static larch.expr.Expr.apply;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.con;
import static larch.expr.Expr.div;
import static larch.expr.Expr.log;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.neg;
import static larch.expr.Expr.sigmoid;
import static larch.expr.Expr.sub;

import larch.backend.Backend;
import larch.expr.Expr;
import larch.expr.Prim;
import larch.tensor.Tensor;

/// What the descent moves: the free columns of the features themselves, or the argument of a tanh.
sealed interface Coordinates {
    /// `lower` to `upper`, of a value, lower and upper.
    Expr CLIP = apply(Prim.MIN, apply(Prim.MAX, arg(0), arg(1)), arg(2));

    /// The objective's gradient by `x'`, of the arguments that [#step] passes.
    private static Expr gradient(Expr x) {
        return add(mul(arg(4), sub(x, arg(3))), arg(5));
    }

    /// @param backend the kernels
    /// @param problem what is attacked
    /// @param config  how
    /// @return the coordinates of [AttackConfig#box]
    static Coordinates of(Backend backend, AttackProblem problem, AttackConfig config) {
        Box box = problem.bounds(config.box());
        return switch (config.box()) {
            case NONE, PROJECT -> new Direct(backend, box.placed(backend));
            case TANH -> {
                requireFinite(problem);
                yield new Tanh(backend, box.placed(backend), backend.place(Tensor.scalar(config.smoothing())));
            }
        };
    }

    private static void requireFinite(AttackProblem problem) {
        Box box = problem.box();
        for (int j : problem.free()) {
            if (Float.isInfinite(box.upper().get(j) - box.lower().get(j))) {
                throw new IllegalArgumentException("attack: the tanh box needs finite bounds; column " + j + " has "
                        + box.lower().get(j) + " and " + box.upper().get(j) + "; use BoxMethod.PROJECT");
            }
        }
    }

    /// @param features `[n, free]`, within the box
    /// @return the coordinates that stand for them, a new tensor
    Tensor start(Tensor features);

    /// @param backend where to compute
    /// @param state   the coordinates
    /// @return the features `x'` that the coordinates stand for; may be the same tensor
    Tensor features(Backend backend, Tensor state);

    /// One step of Adam down the objective's gradient: the distance's, `weight · (x' − x)`, and the loss's.
    /// @param backend      where to compute
    /// @param rows         the coordinates and their moments, modified
    /// @param x            the features that the coordinates stand for
    /// @param weight       of the distance's gradient, `[r, 1]` or a scalar
    /// @param lossGradient of the loss by `x'`
    /// @param rate         the step width with its bias correction
    void step(Backend backend, DescentRows rows, Tensor x, Tensor weight, Tensor lossGradient, Tensor rate);

    /// State `x'`, clipped to the box after each step.
    ///
    /// @param backend the kernels
    /// @param box     the box
    record Direct(Backend backend, Box box) implements Coordinates {
        private static final Expr[] STEP = AdamMoments.step(gradient(arg(0)), arg(6));

        static {
            STEP[0] = CLIP.substitute(STEP[0], arg(7), arg(8));
        }

        @Override
        public Tensor start(Tensor features) {
            return backend.place(features.copy());
        }

        @Override
        public Tensor features(Backend backend, Tensor state) {
            return state;
        }

        @Override
        public void step(Backend backend, DescentRows rows, Tensor x, Tensor weight, Tensor lossGradient, Tensor rate) {
            backend.elementwise(STEP, rows.moving(), rows.state, rows.first, rows.second, rows.clean, weight, lossGradient,
                    rate, box.lower(), box.upper());
        }
    }

    /// State w with `x' = lower + (upper − lower)·(tanh(w) + 1)/2`, written as `σ(2w)`, whose derivative
    /// `2·σ(2w)·σ(−2w)` keeps its digits in the corners, where `1 − tanh²(w)` loses them.
    ///
    /// @param backend   the kernels
    /// @param box       the box
    /// @param smoothing s, such that a feature at a share `u` of its box starts at `tanh(w) = s·(2u − 1)`
    record Tanh(Backend backend, Box box, Tensor smoothing) implements Coordinates {
        private static final Expr TWICE = mul(con(2), arg(0));
        // Of w, lower, upper.
        private static final Expr FEATURES =
                CLIP.substitute(add(arg(1), mul(sub(arg(2), arg(1)), sigmoid(TWICE))), arg(1), arg(2));
        private static final Expr SLOPE = mul(mul(con(2), sub(arg(8), arg(7))), mul(sigmoid(TWICE), sigmoid(neg(TWICE))));
        private static final Expr[] STEP = AdamMoments.step(mul(gradient(arg(9)), SLOPE), arg(6));
        private static final Expr START = start();

        // Of x, lower, upper, s: atanh(s·(2u − 1)) = ½·log((1 − s + 2su)/(1 − s + 2s(1 − u))), without
        // cancellation.
        private static Expr start() {
            Expr share = div(sub(arg(0), arg(1)), sub(arg(2), arg(1)));
            Expr rest = div(sub(arg(2), arg(0)), sub(arg(2), arg(1)));
            Expr margin = sub(ONE, arg(3));
            Expr twice = mul(con(2), arg(3));
            return mul(con(0.5f), log(div(add(margin, mul(twice, share)), add(margin, mul(twice, rest)))));
        }

        @Override
        public Tensor start(Tensor features) {
            Tensor w = backend.allocate(features.shape());
            backend.elementwise(START, w, features, box.lower(), box.upper(), smoothing);
            return w;
        }

        @Override
        public Tensor features(Backend backend, Tensor state) {
            Tensor features = backend.allocate(state.shape());
            backend.elementwise(FEATURES, features, state, box.lower(), box.upper());
            return features;
        }

        @Override
        public void step(Backend backend, DescentRows rows, Tensor x, Tensor weight, Tensor lossGradient, Tensor rate) {
            backend.elementwise(STEP, rows.moving(), rows.state, rows.first, rows.second, rows.clean, weight, lossGradient,
                    rate, box.lower(), box.upper(), x);
        }
    }
}
