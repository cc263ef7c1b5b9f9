package larch.fncf.eval;

import static larch.op.Elementwise.ADD;

import java.util.Arrays;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.autodiff.Workspace;
import larch.backend.Backend;
import larch.fncf.model.FoldedFncf;
import larch.fncf.model.Layer;
import larch.gemm.Transpose;
import larch.tensor.Tensor;

/// Logits of a trained model for many (user, item) pairs, in batches on the folded network. Not thread-safe.
public final class Scorer {
    private static final int BATCH = 2_048;

    private final Backend backend;
    private final FoldedFncf model;
    private final Workspace workspace = new Workspace();

    /// @param backend the kernels
    /// @param model   a trained model, folded
    public Scorer(Backend backend, FoldedFncf model) {
        this.backend = backend;
        this.model = model;
    }

    /// @param pairUsers users of the pairs
    /// @param pairItems items of the pairs
    /// @return one logit for each pair
    public float[] score(int[] pairUsers, int[] pairItems) {
        float[] scores = new float[pairUsers.length];
        for (int from = 0; from < scores.length; from += BATCH) {
            int to = Math.min(scores.length, from + BATCH);
            Tape tape = Tape.inference(backend, workspace);
            Var preActivation = model.preActivation(tape, Arrays.copyOfRange(pairUsers, from, to),
                    Arrays.copyOfRange(pairItems, from, to));
            copy(model.forward(preActivation, Layer.LOGIT).value(), scores, from);
        }
        return scores;
    }

    /// @param user a user
    /// @return one logit for each item
    public float[] scoreAllItems(int user) {
        return scoreAllItems(model.userRows().rows(user, user + 1));
    }

    /// Scores for a user whose side features are other than in the data, such as an attacked profile.
    /// @param user     whose identity
    /// @param features side features, du numbers
    /// @return one logit for each item
    public float[] scoreAllItems(int user, float[] features) {
        Tensor row = model.userTerm().rows(user, user + 1).copy();
        backend.gemm(Transpose.NO, Transpose.NO, 1, Tensor.matrix(features), model.userFold(), 1, row);
        return scoreAllItems(row);
    }

    private float[] scoreAllItems(Tensor userRow) {
        Tensor items = model.itemRows();
        float[] scores = new float[items.dim(0)];
        for (int from = 0; from < scores.length; from += BATCH) {
            int to = Math.min(scores.length, from + BATCH);
            Tape tape = Tape.inference(backend, workspace);
            Var preActivation = tape.constant(items.rows(from, to)).apply(ADD, tape.constant(userRow));
            copy(model.forward(preActivation, Layer.LOGIT).value(), scores, from);
        }
        return scores;
    }

    private static void copy(Tensor logits, float[] scores, int at) {
        System.arraycopy(logits.data(), logits.offset(), scores, at, logits.size());
    }
}
