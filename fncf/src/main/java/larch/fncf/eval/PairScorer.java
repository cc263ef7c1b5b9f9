package larch.fncf.eval;

import static larch.fncf.model.Layer.LOGIT;

import larch.autodiff.Tape;
import larch.backend.Backend;
import larch.fncf.model.FoldedFncf;
import larch.plan.Plan;
import larch.plan.Recorder;
import larch.tensor.Tensor;

/// Logits of a trained model for any pairs of users and items, a fixed number of them at once: for backends that the items
/// of one user would not keep busy ([Backend#rowsToFill]). The logits have the bits of [Scorer]'s. Not thread-safe.
final class PairScorer {
    private final int[] users;
    private final int[] items;
    private final FoldedFncf model;
    private final Plan plan;
    private Tensor logits;

    /// @param backend the kernels
    /// @param model   a trained model, folded
    /// @param size    pairs at once
    PairScorer(Backend backend, FoldedFncf model, int size) {
        this.model = model;
        users = new int[size];
        items = new int[size];
        plan = Plan.record(backend, this::record);
    }

    private void record(Recorder recorder) {
        Tape tape = Tape.inference(recorder);
        logits = model.forward(model.preActivation(tape, users, items), LOGIT).value();
        recorder.keep(logits);
    }

    /// @param ofUsers user of each pair
    /// @param ofItems item of each pair
    /// @param count   how many pairs
    /// @param scores  its beginning becomes one logit for each of them
    void score(int[] ofUsers, int[] ofItems, int count, float[] scores) {
        for (int from = 0; from < count; from += users.length) {
            int size = Math.min(users.length, count - from);
            // What is left from the batch before is scored as well and not looked at.
            System.arraycopy(ofUsers, from, users, 0, size);
            System.arraycopy(ofItems, from, items, 0, size);
            plan.run();
            logits.buffer().read(logits.offset(), scores, from, size);
        }
    }
}
