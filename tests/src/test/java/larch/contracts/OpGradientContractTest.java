package larch.contracts;

import static larch.gen.Bounds.assertWithin;
import static larch.op.Elementwise.EXP;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import larch.autodiff.GradCheck;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.backend.Backend;
import larch.gen.DirectionalCheck;
import larch.gen.OpCase;
import larch.gen.TestBackend;
import larch.op.Domain;
import larch.op.Elementwise;
import larch.op.Op;
import larch.op.OpSpec;
import larch.op.Ops;
import larch.op.Reduce;
import larch.random.Draws;
import larch.random.Rng;
import larch.tensor.Axis;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// What every op promises about its vector-Jacobian product: finite differences agree, alone, broadcast, with one
/// argument used twice, and inside a composition.
class OpGradientContractTest {
    private static final int M = 3;
    private static final int N = 4;

    @TestFactory
    Stream<DynamicTest> everyCoordinateOfSmallSizes() {
        return Ops.ALL.stream().map(spec -> dynamicTest(spec.name(), () -> {
            for (Map<String, Integer> extents : OpCase.bindings(spec, 0, 1, 2, 3, 5)) {
                OpCase example = OpCase.of(spec, extents);
                assertPassed(GradCheck.check(example.op(), example.inputs()), example.label());
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> oneDirectionOfLargerSizes() {
        return Ops.ALL.stream().map(spec -> dynamicTest(spec.name(), () -> {
            for (Map<String, Integer> extents : OpCase.bindings(spec, 13, 19)) {
                OpCase example = OpCase.of(spec, extents);
                double error = DirectionalCheck.relativeError(example.op(), example.inputs());
                assertTrue(error <= 1e-3, () -> example + ": directional error " + error);
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> everyArgumentBroadcastAsRowColumnAndScalar() {
        List<DynamicTest> tests = new ArrayList<>();
        for (OpSpec spec : Ops.ALL) {
            Op op = OpCase.of(spec, Map.of("m", M, "n", N, "k", 2, "r", 2, "b", 2, "a", 2, "c", 2, "s", 2, "d", 6)).op();
            for (int i = 0; op instanceof Elementwise && spec.domains().size() > 1 && i < spec.domains().size(); i++) {
                for (Shape shape : List.of(Shape.of(N), Shape.of(1, N), Shape.of(M, 1), Shape.SCALAR, Shape.of(1, 1))) {
                    int which = i;
                    tests.add(dynamicTest(spec.name() + " argument " + i + " " + shape,
                            () -> broadcast(spec, op, which, shape)));
                }
            }
        }
        return tests.stream();
    }

    private static void broadcast(OpSpec spec, Op op, int which, Shape shape) {
        Tensor[] inputs = new Tensor[spec.domains().size()];
        Draws draws = Rng.of(3).stream(spec.name(), which).draws();
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = spec.domains().get(i).sample(i == which ? shape : Shape.of(M, N), draws);
        }
        assertPassed(GradCheck.check(op, inputs), spec.name());
        Tensor expected = value(TestBackend.REFERENCE, op, inputs);
        try (TestBackend simd = TestBackend.simd(1, 128)) {
            assertWithin(spec.name(), expected, value(simd.backend(), op, inputs),
                    i -> 1e-5 * Math.max(1, Math.abs(expected.data()[i])));
        }
    }

    private static Tensor value(Backend backend, Op op, Tensor... inputs) {
        Tape tape = Tape.inference(backend);
        return tape.apply(op, Stream.of(inputs).map(tape::constant).toArray(Var[]::new)).value();
    }

    @TestFactory
    Stream<DynamicTest> oneVariableAsEveryArgument() {
        return Ops.ALL.stream().filter(spec -> spec.domains().size() > 1).map(spec -> dynamicTest(spec.name(), () -> {
            Map<String, Integer> square = Map.of("m", 3, "n", 3, "k", 3, "a", 3, "b", 3, "c", 3, "d", 9);
            Op op = OpCase.of(spec, square).op();
            Domain domain = spec.domains().stream().filter(d -> !d.equals(Domain.ALL)).findFirst().orElse(Domain.ALL);
            Tensor x = domain.sample(Shape.of(3, 3), Rng.of(9).stream(spec.name()).draws());
            Var[] all = new Var[spec.domains().size()];
            Function<Var[], Var> diagonal = leaf -> {
                Arrays.fill(all, leaf[0]);
                return leaf[0].tape().apply(op, all);
            };
            assertPassed(GradCheck.check(spec.name() + " of one variable", diagonal, x), spec.name());
        }));
    }

    @TestFactory
    Stream<DynamicTest> insideAComposition() {
        Op small = Elementwise.scale(1 / 16f);
        Op mean = Reduce.mean(Axis.ALL);
        return Ops.ALL.stream().map(spec -> dynamicTest(spec.name(), () -> {
            OpCase example = OpCase.of(spec, OpCase.bindings(spec, 3, 4).get(1));
            assertPassed(GradCheck.check("mean(exp(" + spec.name() + "/16))",
                    x -> x[0].tape().apply(example.op(), x).apply(small).apply(EXP).apply(mean), example.inputs()),
                            example.label());
        }));
    }

    private static void assertPassed(GradCheck.Report report, String label) {
        assertTrue(report.passed(), () -> label + ": " + report);
    }
}
