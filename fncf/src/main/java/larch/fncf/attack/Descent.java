package larch.fncf.attack;

import static larch.expr.Comparison.GT;
import static larch.expr.Expr.ONE;
import static larch.expr.Expr.ZERO;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.div;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.select;
import static larch.expr.Expr.sqrt;
import static larch.expr.Expr.sub;

import java.util.Arrays;
import java.util.stream.IntStream;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.backend.Backend;
import larch.backend.Reduction;
import larch.expr.Expr;
import larch.expr.InDouble;
import larch.plan.Plan;
import larch.plan.Recorder;
import larch.tensor.Axis;
import larch.tensor.Tensor;

/// The loop of the attack: many rows, each an example with a constant and a start of its own, take Adam steps
/// at once.
///
/// Each iteration is one forward and one backward pass of the model by its features, one element-wise kernel of Adam and
/// one look at `[r,1]` logits and distances to keep the closest success of each row. It is recorded the first time and run
/// as a [Plan] from then on. Rows are independent: a row's iterates do not depend on which others are in the batch. About
/// ten times per descent, rows that make no progress leave; what is left is recorded anew.
final class Descent {
    private static final Expr SQUARED_DIFFERENCE = mul(sub(arg(0), arg(1)), sub(arg(0), arg(1)));
    // d‖δ‖/dδ = δ/‖δ‖, and 0 at the kink, of ‖δ‖².
    private static final Expr INVERSE_LENGTH = select(GT, arg(0), ZERO, div(ONE, sqrt(arg(0))), ZERO);
    private static final int CHECKS = 10;
    private static final double LEAST_PROGRESS = 1e-4;

    private final Backend backend;
    private final AttackProblem problem;
    private final AttackConfig config;
    private final Coordinates coordinates;
    private final Tensor confidence;
    private final Tensor two = Tensor.scalar(2);
    private final float[] rates;
    private final Tensor rate = Tensor.scalar(0);

    /// What a descent found.
    ///
    /// @param squaredDistance of each row's closest success; +∞ if it had none
    /// @param features        `[r, free]`, that success
    /// @param steps           gradient steps that each row took
    /// @param lastSuccess     how many steps each row had taken at its last success; negative if it had none
    record Outcome(float[] squaredDistance, Tensor features, int[] steps, int[] lastSuccess) {
        /// @param slot     which row
        /// @param interval a number of steps
        /// @return whether the row succeeded within that many steps of its end
        boolean isSettled(int slot, int interval) {
            return lastSuccess[slot] >= Math.max(0, steps[slot] - interval);
        }
    }

    /// @param backend the kernels
    /// @param problem what is attacked
    /// @param config  how
    Descent(Backend backend, AttackProblem problem, AttackConfig config) {
        this.backend = backend;
        this.problem = problem;
        this.config = config;
        this.coordinates = Coordinates.of(backend, problem, config);
        this.confidence = Tensor.scalar(config.confidence());
        this.rates = AdamMoments.rates(config);
    }

    /// @param examples  the problem's row that each row of this descent works on; may repeat
    /// @param constants c of each row
    /// @param starts    `[r, free]`, features that each row starts from
    /// @param progress  is told the share of the iterations done
    /// @return the closest success of each row
    Outcome run(int[] examples, float[] constants, Tensor starts, AttackProgress progress) {
        DescentRows rows = new DescentRows(backend, problem.select(examples), constants.clone(), coordinates.start(starts));
        Outcome outcome = new Outcome(new float[examples.length], Tensor.zeros(starts.shape()), new int[examples.length],
                new int[examples.length]);
        Arrays.fill(outcome.squaredDistance, Float.POSITIVE_INFINITY);
        Arrays.fill(outcome.lastSuccess, -1);
        double[] objectives = new double[examples.length];
        Arrays.fill(objectives, Double.POSITIVE_INFINITY);
        int interval = interval(config);
        Plan plan = null;
        for (int iteration = 0; iteration < config.maxIterations() && rows.size() > 0; iteration++) {
            rate.data()[0] = rates[iteration];
            if (plan == null) {
                plan = Plan.record(backend, recorder -> iterate(recorder, rows, outcome));
            } else {
                plan.run();
            }
            for (int slot : rows.slots) {
                outcome.steps[slot]++;
            }
            if (iteration % interval == 0) {
                progress.at((double) iteration / config.maxIterations());
                if (config.abortEarly() && rows.keep(progressing(rows, objectives, iteration), backend)) {
                    plan = null;
                }
            }
        }
        look(backend, Tape.inference(backend), rows, outcome);
        return outcome;
    }

