package larch.fncf.attack;

import static larch.expr.Comparison.EQ;
import static larch.expr.Comparison.GT;
import static larch.expr.Comparison.LE;
import static larch.expr.Comparison.LT;
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
import larch.backend.Series;
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
/// two that keep the closest success of each row. It is recorded the first time and run as a [Plan] from then on, up to the next
/// check without a break: what differs from iteration to iteration is a [Series]. The host sees what came out at the checks and
/// at the end, so that a device need not wait for it. Rows are independent: a row's iterates do not depend on which others are
/// in the batch. About ten times per descent, rows that make no progress leave; what is left is recorded anew.
final class Descent {
    private static final Expr SQUARED_DIFFERENCE = mul(sub(arg(0), arg(1)), sub(arg(0), arg(1)));
    // d‖δ‖/dδ = δ/‖δ‖, and 0 at the kink, of ‖δ‖².
    private static final Expr INVERSE_LENGTH = select(GT, arg(0), ZERO, div(ONE, sqrt(arg(0))), ZERO);
    // The closest success, of x', the closest so far, z, ‖x' − x‖², the distance so far and −κ.
    private static final Expr CLOSEST = select(LE, arg(2), arg(5), select(LT, arg(3), arg(4), arg(0), arg(1)), arg(1));
    // Its distance, the step of the last success and whether the model has answered NaN, of z, ‖x' − x‖², the three so far,
    // −κ and the number of steps taken.
    private static final Expr[] SUCCESS = {
        select(LE, arg(0), arg(5), select(LT, arg(1), arg(2), arg(1), arg(2)), arg(2)),
        select(LE, arg(0), arg(5), arg(6), arg(3)),
        select(EQ, arg(0), arg(0), arg(4), ONE)};
    private static final int CHECKS = 10;
    private static final double LEAST_PROGRESS = 1e-4;

    private final Backend backend;
    private final AttackProblem problem;
    private final AttackConfig config;
    private final Coordinates coordinates;
    private final Tensor confidence;
    private final Tensor target;
    private final Tensor two;
    /// What differs from iteration to iteration: the step width, and how many steps have been taken. The last row is for the
    /// look after the last step.
    private final Series course;
    private final Tensor now;
    private final Tensor rate;
    private final Tensor taken;

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
        this.confidence = backend.place(Tensor.scalar(config.aim()));
        this.target = backend.place(Tensor.scalar(-config.aim()));
        this.two = backend.place(Tensor.scalar(2));
        this.course = new Series(backend.place(course(config)));
        this.now = backend.place(Tensor.zeros(course.table().dim(1)));
        this.rate = now.rows(0, 1);
        this.taken = now.rows(1, 2);
    }

    private static Tensor course(AttackConfig config) {
        float[] rates = AdamMoments.rates(config);
        Tensor course = Tensor.zeros(rates.length + 1, 2);
        for (int iteration = 0; iteration <= rates.length; iteration++) {
            course.set(rates[Math.min(iteration, rates.length - 1)], iteration, 0);
            course.set(iteration, iteration, 1);
        }
        return course;
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
        course.moveTo(0);
        // One iteration comes before the first check, an interval before each of the others.
        for (int check = 0; course.position() < config.maxIterations() && rows.size() > 0; check += interval) {
            if (plan == null) {
                plan = Plan.record(backend, recorder -> iterate(recorder, rows));
            }
            plan.run(Math.min(check + 1, config.maxIterations()) - course.position());
            if (course.position() > check) {
                progress.at((double) check / config.maxIterations());
                requireNumbers(rows);
                if (config.abortEarly()) {
                    int[] kept = progressing(rows, objectives, check);
                    if (kept.length < rows.size()) {
                        report(rows, course.position(), outcome);
                        rows.keep(kept);
                        plan = null;
                    }
                }
            }
        }
        int steps = course.position();
        backend.next(course, now);
        look(backend, Tape.inference(backend), rows);
        requireNumbers(rows);
        report(rows, steps, outcome);
        return outcome;
    }

    private static void requireNumbers(DescentRows rows) {
        float[] isBroken = rows.isBroken.toArray();
        for (int i = 0; i < isBroken.length; i++) {
            if (isBroken[i] != 0) {
                throw Logits.notANumber(rows.problem.pairs()[i]);
            }
        }
    }

    /// Tells what has become of all rows that are still descending.
    private static void report(DescentRows rows, int steps, Outcome outcome) {
        float[] distance = rows.closestDistance.toArray();
        float[] last = rows.lastSuccess.toArray();
        float[] closest = rows.closest.toArray();
        int width = rows.closest.dim(1);
        for (int i = 0; i < rows.size(); i++) {
            int slot = rows.slots[i];
            outcome.steps[slot] = steps;
            outcome.squaredDistance[slot] = distance[i];
            outcome.lastSuccess[slot] = (int) last[i];
            System.arraycopy(closest, i * width, outcome.features.data(), slot * width, width);
        }
    }

    /// One iteration: looks where the rows are and takes a step down from there.
    private void iterate(Recorder recorder, DescentRows rows) {
        recorder.next(course, now);
        Tape tape = Tape.recording(recorder);
        Look look = look(recorder, tape, rows);
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
    private Look look(Backend where, Tape tape, DescentRows rows) {
        Tensor x = coordinates.features(where, rows.state);
        Var features = tape.variable("features", x);
        Var logit = rows.logits.of(tape, features);
        Logits.requireShape(logit, rows.problem.pairs());
        rows.logit = logit.value();
        where.reduce(Reduction.SUM, Axis.COLUMNS, SQUARED_DIFFERENCE, rows.distance, x, rows.clean);
        where.elementwise(CLOSEST, rows.closest, x, rows.closest, rows.logit, rows.distance, rows.closestDistance, target);
        where.elementwise(SUCCESS, new Tensor[] {rows.closestDistance, rows.lastSuccess, rows.isBroken}, rows.logit,
                rows.distance, rows.closestDistance, rows.lastSuccess, rows.isBroken, target, taken);
        return new Look(features, logit);
    }

    /// @param config how
    /// @return the number of iterations between two looks at a row's progress
    static int interval(AttackConfig config) {
        return Math.max(1, config.maxIterations() / CHECKS);
    }

    /// Compares each row's objective with the one at the check before.
    private int[] progressing(DescentRows rows, double[] objectives, int iteration) {
        float[] z = rows.logit.toArray();
        float[] constants = rows.constants.toArray();
        float[] distance = rows.distance.toArray();
        boolean mayStop = iteration >= config.abortFrom() * config.maxIterations();
        InDouble lossOf = new InDouble(config.loss().value());
        return IntStream.range(0, rows.size()).filter(i -> {
            double loss = lossOf.of(z[i], constants[i], config.aim())[0];
            double objective = config.distance().of(distance[i]) + loss;
            double before = objectives[rows.slots[i]];
            objectives[rows.slots[i]] = objective;
            return !(mayStop && before - objective < LEAST_PROGRESS * Math.abs(before));
        }).toArray();
    }
}
