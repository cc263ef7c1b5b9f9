package larch.optim;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import larch.autodiff.Parameter;
import larch.autodiff.RowGradient;
import larch.backend.Backend;
import larch.backend.KernelCall;
import larch.backend.RowSelection;
import larch.expr.Expr;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// The moments of one parameter, and up to which step each of its rows has moved.
final class AdamMoments implements Parameter.RowUpdater {
    private final Backend backend;
    private final Parameter parameter;
    private final AdamRule rule;
    private final Tensor stepSize;
    private final LongSupplier steps;
    private final Tensor first;
    private final Tensor second;
    /// Step up to which each row has moved; null until rows are stepped one by one.
    private long[] movedUntil;
    private long allMovedUntil;
    private Drift drift;
    private DistinctRows distinct;

    AdamMoments(Backend backend, Parameter parameter, AdamRule rule, Tensor stepSize, LongSupplier steps) {
        this.backend = backend;
        this.parameter = parameter;
        this.rule = rule;
        this.stepSize = stepSize;
        this.steps = steps;
        this.first = backend.place(Tensor.zeros(parameter.storage().shape()));
        this.second = backend.place(Tensor.zeros(parameter.storage().shape()));
    }

    Tensor first() {
        return first;
    }

    Tensor second() {
        return second;
    }

    /// @return w, m and v
    Tensor[] tables() {
        return new Tensor[] {parameter.storage(), first, second};
    }

    /// A step of all rows; they must have moved until now.
    void step(Backend recorder, Tensor gradient) {
        Tensor[] wmv = tables();
        recorder.elementwise(rule.step(), wmv, wmv[0], wmv[1], wmv[2], gradient, stepSize);
    }

    /// @param parts contributions to the gradients of some rows; their arrays are read anew by each run
    /// @return a step of those rows
    Runnable rowStep(List<RowGradient> parts) {
        if (movedUntil == null) {
            movedUntil = new long[first.dim(0)];
            Arrays.fill(movedUntil, steps.getAsLong());
            drift = rule.distances() == null ? null : new Drift();
            distinct = new DistinctRows(movedUntil.length);
        }
        return new RowStep(parts);
    }

    /// @return everything that a step of those rows reads or writes
    Tensor[] touchedBy(List<RowGradient> parts) {
        return Stream.concat(Stream.of(tables()), parts.stream().map(RowGradient::values)).toArray(Tensor[]::new);
    }

    @Override
    public void update(int[] rows) {
        if (drift != null && allMovedUntil < steps.getAsLong()) {
            drift.catchUp(rows, rows.length);
        }
    }

    @Override
    public void updateAll() {
        if (movedUntil == null || allMovedUntil == steps.getAsLong()) {
            return;
        }
        if (drift != null) {
            int[] all = new int[movedUntil.length];
            Arrays.setAll(all, i -> i);
            drift.catchUp(all, all.length);
        }
        allMovedUntil = steps.getAsLong();
    }

    void markMovedUntil(long step) {
        allMovedUntil = step;
        if (movedUntil != null) {
            Arrays.fill(movedUntil, step);
        }
    }

    /// Moves rows as far as the steps without a gradient would have moved them.
    private final class Drift implements RowSelection {
        private static final int BLOCK = 1_024;

        private final int[] late = new int[BLOCK];
        private int count;
        /// Four columns of the late rows: `lr·S(β₁)`, `lr·S(β₁/√β₂)`, `β₁ᵏ`, `β₂ᵏ`.
        private final float[] columns = new float[4 * BLOCK];
        private final Tensor placed = backend.place(Tensor.zeros(4, BLOCK));
        private final Runnable move = backend.prepare(new KernelCall.RowUpdate(List.of(rule.drift()), List.of(tables()),
                this, List.of(column(0), column(1), column(2), column(3))));

        void catchUp(int[] rows, int candidates) {
            long now = steps.getAsLong();
            AdamDrift distances = rule.distances();
            count = 0;
            for (int i = 0; i < candidates; i++) {
                long t = movedUntil[rows[i]];
                if (t == now) {
                    continue;
                }
                movedUntil[rows[i]] = now;
                long k = now - t;
                int n = count++;
                late[n] = rows[i];
                columns[n] = (float) (rule.learningRate() * distances.whereEpsilonRules(t, k));
                columns[BLOCK + n] = (float) (rule.learningRate() * distances.whereEpsilonVanishes(t, k));
                columns[2 * BLOCK + n] = (float) distances.firstMomentDecay(k);
                columns[3 * BLOCK + n] = (float) distances.secondMomentDecay(k);
                if (count == BLOCK) {
                    move();
                }
            }
            if (count > 0) {
                move();
            }
        }

        private void move() {
            placed.buffer().write(columns, 0, placed.offset(), 3 * BLOCK + count);
            move.run();
            count = 0;
        }

        private Tensor column(int which) {
            return placed.rows(which, which + 1).reshape(BLOCK, 1);
        }

        @Override
        public int[] rows() {
            return late;
        }

        @Override
        public int count() {
            return count;
        }
    }

    /// One step of the rows that have a gradient: contributions to the same row are summed, then each row moves once.
    private final class RowStep implements Runnable {
        private final int[][] rows;
        /// Where the contributions of each part go in `sums`.
        private final int[][] places;
        private final Runnable clear;
        private final Runnable[] add;
        private final Runnable move;

        RowStep(List<RowGradient> parts) {
            int total = parts.stream().mapToInt(part -> part.rows().length).sum();
            Tensor sums = backend.allocate(Shape.of(total, first.dim(1)));
            rows = parts.stream().map(RowGradient::rows).toArray(int[][]::new);
            places = Arrays.stream(rows).map(r -> new int[r.length]).toArray(int[][]::new);
            clear = backend.prepare(new KernelCall.Elementwise(List.of(Expr.ZERO), List.of(sums), List.of()));
            add = new Runnable[rows.length];
            for (int p = 0; p < add.length; p++) {
                add[p] = backend.prepare(new KernelCall.Rows(KernelCall.Rows.Kind.SCATTER_ADD, parts.get(p).values(),
                        places[p], sums));
            }
            move = backend.prepare(new KernelCall.RowUpdate(List.of(rule.step()), List.of(tables()), distinct,
                    List.of(sums, stepSize)));
        }

        @Override
        public void run() {
            distinct.clear();
            for (int p = 0; p < rows.length; p++) {
                for (int i = 0; i < rows[p].length; i++) {
                    places[p][i] = distinct.place(rows[p][i]);
                }
            }
            if (drift != null) {
                drift.catchUp(distinct.rows(), distinct.count());
            }
            clear.run();
            for (Runnable part : add) {
                part.run();
            }
            move.run();
            long moved = steps.getAsLong() + 1;
            for (int i = 0; i < distinct.count(); i++) {
                movedUntil[distinct.rows()[i]] = moved;
            }
        }
    }
}
