package larch.backend.rowwise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import larch.backend.Backend;
import larch.backend.Block;
import larch.backend.KernelCall;
import larch.backend.Reduction;
import larch.backend.Trace;
import larch.backend.reference.ReferenceBackend;
import larch.expr.Expr;
import larch.gemm.Epilogue;
import larch.gemm.Gemm;
import larch.gemm.Transpose;
import larch.tensor.Axis;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RowChainsTest {
    private static final int N = 6;

    private static KernelCall product(Tensor a, Transpose transA, Tensor b, Tensor c) {
        return new KernelCall.Product(new Gemm(transA, Transpose.NO, N, N, N, 1, a.buffer(), a.offset(), N, b.buffer(),
                b.offset(), N, 0, c.buffer(), c.offset(), N, Epilogue.NONE));
    }

    private static KernelCall sum(Tensor out, Tensor... args) {
        return new KernelCall.Elementwise(List.of(args.length == 1 ? Expr.neg(Expr.arg(0))
                : Expr.add(Expr.arg(0), Expr.arg(1))), List.of(out), List.of(args));
    }

    private static KernelCall host(Tensor... touched) {
        return new KernelCall.Host("halve", () -> {
            for (Tensor tensor : touched) {
                tensor.set(tensor.get(1, 2) / 2, 1, 2);
            }
        }, false, List.of(touched));
    }

    private static RowCall byRows(KernelCall call) {
        return RowCall.of(call).orElseThrow();
    }

    private static List<Tensor> matrices(int count) {
        return IntStream.range(0, count).mapToObj(_ -> Tensor.zeros(N, N)).toList();
    }

    /// Square matrices of one size, where rows and columns are easily mistaken for each other.
    @RepeatedTest(200)
    void aProgramInStepsGivesTheSameResults(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<Tensor> matrices = matrices(5);
        List<KernelCall> calls = new ArrayList<>();
        int[] indices = {2, 0, 5, 5, 1, 3};
        while (calls.size() < 15) {
            Tensor a = matrices.get(random.nextInt(5));
            Tensor b = matrices.get(random.nextInt(5));
            Tensor c = matrices.get(random.nextInt(5));
            if (a == c || b == c) {
                calls.add(sum(c, a, b));
                continue;
            }
            calls.add(switch (random.nextInt(7)) {
                case 0 -> product(a, Transpose.NO, b, c);
                case 1 -> product(a, Transpose.YES, b, c);
                case 2 -> sum(c, a);
                case 3 -> new KernelCall.Rows(KernelCall.Rows.Kind.GATHER, a, indices, c);
                case 4 -> new KernelCall.Reduce(Reduction.SUM, Axis.COLUMNS, Expr.arg(0),
                        Tensor.wrap(Shape.of(N, 1), c.buffer(), 3), List.of(a));
                case 5 -> new KernelCall.Copy(new Block(N, 2, a.buffer(), 1, N, 1, c.buffer(), 4, N, 1));
                default -> host(a, c);
            });
        }
        List<List<KernelCall>> steps = RowChains.of(new Trace(calls, List.of(), List.of()), (_, _) -> true);
        assertEquals(calls.size(), steps.stream().mapToInt(List::size).sum());
        List<float[]> expected = run(matrices, calls);
        List<float[]> got = run(matrices, steps.stream().flatMap(List::stream).toList());
        for (int i = 0; i < matrices.size(); i++) {
            assertArrayEquals(expected.get(i), got.get(i), "matrix " + i + " of " + calls + "\nin steps " + steps);
        }
        for (List<KernelCall> chain : steps) {
            for (int i = 0; i < chain.size() && chain.size() > 1; i++) {
                for (KernelCall later : chain.subList(i + 1, chain.size())) {
                    assertTrue(byRows(chain.get(i)).chainsTo(byRows(later)));
                }
            }
        }
    }

    private static List<float[]> run(List<Tensor> matrices, List<KernelCall> calls) {
        for (int i = 0; i < matrices.size(); i++) {
            for (int j = 0; j < N * N; j++) {
                matrices.get(i).set((float) Math.sin(i * 40 + j), j / N, j % N);
            }
        }
        try (Backend backend = new ReferenceBackend()) {
            for (KernelCall call : calls) {
                if (call instanceof KernelCall.Host host) {
                    host.action().run();
                } else {
                    backend.run(call);
                }
            }
        }
        return matrices.stream().map(Tensor::toArray).toList();
    }

    @Test
    void rowsOfOneMatrixSideBySideChain() {
        Tensor wide = Tensor.zeros(N, 2 * N);
        Tensor x = Tensor.zeros(N, N);
        KernelCall left = new KernelCall.Copy(new Block(N, N, x.buffer(), 0, N, 1, wide.buffer(), 0, 2 * N, 1));
        KernelCall right = new KernelCall.Copy(new Block(N, N, x.buffer(), 0, N, 1, wide.buffer(), N, 2 * N, 1));
        KernelCall all = sum(wide, wide);
        assertTrue(byRows(left).chainsTo(byRows(right)));
        assertFalse(byRows(left).mustPrecede(byRows(right)), "they share no element");
        assertTrue(byRows(left).chainsTo(byRows(all)) && byRows(left).mustPrecede(byRows(all)));
    }

    @Test
    void whoNeedsOtherRowsDoesNotChain() {
        List<Tensor> m = matrices(3);
        RowCall makes = byRows(sum(m.get(0), m.get(1)));
        assertTrue(makes.chainsTo(byRows(product(m.get(0), Transpose.NO, m.get(1), m.get(2)))));
        assertFalse(makes.chainsTo(byRows(product(m.get(0), Transpose.YES, m.get(1), m.get(2)))), "columns of A");
        assertFalse(makes.chainsTo(byRows(product(m.get(1), Transpose.NO, m.get(0), m.get(2)))), "all of B");
        assertFalse(makes.chainsTo(byRows(new KernelCall.Rows(KernelCall.Rows.Kind.GATHER, m.get(0), new int[N], m.get(2)))),
                "any rows of a table");
        Tensor wide = Tensor.zeros(N, 2 * N);
        Tensor otherRows = Tensor.wrap(Shape.of(N, N), wide.buffer(), 0);
        assertFalse(byRows(new KernelCall.Copy(new Block(N, N, m.get(0).buffer(), 0, N, 1, wide.buffer(), 0, 2 * N, 1)))
                .chainsTo(byRows(sum(m.get(1), otherRows))), "rows that are elsewhere");
        assertFalse(byRows(sum(m.get(2), m.get(0).rows(1, 2).reshape(N))).chainsTo(makes), "a row that is then overwritten");
    }

    /// What a longer chain needs as a whole is computed before it begins.
    @Test
    void shortChainsGoFirst() {
        List<Tensor> m = matrices(3);
        Tensor row = Tensor.zeros(N);
        KernelCall first = sum(m.get(0), m.get(1));
        KernelCall rowCall = sum(row, row);
        KernelCall second = sum(m.get(2), m.get(0), row);
        List<List<KernelCall>> steps = RowChains.of(new Trace(List.of(first, rowCall, second), List.of(), List.of()),
                (_, _) -> true);
        assertEquals(List.of(List.of(rowCall), List.of(first, second)), steps);
    }

    @Test
    void aLongProgramIsCutQuickly() {
        Tensor x = Tensor.zeros(N, N);
        List<KernelCall> calls = IntStream.range(0, 1_500).mapToObj(i -> i % 3 == 0
                ? new KernelCall.Reduce(Reduction.SUM, Axis.ROWS, Expr.arg(0), Tensor.zeros(N), List.of(x)) : sum(x, x)).toList();
        List<List<KernelCall>> steps = RowChains.of(new Trace(calls, List.of(), List.of()), (_, _) -> true);
        assertEquals(2, steps.stream().map(List::size).max(Comparator.naturalOrder()).orElseThrow());
    }
}
