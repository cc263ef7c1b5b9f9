package larch.optim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import larch.autodiff.Parameter;
import larch.autodiff.Tape;
import larch.backend.Backend;
import larch.backend.reference.ReferenceBackend;
import larch.tensor.Shape;
import larch.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Adam with postponed rows against plain dense Adam in double.
class AdamProperties {
    private static final int ROWS = 5;
    private static final int COLS = 2;
    private static final double PATH_ERROR = 2e-5;

    private final Backend backend = new ReferenceBackend();

    /// Row 0 gets a gradient in every step, the others with gaps of up to 3,000 steps, at any magnitude.
    @Property(tries = 12)
    void rowsMoveAsUnderPlainDenseAdam(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float rate = random.nextBoolean() ? 0.001f : 0.03f;
        float scale = (float) Math.pow(10, random.nextInt(-10, 1));
        run(random, Adam.Settings.DEFAULT.withLearningRate(rate), scale, false);
    }

    @Property(tries = 8)
    void readingOnTheWayChangesNothing(@ForAll long seed) {
        run(new SplittableRandom(seed), Adam.Settings.DEFAULT, 0.01f, true);
    }

    private void run(SplittableRandom random, Adam.Settings settings, float scale, boolean read) {
        float[] start = values(random, ROWS * COLS, 1);
        Parameter table = new Parameter("table", Tensor.of(Shape.of(ROWS, COLS), start));
        PlainAdam plain = new PlainAdam(settings, start);
        long[] due = new long[ROWS];
        int[] touches = new int[ROWS];
        int steps = random.nextInt(50, 3200);
        try (Adam adam = new Adam(backend, List.of(table), settings)) {
            for (int step = 0; step < steps; step++) {
                int[] rows = {0};
                for (int r = 1; r < ROWS; r++) {
                    if (due[r] <= step) {
                        rows = Arrays.copyOf(rows, rows.length + 1);
                        rows[rows.length - 1] = r;
                        due[r] = step + (random.nextInt(3) == 0 ? random.nextInt(1, 4) : random.nextInt(1, 3001));
                    }
                }
                float[] gradient = values(random, rows.length * COLS, scale);
                float[] dense = new float[ROWS * COLS];
                for (int i = 0; i < rows.length; i++) {
                    touches[rows[i]]++;
                    System.arraycopy(gradient, i * COLS, dense, rows[i] * COLS, COLS);
                }
                Tape tape = Tape.recording(backend);
                adam.step(tape.backward(tape.rows(table, rows), Tensor.of(Shape.of(rows.length, COLS), gradient)));
                plain.step(dense);
                if (read && step % 97 == 5) {
                    assertClose(plain, table.valueOfRows(new int[] {1, 1, 3}), new int[] {1, 3}, touches, step);
                }
                if (read && step % 331 == 7) {
                    assertClose(plain, table.value(), new int[] {0, 1, 2, 3, 4}, touches, step);
                }
            }
            assertClose(plain, table.value(), new int[] {0, 1, 2, 3, 4}, touches, steps);
        }
    }

    // Of the way travelled 1.5·10⁻⁵ for the closed form of the drift and the rest for moments in float; and one rounding of
    // the weight for each time that it was written: at each touch and at each catching up before a touch or a read.
    private static void assertClose(PlainAdam plain, Tensor actual, int[] rows, int[] touches, long step) {
        for (int row : rows) {
            for (int c = 0; c < COLS; c++) {
                int i = row * COLS + c;
                double error = Math.abs(actual.data()[i] - plain.w[i]);
                double writes = 2 * touches[row] + step / 97.0 + 10;
                double allowed = PATH_ERROR * plain.path[i]
                        + writes * Math.ulp((float) (Math.abs(plain.w[i]) + plain.path[i])) / 2;
                assertTrue(error <= allowed, () -> "row " + row + " after step " + step + ": off by " + error + ", path "
                        + plain.path[i] + ", allowed " + allowed);
            }
        }
    }

    private static float[] values(SplittableRandom random, int n, float scale) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextDouble(-1, 1) * scale;
        }
        return values;
    }
}
