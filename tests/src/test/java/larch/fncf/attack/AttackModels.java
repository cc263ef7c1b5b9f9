package larch.fncf.attack;

import static larch.op.Elementwise.ADD;
import static larch.op.Elementwise.RELU;
import static larch.op.MatMul.MATMUL;

import java.util.BitSet;
import java.util.function.BiFunction;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.op.GatherRows;
import larch.random.Rng;
import larch.tensor.Tensor;

/// Models and problems small enough to know the answer.
final class AttackModels {
    private AttackModels() {
    }

    /// `z = scale · (w·x + b)`.
    record Linear(float[] weights, float bias, float scale) implements AttackedModel {
        Linear(float[] weights, float bias) {
            this(weights, bias, 1);
        }

        @Override
        public int width() {
            return weights.length;
        }

        @Override
        public Var logits(Tape tape, Var features, int[] pairs) {
            Tensor w = Tensor.zeros(weights.length, 1);
            for (int j = 0; j < weights.length; j++) {
                w.set(scale * weights[j], j, 0);
            }
            return features.apply(MATMUL, tape.constant(w)).apply(ADD, tape.constant(Tensor.scalar(scale * bias)));
        }

        double logit(float[] x) {
            double z = bias;
            for (int j = 0; j < x.length; j++) {
                z += (double) weights[j] * x[j];
            }
            return scale * z;
        }

        /// `‖w‖` over some columns.
        double norm(BitSet columns) {
            return scale * Math.sqrt(columns.stream().mapToDouble(j -> (double) weights[j] * weights[j]).sum());
        }
    }

    /// Any function of the features.
    record Function(int width, BiFunction<Tape, Var, Var> f) implements AttackedModel {
        @Override
        public Var logits(Tape tape, Var features, int[] pairs) {
            return f.apply(tape, features);
        }
    }

    /// A net `width → 16 → 8 → 1` with random weights and a bias for each pair, like a folded FNCF.
    static final class ReluNet implements AttackedModel {
        private final int width;
        private final Tensor[] weights;
        private final Tensor pairBias;

        ReluNet(int width, int pairs, long seed) {
            Rng rng = Rng.of(seed);
            this.width = width;
            weights = new Tensor[] {normals(rng, "w1", width, 16), normals(rng, "w2", 16, 8), normals(rng, "w3", 8, 1)};
            pairBias = normals(rng, "pair", pairs, 16);
        }

        private static Tensor normals(Rng rng, String name, int rows, int cols) {
            Tensor t = Tensor.zeros(rows, cols);
            rng.stream(name).normals(t.data(), 0, t.size(), 0);
            float scale = (float) Math.sqrt(2.0 / rows);
            for (int i = 0; i < t.size(); i++) {
                t.data()[i] *= name.equals("pair") ? 0.5f : scale;
            }
            return t;
        }

        @Override
        public int width() {
            return width;
        }

        @Override
        public Var logits(Tape tape, Var features, int[] pairs) {
            Var bias = tape.apply(new GatherRows(pairs), tape.constant(pairBias));
            return features.apply(MATMUL, tape.constant(weights[0])).apply(ADD, bias).apply(RELU)
                    .apply(MATMUL, tape.constant(weights[1])).apply(RELU)
                    .apply(MATMUL, tape.constant(weights[2])).apply(ADD, tape.constant(Tensor.scalar(0.3f)));
        }
    }

    static BitSet columns(int from, int to) {
        BitSet columns = new BitSet();
        columns.set(from, to);
        return columns;
    }

    static Tensor uniform(int rows, int cols, long seed) {
        Tensor x = Tensor.zeros(rows, cols);
        Rng.of(seed).stream("features").uniforms(x.data(), 0, x.size(), 0);
        return x;
    }

    /// A random net's pairs with random features in [0, 1]; the first `user` columns are attacked.
    static AttackProblem reluProblem(int rows, int width, int user, long seed) {
        return AttackProblem.of(new ReluNet(width, rows, seed), uniform(rows, width, seed + 1), Box.unit(width),
                columns(0, user));
    }
}
