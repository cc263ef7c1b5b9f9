package larch.fncf.attack;

import java.util.Arrays;
import larch.backend.Backend;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// The rows that are still descending, and everything each of them carries. Rows that are done drop out with
/// [#keep], so that no kernel works on them any more.
final class DescentRows {
    /// Where each row reports to: its place in the batch that was started.
    int[] slots;
    /// What is attacked: the example of each row.
    AttackProblem problem;
    /// The logits of these rows as a function of their free columns.
    RowLogits logits;
    /// `[r, free]`, the clean features.
    Tensor clean;
    /// `[r, 1]`, the constant c.
    Tensor constants;
    /// `[r, free]`, the coordinates that Adam moves.
    Tensor state;
    /// `[r, free]`, the mean of the gradient.
    Tensor first;
    /// `[r, free]`, the mean of its square.
    Tensor second;
    /// `[r, 1]`, `‖x' − x‖²` of the current iterate.
    Tensor distance;
    /// `[r, 1]`, the logit of the current iterate; null before it was asked for.
    Tensor logit;
    /// `[r, free]`, the closest success so far.
    Tensor closest;
    /// `[r, 1]`, its `‖x' − x‖²`; +∞ before there is one.
    Tensor closestDistance;
    /// `[r, 1]`, how many steps had been taken at the last success; −1 before there is one.
    Tensor lastSuccess;
    /// `[r, 1]`, 1 once the model has answered NaN, else 0.
    Tensor isBroken;
    private final Backend backend;

    /// @param backend   the kernels
    /// @param problem   the example of each row
    /// @param constants c of each row
    /// @param state     `[r, free]`, where the coordinates start; modified
    DescentRows(Backend backend, AttackProblem problem, float[] constants, Tensor state) {
        this.backend = backend;
        this.slots = new int[problem.size()];
        Arrays.setAll(slots, i -> i);
        this.problem = problem;
        this.logits = problem.logits(backend);
        this.clean = backend.place(problem.free(problem.features()));
        this.constants = backend.place(Tensor.wrap(Shape.of(constants.length, 1), constants, 0));
        this.state = state;
        this.first = backend.place(Tensor.zeros(state.shape()));
        this.second = backend.place(Tensor.zeros(state.shape()));
        this.distance = backend.allocate(Shape.of(size(), 1));
        this.closest = backend.place(Tensor.zeros(state.shape()));
        this.closestDistance = backend.place(Tensor.full(Float.POSITIVE_INFINITY, size(), 1));
        this.lastSuccess = backend.place(Tensor.full(-1, size(), 1));
        this.isBroken = backend.place(Tensor.zeros(size(), 1));
    }

    /// @return what an iteration changes: state, first, second
    Tensor[] moving() {
        return new Tensor[] {state, first, second};
    }

    /// @return the number of rows
    int size() {
        return slots.length;
    }

    /// Drops all rows but some.
    /// @param kept places of the rows that stay, ascending
    /// @return whether any row left
    boolean keep(int[] kept) {
        if (kept.length == size()) {
            return false;
        }
        slots = Arrays.stream(kept).map(i -> slots[i]).toArray();
        problem = problem.select(kept);
        logits = problem.logits(backend);
        clean = gather(clean, kept);
        constants = gather(constants, kept);
        state = gather(state, kept);
        first = gather(first, kept);
        second = gather(second, kept);
        distance = gather(distance, kept);
        closest = gather(closest, kept);
        closestDistance = gather(closestDistance, kept);
        lastSuccess = gather(lastSuccess, kept);
        isBroken = gather(isBroken, kept);
        return true;
    }

    private Tensor gather(Tensor table, int[] rows) {
        Tensor chosen = backend.allocate(Shape.of(rows.length, table.dim(1)));
        backend.gatherRows(table, rows, chosen);
        return chosen;
    }
}
