package larch.bench.workload;

import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.exp;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.neg;
import static larch.expr.Expr.sigmoid;
import static larch.expr.Expr.tanh;

import java.util.Map;
import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.expr.Comparison;
import larch.expr.Expr;
import larch.expr.Prim;
import larch.expr.Program;
import larch.random.Draws;
import larch.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// `elementwise-…`: one pass of a compiled expression over matrices, shape `RxC`.
public class ElementwiseBenchmark extends BenchmarkState {
    private static final Expr X = arg(0);
    private static final Expr Y = arg(1);
    private static final double TOLERANCE = 1e-5;

    /// The functions, and what their arguments are.
    private static final Map<String, Chain> CHAINS = Map.of(
            "elementwise-add", new Chain(add(X, Y), true, false),
            "elementwise-bias-relu", new Chain(biasRelu(), false, true),
            "elementwise-sigmoid", new Chain(sigmoid(X), false, false),
            "elementwise-chain", new Chain(add(mul(tanh(X), sigmoid(Y)), exp(neg(mul(X, X)))), true, false));

    /// Which function.
    @Param({"elementwise-add", "elementwise-bias-relu", "elementwise-sigmoid", "elementwise-chain"})
    public String name;
    /// `RxC`.
    @Param({"128x128", "1024x128", "8192x1024"})
    public String shape;

    private Expr function;
    private Tensor[] arguments;
    private Tensor out;

    /// For JMH.
    public ElementwiseBenchmark() {
    }

    /// @param isBinary whether a second argument is a matrix
    /// @param hasBias  whether a second argument is a row
    private record Chain(Expr function, boolean isBinary, boolean hasBias) {
    }

    private static Expr biasRelu() {
        Expr z = add(X, Y);
        return Expr.select(Comparison.GT, z, Expr.ZERO, z, Expr.ZERO);
    }

    /// @param name  the row's name
    /// @param shape `RxC`
    /// @return the steps of the compiled program, the arguments read and the result written
    public static Work work(String name, String shape) {
        int[] dims = ShapeText.numbers(shape, "NxN");
        double size = (double) dims[0] * dims[1];
        Chain chain = CHAINS.get(name);
        return new Work(size * flops(chain.function),
                Float.BYTES * (2 * size + (chain.isBinary ? size : 0) + (chain.hasBias ? dims[1] : 0)), size);
    }

    /// Of one element: every step that computes is one, a fused multiply-add two.
    private static int flops(Expr function) {
        return Program.of(function).steps().stream().mapToInt(step -> switch (step) {
            case Program.Step.Load _, Program.Step.Literal _ -> 0;
            case Program.Step.Call call -> call.prim() == Prim.FMA ? 2 : 1;
            case Program.Step.Choose _ -> 1;
        }).sum();
    }

    /// Makes the arguments and verifies one pass.
    @Setup(Level.Trial)
    public void setUp() {
        int[] dims = ShapeText.numbers(shape, "NxN");
        Chain chain = CHAINS.get(name);
        Draws draws = draws("elementwise");
        function = chain.function;
        Tensor x = uniform(draws, dims);
        arguments = chain.isBinary ? new Tensor[] {x, uniform(draws, dims)}
                : chain.hasBias ? new Tensor[] {x, uniform(draws, dims[1])} : new Tensor[] {x};
        out = Tensor.zeros(dims);
        Tensor expected = Tensor.zeros(dims);
        try (Backend reference = new ReferenceBackend()) {
            reference.elementwise(function, expected, arguments);
        }
        Verify.close(name + " " + shape, expected, run(), TOLERANCE);
    }

    /// @return the function's values
    @Benchmark
    public Tensor run() {
        kernels().elementwise(function, out, arguments);
        return out;
    }
}
