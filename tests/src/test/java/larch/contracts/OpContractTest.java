package larch.contracts;

import static larch.gen.Bounds.assertSameBits;
import static larch.gen.Bounds.assertWithin;
import static larch.gen.Bounds.gamma;
import static larch.gen.Bounds.largest;
import static larch.gen.TestBackend.REFERENCE;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.gen.Bounds;
import larch.gen.OpCase;
import larch.gen.RunningError;
import larch.gen.TestBackend;
import larch.op.Elementwise;
import larch.op.OpSpec;
import larch.op.Ops;
import larch.tensor.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// What every op promises about numbers, on every backend at every width: value and gradient agree with the reference,
/// arguments stay as they were, and neither a second run nor more threads change a bit.
class OpContractTest {
    @TestFactory
    Stream<DynamicTest> valueAndGradientAgreeWithTheReference() {
        List<TestBackend> backends = TestBackend.all(2);
        return Ops.ALL.stream().map(spec -> DynamicTest.dynamicTest(spec.name(), () -> {
            for (TestBackend backend : backends) {
                int lanes = backend.lanes();
                for (Map<String, Integer> extents
                        : OpCase.bindings(spec, 0, 1, 2, 3, 13, lanes - 1, lanes, lanes + 1, 31, 67)) {
                    assertAgrees(backend, spec, OpCase.of(spec, extents));
                }
            }
        })).onClose(() -> backends.forEach(TestBackend::close));
    }

    private static void assertAgrees(TestBackend backend, OpSpec spec, OpCase example) {
        String label = backend + ": " + example;
        Tensor[] before = example.copyOfInputs();
        OpCase.Outcome expected = example.run(REFERENCE);
        OpCase.Outcome actual = example.run(backend.backend());
        for (int i = 0; i < before.length; i++) {
            assertSameBits(label + " leaves argument " + i + " alone", before[i], example.inputs()[i]);
        }
        assertWithin(label, expected.value(), actual.value(), valueBound(example, expected.value()));
        for (int i = 0; i < before.length; i++) {
            Tensor gradient = expected.gradients()[i];
            double bound = gamma(roundings(example, gradient)) * (1 + largest(gradient));
            assertWithin(label + ", gradient of argument " + i, gradient, actual.gradients()[i], _ -> bound);
        }
    }

    // Element-wise ops: the running error of the expression. All others: what γ allows for the longest sum and a few
    // dozen roundings before and after it, relative to the largest result that arguments of one sign give. Such sums do
    // not cancel, so that result is as large as the sum of magnitudes that the theorem speaks of.
    private static Bounds.Bound valueBound(OpCase example, Tensor expected) {
        if (example.op() instanceof Elementwise op) {
            return i -> {
                double[] args = Arrays.stream(example.inputs()).mapToDouble(x -> x.data()[i]).toArray();
                return RunningError.of(op.function(), args).error() + Math.ulp(expected.data()[i]);
            };
        }
        Tape tape = Tape.inference(REFERENCE);
        Tensor magnitudes = tape.apply(example.op(), Arrays.stream(example.inputs())
                .map(x -> tape.constant(magnitude(x))).toArray(Var[]::new)).value();
        double bound = gamma(roundings(example, expected)) * (1 + largest(magnitudes));
        return _ -> bound;
    }

    private static int roundings(OpCase example, Tensor result) {
        int longestSum = 0;
        for (Tensor input : example.inputs()) {
            longestSum = Math.max(longestSum, input.size() / Math.max(1, result.size()));
            for (int extent : input.shape().dims()) {
                longestSum = Math.max(longestSum, extent);
            }
        }
        return longestSum + 64;
    }

    private static Tensor magnitude(Tensor x) {
        Tensor magnitude = x.copy();
        for (int i = 0; i < x.size(); i++) {
            magnitude.data()[i] = Math.abs(x.data()[i]);
        }
        return magnitude;
    }

    @TestFactory
    Stream<DynamicTest> neitherASecondRunNorMoreThreadsChangeABit() {
        List<TestBackend> teams = Stream.of(1, 2, 4).map(threads -> TestBackend.simd(threads, 256)).toList();
        return Ops.ALL.stream().map(spec -> DynamicTest.dynamicTest(spec.name(), () -> {
            OpCase example = OpCase.of(spec, large(spec));
            OpCase.Outcome first = example.run(teams.getFirst().backend());
            for (TestBackend team : teams) {
                OpCase.Outcome again = example.run(team.backend());
                assertSameBits(team + ": " + example, first.value(), again.value());
                for (int i = 0; i < first.gradients().length; i++) {
                    assertSameBits(team + ": " + example + ", gradient of argument " + i, first.gradients()[i],
                            again.gradients()[i]);
                }
            }
        })).onClose(() -> teams.forEach(TestBackend::close));
    }

    // More elements than any kernel's threshold for a second thread.
    private static Map<String, Integer> large(OpSpec spec) {
        return OpCase.bindings(spec, 150, 131).get(1);
    }
}
