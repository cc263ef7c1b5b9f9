package larch.bench.ops;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import larch.autodiff.Gradients;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.autodiff.Workspace;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.Backends;
import larch.backend.reference.ReferenceBackend;
import larch.op.Op;
import larch.op.OpSpec;
import larch.op.Ops;
import larch.random.Draws;
import larch.random.Rng;
import larch.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Each op of the registry, through a tape as programs use it: its value alone, and value and gradients together.
///
/// Every symbol of the op's signature has the extent [#extent]. Results are held against the reference before and after
/// the measurement.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@State(Scope.Benchmark)
public class OpsBenchmark {
    /// Of the largest element: far above what rounding gives at these sizes, far below any mistake.
    private static final double TOLERANCE = 1e-4;

    /// The op's name; a test holds the list against the registry.
    @Param({
        "add", "sub", "mul", "div", "maximum", "minimum", "select", "neg", "relu", "sigmoid", "tanh", "exp",
        "log", "sqrt", "square", "abs", "softplus", "power(1.5)", "clip(-1.0,2.0)", "scale(-2.5)", "matmul",
        "matmul_nt", "matmul_tn", "sum_rows", "mean_rows", "max_rows", "l2_norm_rows", "sum_columns",
        "mean_columns", "max_columns", "l2_norm_columns", "sum_all", "mean_all", "max_all", "l2_norm_all",
        "softmax", "softmax(T=10.0)", "log_softmax", "log_softmax(T=10.0)", "binary_cross_entropy",
        "binary_cross_entropy(T=10.0)", "softmax_cross_entropy", "softmax_cross_entropy(T=10.0)",
        "mean_squared_error", "gather_rows", "sparse_matmul", "concat", "slice", "reshape", "transpose",
        "gaussian_noise", "dropout"
    })
    public String op;
    /// The backend's name.
    @Param({"simd", "reference"})
    public String backend;
    /// The extent of every symbol.
    @Param("256")
    public int extent;

    private Backend kernels;
    private Op subject;
    private Tensor[] inputs;
    private Tensor cotangent;
    private final Workspace workspace = new Workspace();

    /// For JMH.
    public OpsBenchmark() {
    }

    /// Makes the op and its arguments and compares both results with the reference.
    @Setup(Level.Trial)
    public void setUp() {
        OpSpec spec = Ops.ALL.stream().filter(s -> s.name().equals(op)).findFirst().orElseThrow(() ->
                new IllegalArgumentException("op: there is no '" + op + "'; choose with -p op= from "
                        + Ops.ALL.stream().map(OpSpec::name).toList()));
        kernels = Backends.select(backend, BackendOptions.fromSystemProperties());
        System.out.println(kernels.describe());
        Map<String, Integer> extents = new HashMap<>();
        for (char symbol = 'a'; symbol <= 'z'; symbol++) {
            extents.put(String.valueOf(symbol), extent);
        }
        Draws draws = Rng.of(1).stream(op).draws();
        subject = spec.make().apply(extents, draws);
        inputs = spec.sampleInputs(extents, draws);
        cotangent = Tensor.full(0.5f, forward().shape().dims());
        verify();
    }

    /// Compares with the reference once more and ends the backend's threads.
    @TearDown(Level.Trial)
    public void tearDown() {
        verify();
        kernels.close();
    }

    /// @return the op's value
    @Benchmark
    public Tensor forward() {
        return value(Tape.inference(kernels, workspace));
    }

    /// @return the gradient by the op's first argument; all are computed
    @Benchmark
    public Tensor forwardAndBackward() {
        return gradients(Tape.recording(kernels, workspace))[0];
    }

    private Tensor value(Tape tape) {
        Var[] vars = new Var[inputs.length];
        Arrays.setAll(vars, i -> tape.constant(inputs[i]));
        return tape.apply(subject, vars).value();
    }

    private Tensor[] gradients(Tape tape) {
        Var[] vars = new Var[inputs.length];
        Arrays.setAll(vars, i -> tape.variable("argument", inputs[i]));
        Gradients gradients = tape.backward(tape.apply(subject, vars), cotangent);
        return Arrays.stream(vars).map(gradients::of).toArray(Tensor[]::new);
    }

    private void verify() {
        Backend reference = new ReferenceBackend();
        verify("value", value(Tape.inference(reference)), forward());
        Tensor[] expected = gradients(Tape.recording(reference));
        Tensor[] actual = gradients(Tape.recording(kernels, workspace));
        for (int i = 0; i < expected.length; i++) {
            verify("gradient of argument " + i, expected[i], actual[i]);
        }
    }

    private void verify(String what, Tensor expected, Tensor actual) {
        double largest = 1;
        double worst = 0;
        for (int i = 0; i < expected.size(); i++) {
            double right = expected.data()[expected.offset() + i];
            double error = Math.abs(actual.data()[actual.offset() + i] - right);
            largest = Math.max(largest, Math.abs(right));
            worst = error <= worst ? worst : error;
        }
        if (!(worst <= TOLERANCE * largest)) {
            throw new IllegalStateException(op + " on " + backend + ": " + what + " differs from the reference by " + worst
                    + " where " + TOLERANCE * largest + " is allowed; no time is worth reporting");
        }
    }
}
