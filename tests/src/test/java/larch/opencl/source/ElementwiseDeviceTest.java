package larch.opencl.source;

import static larch.expr.Comparison.GT;
import static larch.expr.Expr.ZERO;
import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.con;
import static larch.expr.Expr.exp;
import static larch.expr.Expr.fma;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.select;
import static larch.expr.Expr.sub;
import static larch.gen.Bounds.assertSameBits;
import static larch.gen.Guarded.assertGuardsIntact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import larch.backend.RowSelection;
import larch.expr.Comparison;
import larch.expr.Derivative;
import larch.expr.Expr;
import larch.expr.Prim;
import larch.gen.Guarded;
import larch.gen.TestBackend;
import larch.op.Elementwise;
import larch.op.OpSpec;
import larch.op.Ops;
import larch.random.Rng;
import larch.tensor.Broadcast;
import larch.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Element-wise kernels on a device against the SIMD backend, bit by bit.
@Tag("opencl")
class ElementwiseDeviceTest {
    private static final float[] SPECIAL = {0f, -0f, 1f, -1f, 0.5f, -2.5f, Float.NaN, Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, -1.1754942e-38f, 3e-41f,
        Float.MAX_VALUE, -Float.MAX_VALUE, 88.7f, -87.4f, -103.9f, 16777217f, 1e-20f};
    private static final int RANDOM = 4_000;
    /// Extents for those ops that are made for some; the element-wise ones are not.
    private static final Map<String, Integer> EXTENTS = Map.of("m", 2, "n", 3, "k", 4, "r", 5, "b", 2);
    /// Most arguments of a function below.
    private static final int ARGS = 4;

    /// One argument of each kind of access: x0·eˣ¹ + (x2 > 0 ? x3 : −x3).
    private static final Expr MIXED = add(mul(arg(0), exp(arg(1))), select(GT, arg(2), ZERO, arg(3), Expr.neg(arg(3))));
    /// A momentum step with two results, each of which needs both old values.
    private static final List<Expr> STEP = List.of(sub(arg(0), mul(arg(1), arg(2))),
            fma(con(0.9f), arg(1), mul(arg(3), arg(0))));

    private static final Map<String, List<Expr>> FUNCTIONS = functions();
    private static final TestBackend SIMD = TestBackend.simd(1, 256);
    private static KernelRunner device;

    @BeforeAll
    static void build() {
        List<KernelSource> kernels = new ArrayList<>();
        FUNCTIONS.forEach((name, fs) -> kernels.add(
                ElementwiseSource.of(name, fs, Arrays.asList(full(ARGS)))));
        for (int i = 0; i < 16; i++) {
            kernels.add(ElementwiseSource.of("mixed" + i, List.of(MIXED), List.of(mixedAccess(i))));
        }
        kernels.add(ElementwiseSource.ofPickedRows("picked", STEP, List.of(Broadcast.COLUMN, Broadcast.ROW)));
        device = KernelRunner.of(kernels);
    }

    @AfterAll
    static void close() {
        SIMD.close();
        if (device != null) {
            device.close();
        }
    }

    /// Each op with its derivatives by every argument is one kernel of several results.
    private static Map<String, List<Expr>> functions() {
        Map<String, List<Expr>> functions = new LinkedHashMap<>();
        for (OpSpec spec : Ops.ALL) {
            if (spec.make().apply(EXTENTS, Rng.of(1).draws()) instanceof Elementwise op) {
                Expr f = op.function();
                functions.put("op" + functions.size(), Stream.concat(Stream.of(f), Stream.iterate(0, i -> i + 1)
                        .limit(f.arity()).map(i -> Derivative.of(f, i))).toList());
            }
        }
        functions.put("primitives", Stream.of(Prim.values()).filter(prim -> prim.isExact() && prim != Prim.POW2)
                .map(prim -> Expr.apply(prim, Stream.iterate(0, i -> i + 1).limit(prim.arity()).map(Expr::arg)
                        .toArray(Expr[]::new))).toList());
        functions.put("pow2", List.of(Expr.apply(Prim.POW2, Expr.apply(Prim.MIN, con(127),
                Expr.apply(Prim.MAX, con(-126), Expr.apply(Prim.EXPONENT, arg(0)))))));
        functions.put("comparisons", Stream.of(Comparison.values())
                .map(comparison -> select(comparison, arg(0), arg(1), arg(2), con(2))).toList());
        functions.put("literals", List.of(add(arg(0), con(0.1f)), con(-0f), con(3e-41f), con(Float.NaN),
                mul(arg(0), con(Float.NEGATIVE_INFINITY)), con(1e30f), con(-7), con(16777217f)));
        functions.put("not_contracted", List.of(add(mul(arg(0), arg(1)), arg(2)),
                sub(mul(arg(0), arg(1)), mul(arg(2), arg(3)))));
        return functions;
    }

    private static Broadcast[] full(int count) {
        Broadcast[] access = new Broadcast[count];
        Arrays.fill(access, Broadcast.FULL);
        return access;
    }

    /// Of the 256 combinations those 16 in which each argument meets each access, and the first two meet all pairs.
    private static Broadcast[] mixedAccess(int i) {
        Broadcast[] kinds = Broadcast.values();
        int first = i / 4;
        int second = i % 4;
        return new Broadcast[] {kinds[first], kinds[second], kinds[(first + second) % 4],
            kinds[(first + 2 * second + 1) % 4]};
    }

