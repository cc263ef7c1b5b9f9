package larch.fncf.train;

import larch.backend.Backend;
import larch.backend.Series;
import larch.tensor.Tensor;

/// The losses of a stage's steps. They stay where the backend computes until some are looked at together: to look at one, a
/// device would have to finish its step while the host waits.
final class Losses {
    /// Steps between two looks: rare enough that waiting costs nothing, often enough that a lost training ends soon.
    static final int ROWS = 64;

    private final Series unseen;
    private final float[] seen = new float[ROWS];
    private long seenSteps;
    private double sum;
    private int count;

    /// @param backend where the steps run
    Losses(Backend backend) {
        unseen = new Series(backend.place(Tensor.zeros(ROWS, 1)));
    }

    /// A part of each step: keeps its loss.
    /// @param recorder where the step runs
    /// @param loss     one element
    void append(Backend recorder, Tensor loss) {
        recorder.append(unseen, loss);
    }

    /// After each step: looks if there is no room for another one.
    /// @throws TrainingException if a loss is not finite
    void makeRoom() {
        if (unseen.position() == ROWS) {
            look();
        }
    }

    /// Looks at all that are left and begins anew.
    /// @return the mean loss since the last call, `(l₀ + l₁ + …)/n` added in double precision in the order of the steps; NaN if
    ///         there was no step
    /// @throws TrainingException if a loss is not finite
    double drain() {
        look();
        double mean = sum / count;
        sum = 0;
        count = 0;
        return mean;
    }

    private void look() {
        int steps = unseen.position();
        unseen.table().buffer().read(unseen.table().offset(), seen, 0, steps);
        unseen.moveTo(0);
        for (int i = 0; i < steps; i++) {
            if (!Float.isFinite(seen[i])) {
                throw new TrainingException("the loss is " + seen[i] + " after " + (seenSteps + i) + " steps");
            }
            sum += seen[i];
        }
        count += steps;
        seenSteps += steps;
    }
}
