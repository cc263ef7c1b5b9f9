package larch.fncf.eval;

import static larch.op.Elementwise.ADD;

import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.backend.Backend;
import larch.backend.KernelCall;
import larch.fncf.model.FoldedFncf;
import larch.fncf.model.Layer;
import larch.gemm.Transpose;
import larch.op.GatherRows;
import larch.plan.Plan;
import larch.plan.Recorder;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// Logits of a trained model for one user and many items, on the folded network: the user's part of the first layer is
/// there once, the items' parts are gathered, and from there on a batch of items takes two products.
///
/// A batch of each size is recorded when it first occurs; from then on nothing is allocated. After
/// [FoldedFncf#update] the new weights are used. Not thread-safe: each thread takes a scorer of its own.
public final class Scorer {
    /// Items of a batch: their activations stay in a core's L2 cache.
    static final int LARGEST = 128;

    private final Backend backend;
    private final FoldedFncf model;
    private final Tensor userRow;
    private final int[] selected = new int[1];
    private final Runnable selectRow;
    private final Runnable selectTerm;
    private final Batch[] batches = new Batch[LARGEST + 1];

    /// @param backend the kernels
    /// @param model   a trained model, folded
    public Scorer(Backend backend, FoldedFncf model) {
        this.backend = backend;
        this.model = model;
        userRow = backend.allocate(Shape.of(1, model.userRows().dim(1)));
        selectRow = selection(model.userRows());
        selectTerm = selection(model.userTerm());
    }

    private Runnable selection(Tensor table) {
        return backend.prepare(new KernelCall.Rows(KernelCall.Rows.Kind.GATHER, table, selected, userRow));
    }

    /// @param user   a user
    /// @param items  items; only the first ones count
    /// @param count  how many
    /// @param scores its beginning becomes one logit for each of these items
    public void score(int user, int[] items, int count, float[] scores) {
        select(user, selectRow);
        for (int from = 0; from < count; from += LARGEST) {
            Batch batch = batch(Math.min(LARGEST, count - from));
            System.arraycopy(items, from, batch.items, 0, batch.items.length);
            batch.run(scores, from);
        }
    }

    /// @param user a user
    /// @return one logit for each item
    public float[] scoreAllItems(int user) {
        float[] scores = new float[model.config().numItems()];
        scoreAllItems(user, scores);
        return scores;
    }

    /// @param user   a user
    /// @param scores its beginning becomes one logit for each item
    public void scoreAllItems(int user, float[] scores) {
        select(user, selectRow);
        scoreItemsOfSelectedUser(scores);
    }

    /// Scores for a user whose side features are other than in the data, such as an attacked profile.
    /// @param features side features, du numbers
    /// @param user     whose identity
    /// @return one logit for each item
    public float[] scoreAllItemsWith(float[] features, int user) {
        select(user, selectTerm);
        backend.gemm(Transpose.NO, Transpose.NO, 1, Tensor.matrix(features), model.userFold(), 1, userRow);
        float[] scores = new float[model.config().numItems()];
        scoreItemsOfSelectedUser(scores);
        return scores;
    }

    private void select(int user, Runnable selection) {
        selected[0] = user;
        selection.run();
    }

    private void scoreItemsOfSelectedUser(float[] scores) {
        int count = model.config().numItems();
        for (int from = 0; from < count; from += LARGEST) {
            Batch batch = batch(Math.min(LARGEST, count - from));
            for (int i = 0; i < batch.items.length; i++) {
                batch.items[i] = from + i;
            }
            batch.run(scores, from);
        }
    }

    private Batch batch(int size) {
        if (batches[size] == null) {
            batches[size] = new Batch(size);
        }
        return batches[size];
    }

    /// So many items at once.
    private final class Batch {
        private final int[] items;
        private final Plan plan;
        private Tensor logits;

        Batch(int size) {
            items = new int[size];
            plan = Plan.record(backend, this::record);
        }

        private void record(Recorder recorder) {
            Tape tape = Tape.inference(recorder);
            Var itemRows = tape.apply(new GatherRows(items), tape.constant(model.itemRows()));
            logits = model.forward(itemRows.apply(ADD, tape.constant(userRow)), Layer.LOGIT).value();
            recorder.keep(logits);
        }

        void run(float[] scores, int at) {
            plan.run();
            logits.read(scores, at);
        }
    }
}
