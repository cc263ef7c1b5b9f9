package larch.gemm;

import static larch.expr.Comparison.GT;
import static larch.expr.Expr.ZERO;
import static larch.expr.Expr.add;
import static larch.expr.Expr.arg;
import static larch.expr.Expr.mul;
import static larch.expr.Expr.select;
import static larch.expr.Expr.sigmoid;
import static larch.expr.Expr.sub;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.Random;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.simd.CompiledKernels;
import larch.backend.simd.SimdBackend;
import larch.expr.Expr;
import larch.tensor.Broadcast;
import larch.tensor.Tensor;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/// A product with an epilogue gives the bits of the product followed by the same expression, element by
/// element.
class EpilogueProperties {
    private static final Backend ELEMENT_BY_ELEMENT = new SimdBackend(new BackendOptions(1, 128));
    private static final Expr X = arg(0);

    /// @param f      the function
    /// @param access how its operands are read
    private record Function(Expr f, Broadcast... access) {
    }

    private static final List<Function> FUNCTIONS = List.of(
            new Function(select(GT, add(X, arg(1)), ZERO, add(X, arg(1)), ZERO), Broadcast.ROW),
            new Function(add(select(GT, add(X, arg(1)), ZERO, add(X, arg(1)), ZERO), arg(2)), Broadcast.ROW, Broadcast.FULL),
            new Function(select(GT, arg(1), ZERO, X, ZERO), Broadcast.FULL),
            new Function(select(GT, X, ZERO, X, ZERO)),
            new Function(sub(mul(X, arg(1)), arg(2)), Broadcast.COLUMN, Broadcast.SCALAR),
            new Function(mul(sigmoid(add(X, arg(1))), arg(2)), Broadcast.ROW, Broadcast.FULL),
            new Function(arg(1), Broadcast.FULL),
            new Function(X, Broadcast.ROW));

    @AfterContainer
    static void close() {
        ELEMENT_BY_ELEMENT.close();
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void everyPathGivesTheBitsOfProductThenExpression(@ForAll("products") GemmCase product,
                                                      @ForAll("functions") int function) {
        float[] expected = expected(product, FUNCTIONS.get(function), GemmPaths.KC);
        for (GemmPaths.Path path : GemmPaths.all()) {
            Gemm g = product.gemm();
            path.driver().run(g.with(epilogue(g, FUNCTIONS.get(function))));
            assertArrayEquals(expected, g.c().array(), path.name());
        }
    }

    /// The blockings that ship, more steps than one block, any number of threads.
    @Example
    void shippedBlockingsGiveTheBitsOfProductThenExpression() {
        int[][] sizes = {{31, 64, 257}, {13, 207, 31}, {64, 48, 64}, {1, 207, 300}, {207, 1, 300}, {67, 67, 0}};
        for (int bits : CompiledKernels.widths()) {
            int kc = GemmBlocking.forVectorBits(bits).kc();
            for (int i = 0; i < sizes.length * 4; i++) {
                int[] size = sizes[i / 4];
                GemmCase product = new GemmCase(i % 4 > 1, i % 2 == 1, size[0], size[1], size[2], 1, i % 2, 3, 5, i % 8, 2,
                        0, i);
                Function function = FUNCTIONS.get(i % FUNCTIONS.size());
                float[] expected = expected(product, function, kc);
                for (int threads : new int[] {1, 2, 4}) {
                    Gemm g = product.gemm();
                    GemmPaths.shipped(bits, threads).run(g.with(epilogue(g, function)));
                    assertArrayEquals(expected, g.c().array(), bits + " bits, " + threads + " threads, " + product);
                }
            }
        }
    }

    private static float[] expected(GemmCase product, Function function, int kc) {
        Gemm g = product.gemm();
        float[] c = product.chains(kc);
        if (product.m() == 0 || product.n() == 0) {
            return c;
        }
        Tensor dense = Tensor.zeros(g.m(), g.n());
        for (int i = 0; i < g.m(); i++) {
            System.arraycopy(c, g.cOffset() + i * g.ldc(), dense.data(), i * g.n(), g.n());
        }
        Tensor[] args = new Tensor[function.access().length + 1];
        args[0] = dense;
        Epilogue epilogue = epilogue(g, function);
        for (int o = 0; o < function.access().length; o++) {
            Tensor full = Tensor.zeros(g.m(), g.n());
            for (int i = 0; i < g.m(); i++) {
                for (int j = 0; j < g.n(); j++) {
                    full.data()[i * g.n() + j] = epilogue.array(o)[epilogue.index(o, i, j)];
                }
            }
            args[o + 1] = full;
        }
        ELEMENT_BY_ELEMENT.elementwise(function.f(), dense, args);
        for (int i = 0; i < g.m(); i++) {
            System.arraycopy(dense.data(), i * g.n(), c, g.cOffset() + i * g.ldc(), g.n());
        }
        return c;
    }

    /// Operands that end where they must, so that one element too many throws.
    private static Epilogue epilogue(Gemm g, Function function) {
        Random random = new Random(7);
        Operand[] operands = new Operand[function.access().length];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = switch (function.access()[i]) {
                case FULL -> Operand.full(floats(random, 3 + Math.max(0, g.m() - 1) * (g.n() + 2) + g.n()), 3, g.n() + 2);
                case ROW -> Operand.row(floats(random, 2 + g.n()), 2);
                case COLUMN -> Operand.column(floats(random, 5 + g.m()), 5);
                case SCALAR -> Operand.scalar(floats(random, 2), 1);
            };
        }
        return new Epilogue(function.f(), operands);
    }

    private static float[] floats(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Provide
    Arbitrary<Integer> functions() {
        return Arbitraries.integers().between(0, FUNCTIONS.size() - 1);
    }

    @Provide
    Arbitrary<GemmCase> products() {
        Arbitrary<int[]> sizes = Combinators.combine(
                Arbitraries.of(0, 1, 2, 3, 4, 5, 7, 8, 9, 13, 31, 67),
                Arbitraries.of(0, 1, 2, 3, 5, 8, 13, 16, 17, 31, 33, 64, 67, 130),
                Arbitraries.of(0, 1, 3, GemmPaths.KC, GemmPaths.KC + 1, 2 * GemmPaths.KC + 3))
                .as((m, n, k) -> new int[] {m, n, k});
        return Combinators.combine(Arbitraries.integers().between(0, 3), sizes, Arbitraries.of(1f, -0.75f, 0f),
                Arbitraries.of(0f, 1f, -0.5f), Arbitraries.of(0, 1, 5), Arbitraries.of(0, 0, 40),
                Arbitraries.longs().between(1, 1000)).as((form, size, alpha, beta, pad, special, seed) ->
                new GemmCase(form > 1, form % 2 == 1, size[0], size[1], size[2], alpha, beta, pad, pad, pad, pad, special,
                        seed));
    }
}
