package larch.backend;

import static larch.gen.Bounds.assertSameBits;
import static larch.op.Elementwise.ADD;
import static larch.op.Elementwise.RELU;
import static larch.op.MatMul.MATMUL;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import larch.autodiff.Tape;
import larch.gen.Guarded;
import larch.gen.TestBackend;
import larch.plan.Plan;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The example of `docs/backends.md`, on every backend: what it counts, and that it changes nothing.
class CountingBackendTest {
    private static final List<TestBackend> BACKENDS = Stream.concat(TestBackend.all(2).stream(),
            Stream.of(new TestBackend("reference", 1, TestBackend.REFERENCE))).toList();

    private final Tensor x = Guarded.random("x", 13, 31);
    private final Tensor w = Guarded.random("w", 31, 67);
    private final Tensor b = Guarded.random("b", 67);

    static List<TestBackend> backends() {
        return BACKENDS;
    }

    @AfterAll
    static void close() {
        BACKENDS.forEach(TestBackend::close);
    }

    private Tensor layer(Tape tape) {
        return tape.constant(x).apply(MATMUL, tape.constant(w)).apply(ADD, tape.constant(b)).apply(RELU).value();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void aLayerIsThreeKernelsAndInAPlanOne(TestBackend tested) {
        Tensor expected = layer(Tape.inference(tested.backend())).copy();
        CountingBackend backend = new CountingBackend(tested.backend());
        assertSameBits("called", expected, layer(Tape.inference(backend)).copy());
        assertEquals(Map.of("Product", 1L, "Elementwise", 2L), backend.counts());

        Tensor[] result = new Tensor[2];
        Plan plan = plan(backend, result, 0);
        Map<String, Long> before = backend.counts();
        assertEquals(Map.of("Product", 2L, "Elementwise", 4L), before, "recording runs every kernel once");
        plan.run();
        assertEquals(Map.of("Product", 3L, "Elementwise", 4L), backend.counts(), "bias and ReLU are in the product now");
        // The reference rounds once for each call, so its plan may differ from its calls.
        plan(tested.backend(), result, 1).run();
        assertSameBits("in a plan", result[1].copy(), result[0].copy());
    }

    private Plan plan(Backend backend, Tensor[] results, int at) {
        return Plan.record(backend, recorder -> {
            results[at] = layer(Tape.inference(recorder));
            recorder.keep(results[at]);
        });
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("backends")
    void preparedCallsCountEachRun(TestBackend tested) {
        CountingBackend backend = new CountingBackend(tested.backend());
        Tensor out = Tensor.zeros(13, 31);
        Runnable copy = backend.prepare(new KernelCall.Copy(new Block(13, 31, x.buffer(), x.offset(), 31, 1,
                out.buffer(), out.offset(), 31, 1)));
        assertEquals(Map.of(), backend.counts());
        copy.run();
        copy.run();
        assertEquals(Map.of("Copy", 2L), backend.counts());
        assertSameBits("copied", x, out);
    }
}