    /// One iteration: looks where the rows are and takes a step down from there.
    private void iterate(Recorder recorder, DescentRows rows, Outcome outcome) {
        Tape tape = Tape.recording(recorder);
        Look look = look(recorder, tape, rows, outcome);
        recorder.keep(rows.logit);
        Tensor cotangent = recorder.allocate(rows.logit.shape());
        recorder.elementwise(config.loss().slope(), cotangent, rows.logit, rows.constants, confidence);
        Tensor weight = two;
        if (config.distance() == Distance.L2) {
            weight = recorder.allocate(rows.distance.shape());
            recorder.elementwise(INVERSE_LENGTH, weight, rows.distance);
        }
        Tensor lossGradient = tape.backward(look.logit, cotangent).of(look.features);
        coordinates.step(recorder, rows, look.features.value(), weight, lossGradient, rate);
    }

    /// The features of all rows and their logits.
    private record Look(Var features, Var logit) {
    }

    /// Asks for the logits of all rows and keeps the closest successes.
    private Look look(Backend where, Tape tape, DescentRows rows, Outcome outcome) {
        Tensor x = coordinates.features(where, rows.state);
        Var features = tape.variable("features", x);
        Var logit = rows.logits.of(tape, features);
        Logits.requireShape(logit, rows.problem.pairs());
        rows.logit = logit.value();
        where.reduce(Reduction.SUM, Axis.COLUMNS, SQUARED_DIFFERENCE, rows.distance, x, rows.clean);
        where.host("keep the closest", () -> keepClosest(rows, x, outcome), x, rows.logit, rows.distance);
        return new Look(features, logit);
    }

    /// @param config how
    /// @return the number of iterations between two looks at a row's progress
    static int interval(AttackConfig config) {
        return Math.max(1, config.maxIterations() / CHECKS);
    }

    private void keepClosest(DescentRows rows, Tensor x, Outcome outcome) {
        Tensor z = rows.logit;
        Logits.requireNumbers(z, rows.problem.pairs());
        int width = x.dim(1);
        float target = -config.confidence();
        for (int i = 0; i < rows.size(); i++) {
            int slot = rows.slots[i];
            float squared = rows.distance.data()[i];
            if (z.data()[z.offset() + i] <= target) {
                outcome.lastSuccess[slot] = outcome.steps[slot];
                if (squared < outcome.squaredDistance[slot]) {
                    outcome.squaredDistance[slot] = squared;
                    System.arraycopy(x.data(), x.offset() + i * width, outcome.features.data(), slot * width, width);
                }
            }
        }
    }

    /// Compares each row's objective with the one at the check before.
    private int[] progressing(DescentRows rows, double[] objectives, int iteration) {
        Tensor z = rows.logit;
        boolean mayStop = iteration >= config.abortFrom() * config.maxIterations();
        InDouble lossOf = new InDouble(config.loss().value());
        return IntStream.range(0, rows.size()).filter(i -> {
            double loss = lossOf.of(z.data()[z.offset() + i], rows.constants.data()[i], config.confidence())[0];
            double objective = config.distance().of(rows.distance.data()[i]) + loss;
            double before = objectives[rows.slots[i]];
            objectives[rows.slots[i]] = objective;
            return !(mayStop && before - objective < LEAST_PROGRESS * Math.abs(before));
        }).toArray();
    }
}