    /// All pairs of special values in the first two arguments, then numbers of every magnitude, then tame ones.
    private static Tensor[] arguments() {
        int pairs = SPECIAL.length * SPECIAL.length;
        Tensor[] args = new Tensor[ARGS];
        for (int a = 0; a < ARGS; a++) {
            args[a] = Guarded.filled(0, pairs + 2 * RANDOM);
            int[] bits = new int[RANDOM];
            Rng.of(9).stream("bits", a).bits(bits, 0, RANDOM, 0);
            float[] tame = new float[RANDOM];
            Rng.of(9).stream("tame", a).normals(tame, 0, RANDOM, 0);
            for (int i = 0; i < args[a].size(); i++) {
                float value = i >= pairs + RANDOM ? 3 * tame[i - pairs - RANDOM]
                        : i >= pairs ? Float.intBitsToFloat(bits[i - pairs])
                        : SPECIAL[a % 2 == 0 ? i / SPECIAL.length : i % SPECIAL.length];
                args[a].data()[args[a].offset() + i] = value;
            }
        }
        return args;
    }

    @Test
    void everyFunctionHasTheBitsOfTheCpu() {
        Tensor[] args = arguments();
        int n = args[0].size();
        FUNCTIONS.forEach((name, fs) -> {
            Tensor[] expected = results(fs.size(), n);
            Tensor[] actual = results(fs.size(), n);
            SIMD.backend().elementwise(fs.toArray(Expr[]::new), expected, args);
            device.run(name, n, launch(actual, args, 1, n));
            for (int j = 0; j < actual.length; j++) {
                assertSameBits(name + ": " + fs.get(j), expected[j], actual[j]);
                assertGuardsIntact(name, actual[j]);
            }
        });
    }

    private static Tensor[] results(int count, int... dims) {
        return Stream.generate(() -> Guarded.filled(7, dims)).limit(count).toArray(Tensor[]::new);
    }

    @Test
    void everyKindOfAccess() {
        for (int[] dims : new int[][] {{1, 1}, {4, 1}, {1, 5}, {3, 19}, {150, 131}}) {
            for (int i = 0; i < 16; i++) {
                Broadcast[] access = mixedAccess(i);
                Tensor[] args = new Tensor[ARGS];
                for (int a = 0; a < ARGS; a++) {
                    args[a] = switch (access[a]) {
                        case FULL -> Guarded.random("x" + a, dims);
                        case ROW -> Guarded.random("x" + a, dims[1]);
                        case COLUMN -> Guarded.random("x" + a, dims[0], 1);
                        case SCALAR -> Guarded.random("x" + a);
                    };
                }
                Tensor expected = Guarded.filled(7, dims);
                Tensor actual = Guarded.filled(7, dims);
                SIMD.backend().elementwise(MIXED, expected, args);
                device.run("mixed" + i, (long) dims[0] * dims[1], launch(new Tensor[] {actual}, args, dims));
                assertSameBits(Arrays.toString(access) + Arrays.toString(dims), expected, actual);
                assertGuardsIntact("mixed", actual);
            }
        }
    }

    @Test
    void resultsMayReplaceArguments() {
        List<Expr> fs = FUNCTIONS.get("not_contracted");
        Tensor[] args = results(ARGS, 3, 67);
        for (int a = 0; a < ARGS; a++) {
            args[a] = Guarded.random("a" + a, 3, 67);
        }
        Tensor[] apart = results(2, 3, 67);
        SIMD.backend().elementwise(fs.toArray(Expr[]::new), apart, args);
        device.run("not_contracted", 201, launch(new Tensor[] {args[1], args[0]}, args, 3, 67));
        assertSameBits("first result over the second argument", apart[0], args[1]);
        assertSameBits("second result over the first argument", apart[1], args[0]);
    }

    @Test
    void pickedRowsChangeInPlaceAndOthersRest() {
        int[] rows = {4, 0, 6};
        for (int cols : new int[] {1, 3, 33}) {
            Tensor[] expected = {Guarded.random("w", 7, cols), Guarded.random("m", 7, cols)};
            Tensor[] actual = {Guarded.copy(expected[0]), Guarded.copy(expected[1])};
            Tensor rate = Guarded.random("rate", 4, 1);
            Tensor decay = Guarded.random("decay", cols);
            SIMD.backend().rowUpdate(STEP.toArray(Expr[]::new), expected, RowSelection.of(rows), rate, decay);
            device.run("picked", 3L * cols, actual[0].data(), actual[0].offset(), actual[1].data(), actual[1].offset(),
                    rate.data(), rate.offset(), decay.data(), decay.offset(), rows, 3, cols);
            for (int j = 0; j < 2; j++) {
                assertSameBits("table " + j, expected[j], actual[j]);
                assertGuardsIntact("table", actual[j]);
            }
        }
    }

    private static Object[] launch(Tensor[] outs, Tensor[] args, int... dims) {
        List<Object> values = new ArrayList<>();
        Stream.concat(Stream.of(outs), Stream.of(args)).forEach(tensor -> {
            values.add(tensor.data());
            values.add(tensor.offset());
        });
        values.add(dims[0]);
        values.add(dims[1]);
        return values.toArray();
    }
}
