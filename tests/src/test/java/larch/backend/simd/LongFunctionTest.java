package larch.backend.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import larch.backend.BackendOptions;
import larch.backend.KernelCall;
import larch.backend.Reduction;
import larch.backend.RowSelection;
import larch.expr.Comparison;
import larch.expr.Expr;
import larch.expr.Program;
import larch.random.Rng;
import larch.tensor.Axis;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Functions of many more steps than the JVM compiles in one method: they have the bits of the same steps in separate calls.
class LongFunctionTest {
    private static final int ROWS = 7;
    private static final int COLS = 45;
    private static final Expr X = Expr.arg(0);

    @TempDir
    private Path folder;
    private final SimdBackend backend = new SimdBackend(new BackendOptions(2, 256));
    private final Tensor x = random("x", ROWS, COLS);
    private final Tensor row = random("row", 1, COLS);

    /// Functions of different steps: polynomials, choices, bit operations.
    private enum Link {
        SWISH(Expr.mul(X, Expr.sigmoid(X))),
        TANH(Expr.tanh(X)),
        EXP(Expr.exp(Expr.neg(X))),
        ROOT(Expr.sqrt(Expr.abs(Expr.sub(X, Expr.con(0.125f))))),
        LOG(Expr.log(Expr.add(Expr.abs(X), Expr.con(0.5f)))),
        CHOICE(Expr.select(Comparison.GT, X, Expr.con(0.25f), Expr.mul(X, X), Expr.add(X, Expr.con(0.75f))));

        private final Expr f;

        Link(Expr f) {
            this.f = f;
        }

        Expr of(Expr value) {
            return f.substitute(value);
        }
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private static Tensor random(String name, int rows, int cols) {
        Tensor tensor = Tensor.zeros(rows, cols);
        var draws = Rng.of(5).stream(name).draws();
        for (int i = 0; i < tensor.size(); i++) {
            tensor.data()[i] = 2 * draws.nextFloat() - 1;
        }
        return tensor;
    }

    @ParameterizedTest
    @EnumSource
    void aLongChainHasTheBitsOfItsLinks(Link link) {
        Expr f = X;
        Tensor expected = x.copy();
        for (int i = 0; i < 150; i++) {
            f = link.of(f);
            backend.elementwise(link.f, expected, expected);
        }
        assertTrue(Program.of(f).steps().size() > 400);
        Tensor got = Tensor.full(Float.NaN, ROWS, COLS);
        backend.elementwise(f, got, x);
        assertArrayEquals(expected.toArray(), got.toArray());
        backend.elementwise(f, x, x);
        assertArrayEquals(expected.toArray(), x.toArray(), "a result may replace an argument");
    }

    /// Values that live from the first pass to the last, several results, results that are arguments, and a broadcast row.
    @Test
    void severalResultsOfManyLongLivedValues() {
        int count = 40;
        Expr y = Expr.arg(1);
        Expr[] values = new Expr[count];
        Tensor[] computed = new Tensor[count];
        for (int i = 0; i < count; i++) {
            values[i] = Expr.tanh(Expr.add(Expr.mul(X, Expr.con(i / 8f)), y));
            computed[i] = Tensor.zeros(ROWS, COLS);
            backend.elementwise(values[i], computed[i], x, row);
        }
        Expr forward = values[0];
        Expr backward = values[count - 1];
        Tensor forwards = computed[0].copy();
        Tensor backwards = computed[count - 1].copy();
        Expr step = Expr.fma(X, Expr.con(0.75f), y);
        for (int i = 1; i < count; i++) {
            forward = step.substitute(forward, values[i]);
            backward = step.substitute(backward, values[count - 1 - i]);
            backend.elementwise(step, forwards, forwards, computed[i]);
            backend.elementwise(step, backwards, backwards, computed[count - 1 - i]);
        }
        Tensor swapped = x.copy();
        Tensor other = Tensor.zeros(ROWS, COLS);
        Tensor third = Tensor.zeros(ROWS, COLS);
        backend.elementwise(new Expr[] {forward, X, backward}, new Tensor[] {swapped, other, third}, swapped, row);
        assertArrayEquals(forwards.toArray(), swapped.toArray());
        assertArrayEquals(x.toArray(), other.toArray());
        assertArrayEquals(backwards.toArray(), third.toArray());
    }

