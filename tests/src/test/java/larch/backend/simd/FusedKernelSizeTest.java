package larch.backend.simd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import larch.backend.BackendOptions;
import larch.backend.KernelCall;
import larch.backend.Reduction;
import larch.expr.Comparison;
import larch.expr.Expr;
import larch.plan.Plan;
import larch.tensor.Axis;
import larch.tensor.Broadcast;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a plan merges is small enough for the JVM to compile it.
class FusedKernelSizeTest {
    /// HotSpot's `HugeMethodLimit` in bytes: longer methods are interpreted for ever.
    private static final int HUGE = 8000;
    private static final int LENGTH = 100;
    private static final Expr X = Expr.arg(0);

    @TempDir
    private Path folder;

    /// Functions of different steps: polynomials, choices, bit operations.
    private enum Link {
        SWISH(Expr.mul(X, Expr.sigmoid(X))),
        TANH(Expr.tanh(X)),
        LOG(Expr.log(X)),
        CHOICE(Expr.select(Comparison.GT, X, Expr.con(0.25f), Expr.mul(X, X), Expr.add(X, Expr.con(0.75f))));

        private final Expr f;

        Link(Expr f) {
            this.f = f;
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofALongChain(Link link) throws IOException {
        check(plan(link.f, false));
    }

    @ParameterizedTest
    @EnumSource
    void ofALongChainThatIsSummed(Link link) throws IOException {
        check(plan(link.f, true));
    }

    private static List<KernelCall> plan(Expr f, boolean isSummed) {
        Tensor x = Tensor.full(0.5f, 3, 40);
        try (SimdBackend backend = new SimdBackend(new BackendOptions(1, 256))) {
            return Plan.record(backend, recorder -> {
                Tensor last = x;
                for (int i = 0; i < LENGTH; i++) {
                    Tensor next = recorder.allocate(Shape.of(3, 40));
                    recorder.elementwise(f, next, last);
                    last = next;
                }
                Tensor sum = recorder.allocate(Shape.of(3, 1));
                if (isSummed) {
                    recorder.reduce(Reduction.SUM, Axis.COLUMNS, X, sum, last);
                }
                recorder.keep(isSummed ? sum : last);
            }).calls();
        }
    }

    private void check(List<KernelCall> calls) throws IOException {
        assertTrue(calls.size() <= LENGTH / 2 + 1, () -> "little was merged: " + calls.size() + " calls are left");
        KernelCompiler compiler = new KernelCompiler(folder);
        SimdWidth width = SimdWidth.of(256);
        Broadcast[] full = {Broadcast.FULL};
        for (KernelCall call : calls) {
            switch (call) {
                case KernelCall.Elementwise e ->
                    new ElementwiseCompiler(compiler, width).get(e.fs().toArray(Expr[]::new), full, 0);
                case KernelCall.Reduce r ->
                    new ReduceCompiler(compiler, width).get(r.reduction(), r.axis(), r.f(), full);
                default -> throw new AssertionError(call);
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                ClassFile.of().parse(file).methods().forEach(method -> {
                    int bytes = ((CodeAttribute) method.code().orElseThrow()).codeLength();
                    assertTrue(bytes <= HUGE, () -> file.getFileName() + " has a method of " + bytes + " bytes");
                });
            }
        }
    }
}
