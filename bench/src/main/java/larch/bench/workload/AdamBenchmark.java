package larch.bench.workload;

import java.util.List;
import larch.autodiff.Gradients;
import larch.autodiff.Parameter;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.op.Elementwise;
import larch.optim.Adam;
import larch.random.Draws;
import larch.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// `adam-dense`, shape `n=N`, and `adam-rows`, shape `table=RxC,rows=N`: steps with gradients that are there already.
///
/// Rows get their gradients from sixteen random sets in turn, so that most rows of a step are owed the drift of some
/// steps, as in training.
public class AdamBenchmark extends BenchmarkState {
    /// The name of the row with a gradient for every weight.
    public static final String DENSE = "adam-dense";
    /// The name of the row with gradients for some rows of a table.
    public static final String ROWS = "adam-rows";
    private static final int SETS = 16;
    private static final int VERIFIED_STEPS = 2 * SETS;
    /// Read and written: weights and two moments; read only: the gradient.
    private static final int FLOATS_PER_WEIGHT = 7;

    /// Which of the two.
    @Param({DENSE, ROWS})
    public String name;
    /// `n=N` or `table=RxC,rows=N`.
    @Param("n=1048576")
    public String shape;

    private Case subject;

    /// For JMH.
    public AdamBenchmark() {
    }

    /// @param name  the row's name
    /// @param shape `n=N` or `table=RxC,rows=N`
    /// @return weights, moments and gradient read, weights and moments written
    public static Work work(String name, String shape) {
        int[] numbers = numbers(name, shape);
        double weights = name.equals(DENSE) ? numbers[0] : (double) numbers[2] * numbers[1];
        return Work.movement(name.equals(DENSE) ? weights : numbers[2], FLOATS_PER_WEIGHT * Float.BYTES * weights);
    }

    private static int[] numbers(String name, String shape) {
        return ShapeText.numbers(shape, name.equals(DENSE) ? "n=N" : "table=NxN,rows=N");
    }

    /// A parameter, its optimizer and gradients.
    private final class Case {
        private final Parameter parameter;
        private final Gradients[] gradients;
        private final Adam adam;
        private int next;

        Case(Backend kernels) {
            int[] numbers = numbers(name, shape);
            Draws draws = draws("adam");
            parameter = new Parameter("w", name.equals(DENSE) ? uniform(draws, numbers) : uniform(draws, numbers[0], numbers[1]));
            gradients = new Gradients[name.equals(DENSE) ? 1 : SETS];
            for (int i = 0; i < gradients.length; i++) {
                Tape tape = Tape.recording(kernels);
                Var used = name.equals(DENSE) ? tape.parameter(parameter)
                        : tape.rows(parameter, indices(draws, numbers[2], numbers[0]));
                Var out = used.apply(Elementwise.NEG);
                gradients[i] = tape.backward(out, uniform(draws, out.shape().dims()));
            }
            adam = new Adam(kernels, List.of(parameter), Adam.Settings.DEFAULT);
        }

        void step() {
            adam.step(gradients[next++ % gradients.length]);
        }
    }

    /// Makes the parameter and verifies some steps.
    @Setup(Level.Trial)
    public void setUp() {
        subject = new Case(kernels());
        try (Backend reference = new ReferenceBackend()) {
            Case expected = new Case(reference);
            for (int i = 0; i < VERIFIED_STEPS; i++) {
                expected.step();
                subject.step();
            }
            Verify.close(name + " " + shape, expected.parameter.value(), subject.parameter.value(), 1e-4);
        }
    }

    /// @return steps taken
    @Benchmark
    public long run() {
        subject.step();
        return subject.adam.steps();
    }
}