    @ParameterizedTest
    @EnumSource
    void aFoldHasTheBitsOfAFoldOfTheValues(Axis axis) {
        Expr f = X;
        Tensor value = x.copy();
        for (int i = 0; i < 60; i++) {
            f = Link.TANH.of(f);
            backend.elementwise(Link.TANH.f, value, value);
        }
        Tensor expected = sum(axis, X, value);
        assertArrayEquals(expected.toArray(), sum(axis, f, x).toArray());
    }

    private Tensor sum(Axis axis, Expr f, Tensor of) {
        Tensor out = switch (axis) {
            case ROWS -> Tensor.zeros(COLS);
            case COLUMNS -> Tensor.zeros(ROWS, 1);
            case ALL -> Tensor.scalar(0);
        };
        backend.reduce(Reduction.SUM, axis, f, out, of);
        return out;
    }

    @ParameterizedTest
    @EnumSource
    void everyPassIsSmallEnoughToBeCompiled(Link link) throws IOException {
        Expr f = X;
        for (int i = 0; i < 80; i++) {
            f = link.of(f);
        }
        // Half of the links are needed again at the end.
        Expr g = f;
        for (int i = 0; i < 40; i++) {
            g = Expr.fma(link.of(g), Expr.con(0.5f), f);
        }
        try (SimdBackend dumping = new SimdBackend(new BackendOptions(1, 256).withDumpKernels(folder))) {
            dumping.elementwise(g, Tensor.zeros(ROWS, COLS), x);
            dumping.reduce(Reduction.SUM, Axis.ROWS, g, Tensor.zeros(COLS), x);
        }
        List<Integer> lengths = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(name -> name.toString().endsWith(".class")).toList()) {
                ClassFile.of().parse(file).methods().forEach(method ->
                        lengths.add(((CodeAttribute) method.code().orElseThrow()).codeLength()));
            }
        }
        assertTrue(lengths.stream().allMatch(length -> length <= Passes.HUGE_METHOD), lengths::toString);
        assertTrue(lengths.stream().anyMatch(length -> length > Passes.HUGE_METHOD / 2), () -> "small pieces: " + lengths);
    }

    @Test
    void whatFitsIsNotCut() {
        List<Passes.Pass> passes = Passes.of(List.of(Expr.sigmoid(X), Expr.tanh(Expr.arg(1))), 2);
        assertEquals(1, passes.size());
        assertEquals(List.of(), passes.getFirst().temporaries());
    }

    /// Rows that are picked from tables have no shape beforehand, so such a kernel is not cut.
    @Test
    void whatCannotBeCutIsWarnedOf() {
        List<String> warnings = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                warnings.add(line.getMessage());
            }

            @Override
            public void flush() {
            }

            @Override
            public void close() {
            }
        };
        Logger log = Logger.getLogger("larch");
        log.addHandler(handler);
        log.setUseParentHandlers(false);
        try {
            Expr f = IntStream.range(0, 30).boxed().reduce(X, (value, _) -> Link.SWISH.of(value), (one, _) -> one);
            RowSelection second = new RowSelection() {
                @Override
                public int[] rows() {
                    return new int[] {1};
                }

                @Override
                public int count() {
                    return 1;
                }
            };
            Tensor expected = x.copy();
            backend.elementwise(f, expected, expected);
            assertEquals(List.of(), warnings);
            backend.run(new KernelCall.RowUpdate(List.of(f), List.of(x), second, List.of()));
            assertArrayEquals(Arrays.copyOfRange(expected.toArray(), COLS, 2 * COLS), Arrays.copyOfRange(x.toArray(), COLS, 2 * COLS));
            assertEquals(1, warnings.size(), warnings::toString);
            assertTrue(warnings.getFirst().matches("simd: the kernel elementwise_256_\\w+ has \\d+ bytes of code, .*"
                    + " make its expression shorter, with intermediate results in tensors"), warnings::toString);
        } finally {
            log.removeHandler(handler);
            log.setUseParentHandlers(true);
        }
    }
}
