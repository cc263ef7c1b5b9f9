package larch.gen;

import java.util.Arrays;
import larch.autodiff.Gradients;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.op.Op;
import larch.random.Draws;
import larch.random.Rng;
import larch.tensor.Tensor;

/// Holds a whole gradient against one finite difference: `⟨Jᵀv, u⟩` against `⟨v, f(x + h·u) − f(x − h·u)⟩ / 2h`.
///
/// The direction u has entries −1, 0 and 1, so `x ± h·u` is exact for inputs on a dyadic grid. Coordinate-wise checks
/// find where a gradient is wrong; this one is for sizes where they would take too long.
public final class DirectionalCheck {
    private static final float STEP = 1 / 64f;

    private DirectionalCheck() {
    }

    /// @param op     the op
    /// @param inputs its arguments
    /// @return `|analytic − numeric| / max(1, |v|·|difference|…)`: the sizes of the terms that were added up
    public static double relativeError(Op op, Tensor... inputs) {
        Tape tape = Tape.recording(TestBackend.REFERENCE);
        Var[] leaves = new Var[inputs.length];
        Arrays.setAll(leaves, i -> tape.variable("argument " + i, inputs[i]));
        Var out = tape.apply(op, leaves);
        Draws draws = Rng.of(5).stream("direction").draws();
        Tensor v = Tensor.zeros(out.shape());
        fill(v, draws, 17, 8);
        Tensor[] u = Arrays.stream(inputs).map(x -> Tensor.zeros(x.shape())).toArray(Tensor[]::new);
        Arrays.stream(u).forEach(t -> fill(t, draws, 3, 1));
        Gradients gradients = tape.backward(out, v);
        double analytic = 0;
        double scale = 1;
        for (int i = 0; i < inputs.length; i++) {
            float[] gradient = gradients.of(leaves[i]).toArray();
            for (int j = 0; j < gradient.length; j++) {
                analytic += (double) gradient[j] * u[i].data()[j];
                scale += Math.abs(gradient[j] * u[i].data()[j]);
            }
        }
        double wide = difference(op, inputs, u, v, STEP);
        double narrow = difference(op, inputs, u, v, STEP / 2);
        return Math.abs(analytic - (4 * narrow - wide) / 3) / scale;
    }

    private static double difference(Op op, Tensor[] inputs, Tensor[] u, Tensor v, float h) {
        float[] up = shifted(op, inputs, u, h);
        float[] down = shifted(op, inputs, u, -h);
        double sum = 0;
        for (int i = 0; i < up.length; i++) {
            sum += v.data()[i] * ((double) up[i] - down[i]);
        }
        return sum / (2 * h);
    }

    private static float[] shifted(Op op, Tensor[] inputs, Tensor[] u, float h) {
        Tape tape = Tape.inference(TestBackend.REFERENCE);
        Var[] leaves = new Var[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            Tensor x = inputs[i].copy();
            for (int j = 0; j < x.size(); j++) {
                x.data()[j] += h * u[i].data()[j];
            }
            leaves[i] = tape.constant(x);
        }
        return tape.apply(op, leaves).value().toArray();
    }

    private static void fill(Tensor tensor, Draws draws, int values, int shift) {
        for (int i = 0; i < tensor.size(); i++) {
            tensor.data()[i] = draws.nextInt(values) - shift;
        }
    }
}
