package larch.autodiff;

import static larch.op.Elementwise.ADD;
import static larch.op.Elementwise.MUL;
import static larch.op.Elementwise.SQUARE;
import static larch.op.Elementwise.scale;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.gen.TestBackend;
import larch.op.GatherRows;
import larch.op.Reduce;
import larch.tensor.Axis;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Gradients of gathered rows stay sparse and mean the same as dense ones.
class SparseGradientTest {
    private static final int[] INDICES = {3, 1, 3, 3, 0};

    private final Backend backend = new ReferenceBackend();
    private final Parameter table = new Parameter("table", Tensor.matrix(new float[] {1, 2}, new float[] {3, 4},
            new float[] {5, 6}, new float[] {7, 8}));
    private final Tensor weights = Tensor.matrix(new float[] {1, 10}, new float[] {2, 20}, new float[] {3, 30},
            new float[] {4, 40}, new float[] {5, 50});

    private Var loss(Tape tape, Var rows) {
        return rows.apply(SQUARE).apply(MUL, tape.constant(weights)).apply(Reduce.sum(Axis.ALL));
    }

    // 2·x·w for each gathered row; row 3 gets 1 + 3 + 4 = 8 times that, row 2 nothing.
    private static final float[] EXPECTED = {10, 200, 12, 160, 0, 0, 112, 1280};

    @Test
    void rowsAreUniqueAscendingAndSummed() {
        Tape tape = Tape.recording(backend);
        Gradients gradients = tape.backward(loss(tape, tape.rows(table, INDICES)));
        assertTrue(gradients.has(table) && gradients.isSparse(table));
        RowGradient rows = gradients.rowsOf(table);
        assertArrayEquals(new int[] {0, 1, 3}, rows.rows());
        assertArrayEquals(new float[] {10, 200, 12, 160, 112, 1280}, rows.values().toArray());
    }

    static List<TestBackend> backends() {
        return TestBackend.all(2);
    }

    /// All sums are of small integers, so they are exact.
    @ParameterizedTest
    @MethodSource("backends")
    void rowsAreSummedWhereTheBackendsMemoryIs(TestBackend tested) {
        try (tested) {
            Tape tape = Tape.recording(tested.backend());
            Var twice = loss(tape, tape.rows(table, INDICES)).apply(ADD, loss(tape, tape.rows(table, new int[] {2, 2, 0, 3, 2})));
            RowGradient rows = tape.backward(twice).rowsOf(table);
            Tape reference = Tape.recording(backend);
            twice = loss(reference, reference.rows(table, INDICES))
                    .apply(ADD, loss(reference, reference.rows(table, new int[] {2, 2, 0, 3, 2})));
            RowGradient expected = reference.backward(twice).rowsOf(table);
            assertArrayEquals(new int[] {0, 1, 2, 3}, rows.rows());
            assertArrayEquals(expected.values().toArray(), rows.values().toArray());
            assertEquals(tested.backend().allocate(Shape.of(1)).buffer().getClass(), rows.values().buffer().getClass());
        }
    }

    @Test
    void theDenseFormHasZerosElsewhere() {
        Tape tape = Tape.recording(backend);
        Gradients gradients = tape.backward(loss(tape, tape.rows(table, INDICES)));
        assertArrayEquals(EXPECTED, gradients.of(table).toArray());
        assertFalse(gradients.isSparse(table), "asking for the dense form keeps it");
        assertArrayEquals(EXPECTED, gradients.of(table).toArray(), "and asking twice adds nothing");
    }

    @Test
    void aGatherFromAComputedTableGivesTheSameDenseGradient() {
        Tape tape = Tape.recording(backend);
        Var leaf = tape.parameter(table);
        Gradients gradients = tape.backward(loss(tape, leaf.apply(scale(1)).apply(new GatherRows(INDICES))));
        assertArrayEquals(EXPECTED, gradients.of(table).toArray());
        assertFalse(gradients.isSparse(table));
    }

    @Test
    void severalGathersAddUp() {
        Tape tape = Tape.recording(backend);
        Var twice = loss(tape, tape.rows(table, INDICES)).apply(ADD, loss(tape, tape.rows(table, INDICES.clone())));
        float[] doubled = EXPECTED.clone();
        for (int i = 0; i < doubled.length; i++) {
            doubled[i] *= 2;
        }
        Gradients gradients = tape.backward(twice);
        assertArrayEquals(new int[] {0, 1, 3}, gradients.rowsOf(table).rows());
        assertArrayEquals(doubled, gradients.of(table).toArray());
    }

    @Test
    void gatheredAndDenseUsesAddUp() {
        Tape tape = Tape.recording(backend);
        Var regularizer = tape.parameter(table).apply(Reduce.sum(Axis.ALL));
        Gradients gradients = tape.backward(loss(tape, tape.rows(table, INDICES)).apply(ADD, regularizer));
        assertFalse(gradients.isSparse(table));
        float[] plusOne = EXPECTED.clone();
        for (int i = 0; i < plusOne.length; i++) {
            plusOne[i] += 1;
        }
        assertArrayEquals(plusOne, gradients.of(table).toArray());
    }

    @Test
    void aGatherOfNothingHasNoRows() {
        Tape tape = Tape.recording(backend);
        Gradients gradients = tape.backward(tape.rows(table, new int[0]).apply(Reduce.sum(Axis.ALL)));
        assertArrayEquals(new int[0], gradients.rowsOf(table).rows());
        assertArrayEquals(new float[8], gradients.of(table).toArray());
    }
}
