package larch.autodiff;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.op.Op;
import larch.random.Draws;
import larch.random.Rng;
import larch.tensor.Tensor;

/// Holds analytic gradients against finite differences, coordinate by coordinate.
///
/// For a random cotangent `v` it compares `g = Jᵀv` with `d = ⟨v, f(x + h·e) − f(x − h·e)⟩ / 2h` along each axis `e`. Two
/// step widths, 2⁻⁶ and 2⁻⁷, are combined as `(4·d(h/2) − d(h))/3` (Richardson), which leaves an error of order h⁴.
/// Differences are those of the reference backend, with double precision inside each kernel; so are gradients, unless those
/// of another backend are to be checked. Choose inputs with few binary digits, so that `x ± h` is exact, and keep away from
/// kinks by more than h.
public final class GradCheck {
    private static final float STEP = 1 / 64f;
    private static final double TOLERANCE = 2e-3;

    /// What a check found.
    ///
    /// @param name       what was checked
    /// @param passed     whether every coordinate agreed
    /// @param argument   the argument with the worst disagreement
    /// @param coordinate its worst coordinate, as an index into the flat tensor
    /// @param analytic   the gradient there
    /// @param numeric    the finite difference there
    /// @param error      `|analytic − numeric| / max(1, |analytic|, |numeric|)`
    /// @param tolerance  the largest error that passes
    public record Report(String name, boolean passed, int argument, int coordinate, double analytic, double numeric,
                         double error, double tolerance) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s: %s; worst at argument %d, coordinate %d: analytic %.6g, numeric %.6g, "
                    + "error %.2g (allowed %.2g)", name, passed ? "passed" : "FAILED", argument, coordinate, analytic,
                    numeric, error, tolerance);
        }
    }

    private GradCheck() {
    }

    /// Checks the gradients of one op as a backend computes them.
    /// @param backend computes the gradients
    /// @param op      the op
    /// @param inputs  its arguments
    /// @return the verdict with the worst coordinate
    public static Report check(Backend backend, Op op, Tensor... inputs) {
        return check(backend, op.name(), vars -> vars[0].tape().apply(op, vars), inputs);
    }

    /// Checks one op.
    /// @param op     the op
    /// @param inputs its arguments
    /// @return the verdict with the worst coordinate
    public static Report check(Op op, Tensor... inputs) {
        return check(new ReferenceBackend(), op, inputs);
    }

    /// Checks any function of variables.
    /// @param name     for the report
    /// @param function computes a value from leaves on a tape
    /// @param inputs   values of the leaves
    /// @return the verdict with the worst coordinate
    public static Report check(String name, Function<Var[], Var> function, Tensor... inputs) {
        return check(new ReferenceBackend(), name, function, inputs);
    }

    private static Report check(Backend backend, String name, Function<Var[], Var> function, Tensor... inputs) {
        Tape tape = Tape.recording(backend);
        Var[] leaves = new Var[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            leaves[i] = tape.variable("input " + i, inputs[i]);
        }
        Var out = function.apply(leaves);
        Tensor cotangent = randomCotangent(out.value());
        Gradients gradients = tape.backward(out, cotangent);
        Backend reference = new ReferenceBackend();
        Report worst = new Report(name, true, 0, 0, 0, 0, 0, TOLERANCE);
        for (int i = 0; i < inputs.length; i++) {
            float[] analytic = inputs[i].size() == 0 ? new float[0] : gradients.of(leaves[i]).toArray();
            for (int j = 0; j < inputs[i].size(); j++) {
                double a = analytic[j];
                double n = numeric(reference, function, inputs, i, j, cotangent);
                double error = Math.abs(a - n) / Math.max(1, Math.max(Math.abs(a), Math.abs(n)));
                if (Double.isNaN(error) || error > worst.error()) {
                    worst = new Report(name, error <= TOLERANCE, i, j, a, n, error, TOLERANCE);
                }
            }
        }
        return worst;
    }

    private static double numeric(Backend backend, Function<Var[], Var> function, Tensor[] inputs, int i, int j,
                                  Tensor cotangent) {
        double wide = centralDifference(backend, function, inputs, i, j, STEP, cotangent);
        double narrow = centralDifference(backend, function, inputs, i, j, STEP / 2, cotangent);
        return (4 * narrow - wide) / 3;
    }

    private static double centralDifference(Backend backend, Function<Var[], Var> function, Tensor[] inputs, int i, int j,
                                            float h, Tensor cotangent) {
        Tensor up = evaluate(backend, function, inputs, i, j, h);
        Tensor down = evaluate(backend, function, inputs, i, j, -h);
        double sum = 0;
        for (int e = 0; e < cotangent.size(); e++) {
            sum += cotangent.data()[e] * ((double) up.data()[up.offset() + e] - down.data()[down.offset() + e]);
        }
        return sum / (2 * h);
    }

    private static Tensor evaluate(Backend backend, Function<Var[], Var> function, Tensor[] inputs, int i, int j, float shift) {
        Tape tape = Tape.inference(backend);
        Var[] leaves = new Var[inputs.length];
        Arrays.setAll(leaves, k -> {
            Tensor value = k == i ? inputs[k].copy() : inputs[k];
            if (k == i) {
                value.data()[j] += shift;
            }
            return tape.constant(value);
        });
        return function.apply(leaves).value();
    }

    // Not all ones: a constant cotangent hides mistakes whose sum is right.
    private static Tensor randomCotangent(Tensor out) {
        Tensor cotangent = Tensor.zeros(out.shape());
        Draws draws = Rng.of(7).stream("gradcheck/cotangent").draws();
        for (int i = 0; i < cotangent.size(); i++) {
            cotangent.data()[i] = (draws.nextInt(17) - 8) / 8f + 1 / 16f;
        }
        return cotangent;
    }
}
