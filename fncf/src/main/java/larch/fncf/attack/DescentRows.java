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

    /// @param backend   the kernels
    /// @param problem   the example of each row
    /// @param constants c of each row
    /// @param state     `[r, free]`, where the coordinates start; modified
    DescentRows(Backend backend, AttackProblem problem, float[] constants, Tensor state) {
        this.slots = new int[problem.size()];
        Arrays.setAll(slots, i -> i);
        this.problem = problem;
        this.logits = problem.logits(backend);
        this.clean = problem.free(problem.features());
        this.constants = Tensor.wrap(Shape.of(constants.length, 1), constants, 0);
        this.state = state;
        this.first = Tensor.zeros(state.shape());
        this.second = Tensor.zeros(state.shape());
        this.distance = Tensor.zeros(size(), 1);
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
    /// @param kept    places of the rows that stay, ascending
    /// @param backend the kernels
    /// @return whether any row left
    boolean keep(int[] kept, Backend backend) {
        if (kept.length == size()) {
            return false;
        }
        slots = Arrays.stream(kept).map(i -> slots[i]).toArray();
        problem = problem.select(kept);
        logits = problem.logits(backend);
        clean = gather(clean, kept, backend);
        constants = gather(constants, kept, backend);
        state = gather(state, kept, backend);
        first = gather(first, kept, backend);
        second = gather(second, kept, backend);
        distance = Tensor.zeros(size(), 1);
        return true;
    }

    private static Tensor gather(Tensor table, int[] rows, Backend backend) {
        Tensor chosen = Tensor.zeros(rows.length, table.dim(1));
        backend.gatherRows(table, rows, chosen);
        return chosen;
    }
}
