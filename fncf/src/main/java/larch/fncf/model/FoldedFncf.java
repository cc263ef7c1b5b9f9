package larch.fncf.model;

import static larch.gemm.Transpose.NO;
import static larch.op.Elementwise.ADD;
import static larch.op.Elementwise.RELU;
import static larch.op.MatMul.MATMUL;

import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.backend.Backend;
import larch.expr.Expr;
import larch.nn.Embedding;
import larch.nn.Linear;
import larch.op.GatherRows;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// A trained FNCF with its linear parts multiplied out; the same function at a fraction of the work.
///
/// Everything before the first ReLU is linear, so with `W₁ = [A; B; C; D]` in blocks of f rows
///
/// ```text
/// z₁(u,i) = [ e_u·A + b_us·B + b₁ ] + x_u·(W_us·B)  +  [ e_i·C + b_is·D ] + x_i·(W_is·D)
///            userTerm               userFold            itemTerm           itemFold
/// ```
///
/// Ranking adds one row per user and one per item (8.3k multiply-adds per pair instead of 44k at f = 64); an attack on
/// features runs on a net of du+di inputs. Equal to the plain network up to rounding. A snapshot: later training of the
/// network shows after [#update] only.
public final class FoldedFncf {
    private static final Expr SUM = Expr.add(Expr.arg(0), Expr.arg(1));

    private final FncfConfig config;
    private Fncf plain;
    private final Tensor userTerm;
    private final Tensor itemTerm;
    private final Tensor userFold;
    private final Tensor itemFold;
    private final Tensor userRows;
    private final Tensor itemRows;
    private final Tensor fc2Weight;
    private final Tensor fc2Bias;
    private final Tensor outWeight;
    private final Tensor outBias;

    /// @param model   a trained network
    /// @param backend computes the folded weights
    public FoldedFncf(Fncf model, Backend backend) {
        config = model.config();
        int width = Layer.HIDDEN1.width(config.numFactors());
        userTerm = backend.allocate(Shape.of(config.numUsers(), width));
        itemTerm = backend.allocate(Shape.of(config.numItems(), width));
        userFold = backend.allocate(Shape.of(config.userFeatures(), width));
        itemFold = backend.allocate(Shape.of(config.itemFeatures(), width));
        userRows = backend.allocate(userTerm.shape());
        itemRows = backend.allocate(itemTerm.shape());
        fc2Weight = backend.allocate(model.fc2().weight().storage().shape());
        fc2Bias = backend.allocate(model.fc2().bias().storage().shape());
        outWeight = backend.allocate(model.out().weight().storage().shape());
        outBias = backend.allocate(model.out().bias().storage().shape());
        update(model, backend);
    }

    /// Takes another snapshot into the same memory: plans that read it see the new weights.
    /// @param model   a network of the same sizes, such as this one after more training
    /// @param backend computes the folded weights
    public void update(Fncf model, Backend backend) {
        if (!model.config().equals(config)) {
            throw new IllegalArgumentException("folded fncf: expected a network of the sizes " + config + ", got "
                    + model.config() + "; fold it anew");
        }
        plain = model;
        int f = config.numFactors();
        Tensor w1 = model.fc1().weight().value();
        Tensor noBias = Tensor.zeros(Layer.HIDDEN1.width(f));
        fold(backend, model.userId(), w1.rows(0, f), model.userSide(), w1.rows(f, 2 * f), model.fc1().bias().value(),
                userTerm, userFold);
        fold(backend, model.itemId(), w1.rows(2 * f, 3 * f), model.itemSide(), w1.rows(3 * f, 4 * f), noBias,
                itemTerm, itemFold);
        addFeatures(backend, userTerm, model.features().users(), userFold, userRows);
        addFeatures(backend, itemTerm, model.features().items(), itemFold, itemRows);
        copy(backend, model.fc2(), fc2Weight, fc2Bias);
        copy(backend, model.out(), outWeight, outBias);
    }

    private static void fold(Backend backend, Embedding id, Tensor idBlock, Linear side, Tensor sideBlock, Tensor bias,
                             Tensor term, Tensor fold) {
        Tensor constant = backend.allocate(Shape.of(1, sideBlock.dim(1)));
        backend.gemm(NO, NO, 1, side.bias().value().reshape(1, sideBlock.dim(0)), sideBlock, 0, constant);
        backend.elementwise(SUM, constant, constant, bias);
        backend.gemm(NO, NO, 1, id.table().value(), idBlock, 0, term);
        backend.elementwise(SUM, term, term, constant);
        backend.gemm(NO, NO, 1, side.weight().value(), sideBlock, 0, fold);
    }

    private static void addFeatures(Backend backend, Tensor idTerm, Tensor features, Tensor fold, Tensor rows) {
        copy(backend, idTerm, rows);
        backend.gemm(NO, NO, 1, features, fold, 1, rows);
    }

    private static void copy(Backend backend, Linear layer, Tensor weight, Tensor bias) {
        copy(backend, layer.weight().value(), weight);
        copy(backend, layer.bias().value(), bias);
    }

    private static void copy(Backend backend, Tensor from, Tensor to) {
        backend.elementwise(Expr.arg(0), to, from);
    }

    /// @return the network that was folded last, as it is now
    public Fncf plain() {
        return plain;
    }

    /// @return the sizes
    public FncfConfig config() {
        return config;
    }

    /// @return what a user's identity adds to `z₁`, `[numUsers, 2f]`
    public Tensor userTerm() {
        return userTerm;
    }

    /// @return what an item's identity adds to `z₁`, `[numItems, 2f]`
    public Tensor itemTerm() {
        return itemTerm;
    }

    /// @return what a user's side features are multiplied with, `[du, 2f]`
    public Tensor userFold() {
        return userFold;
    }

    /// @return what an item's side features are multiplied with, `[di, 2f]`
    public Tensor itemFold() {
        return itemFold;
    }

    /// @return what each item adds to `z₁` with the features it has, `[numItems, 2f]`
    public Tensor itemRows() {
        return itemRows;
    }

    /// @return what each user adds to `z₁` with the features that they have, `[numUsers, 2f]`
    public Tensor userRows() {
        return userRows;
    }

    /// The first pre-activation of pairs `(users[k], items[k])`.
    /// @param tape  where to compute
    /// @param users users of the batch
    /// @param items items of the batch
    /// @return `z₁`, `[batch, 2f]`
    public Var preActivation(Tape tape, int[] users, int[] items) {
        Var first = tape.apply(new GatherRows(users), tape.constant(userRows));
        Var second = tape.apply(new GatherRows(items), tape.constant(itemRows));
        return first.apply(ADD, second);
    }

    /// The network above the first pre-activation.
    /// @param preActivation `z₁`, `[batch, 2f]`
    /// @param last          which output; not `CONCAT`, which folding has multiplied away
    /// @return `[batch, last.width(f)]`
    public Var forward(Var preActivation, Layer last) {
        Tape tape = preActivation.tape();
        return switch (last) {
            case CONCAT -> throw new IllegalArgumentException("folded fncf: the concatenation is folded away; "
                    + "use Fncf.forward for a hint there");
            case HIDDEN1 -> preActivation.apply(RELU);
            case HIDDEN2 -> forward(preActivation, Layer.HIDDEN1)
                    .apply(MATMUL, tape.constant(fc2Weight)).apply(ADD, tape.constant(fc2Bias)).apply(RELU);
            case LOGIT -> forward(preActivation, Layer.HIDDEN2)
                    .apply(MATMUL, tape.constant(outWeight)).apply(ADD, tape.constant(outBias));
        };
    }
}
