package larch.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import larch.autodiff.Gradients;
import larch.autodiff.Parameter;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.KernelCall;
import larch.backend.reference.ReferenceBackend;
import larch.backend.simd.SimdBackend;
import larch.expr.Expr;
import larch.expr.Program;
import larch.op.Elementwise;
import larch.op.Reduce;
import larch.random.Rng;
import larch.tensor.Axis;
import larch.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Many element-wise ops in a row, each of which uses its argument twice: what fusion makes of them must stay small.
class LongChainTest {
    private static final Elementwise SWISH = Elementwise.of("swish", 1, Expr.mul(Expr.arg(0), Expr.sigmoid(Expr.arg(0))));
    private static final int LENGTH = 50;
    /// What it takes is far below a second; the rest is for a machine that does something else.
    private static final Duration LIMIT = Duration.ofSeconds(20);

    static List<Backend> backends() {
        return List.of(new ReferenceBackend(), new SimdBackend(new BackendOptions(2, 256)));
    }

    private final Parameter x = new Parameter("x", Tensor.zeros(5, 37));

    private List<Tensor> forward(Backend backend) {
        Tape tape = Tape.inference(backend);
        return List.of(chain(tape).value());
    }

    private List<Tensor> forwardAndBackward(Backend backend) {
        Tape tape = Tape.recording(backend);
        Var loss = chain(tape).apply(Reduce.sum(Axis.ALL));
        Gradients gradients = tape.backward(loss);
        return List.of(loss.value(), gradients.of(x));
    }

    private Var chain(Tape tape) {
        Var value = tape.parameter(x);
        for (int i = 0; i < LENGTH; i++) {
            value = value.apply(SWISH);
        }
        return value;
    }

    private interface Steps {
        List<Tensor> of(Backend backend);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void forwardThroughAChain(Backend backend) {
        check(backend, this::forward);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void forwardAndBackwardThroughAChain(Backend backend) {
        check(backend, this::forwardAndBackward);
    }

    private void check(Backend backend, Steps program) {
        List<Tensor> results = new ArrayList<>();
        Plan plan = assertTimeoutPreemptively(LIMIT, () -> Plan.record(backend, recorder -> {
            results.addAll(program.of(recorder));
            results.forEach(recorder::keep);
        }));
        Rng.of(2).stream("x").normals(x.value().data(), 0, x.value().size(), 0);
        plan.run();
        List<Tensor> expected = program.of(backend);
        for (int i = 0; i < results.size(); i++) {
            // The reference rounds to float after each kernel, and a plan has fewer of them.
            assertArrayEquals(expected.get(i).toArray(), results.get(i).toArray(),
                    backend instanceof SimdBackend ? 0 : 1e-5f);
        }
        for (KernelCall call : plan.calls()) {
            if (call instanceof KernelCall.Elementwise e) {
                int steps = Program.of(e.fs().toArray(Expr[]::new)).steps().size();
                assertTrue(steps <= Fusion.MAX_STEPS, () -> steps + " steps: " + call);
            }
        }
        assertTrue(plan.calls().size() < (program.of(backend).size() == 1 ? LENGTH : 4 * LENGTH), plan::toString);
        backend.close();
    }
}
