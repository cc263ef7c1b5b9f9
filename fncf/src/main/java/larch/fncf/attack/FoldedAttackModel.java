package larch.fncf.attack;

import static larch.gemm.Transpose.NO;
import static larch.op.Elementwise.ADD;
import static larch.op.MatMul.MATMUL;

import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.backend.Backend;
import larch.expr.Expr;
import larch.fncf.model.Features;
import larch.fncf.model.FoldedFncf;
import larch.fncf.model.Layer;
import larch.fncf.model.Noise;
import larch.op.GatherRows;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// A trained FNCF as a function of side features alone, for a fixed list of (user, item) pairs.
///
/// ```text
/// z₁ = userTerm[u] + itemTerm[i] + x·[userFold; itemFold]      x: [n, du+di], a user's features, then an item's
/// ```
///
/// and from there the folded network. What the identities add is summed once; a forward pass multiplies du+di
/// inputs instead of 4f, with the same result up to rounding.
public final class FoldedAttackModel implements AttackedModel {
    private static final Expr SUM = Expr.add(Expr.arg(0), Expr.arg(1));

    private final FoldedFncf model;
    private final HitPairs pairs;
    private final Tensor identities;
    private final Tensor fold;

    /// @param model   a trained network
    /// @param pairs   the pairs; their order is the numbering
    /// @param backend sums what the identities add
    public FoldedAttackModel(FoldedFncf model, HitPairs pairs, Backend backend) {
        this.model = model;
        this.pairs = pairs;
        identities = gather(model.userTerm(), pairs.users(), backend);
        backend.elementwise(SUM, identities, identities, gather(model.itemTerm(), pairs.items(), backend));
        fold = stack(model.userFold(), model.itemFold(), backend);
    }

    private static Tensor gather(Tensor table, int[] rows, Backend backend) {
        Tensor gathered = backend.allocate(Shape.of(rows.length, table.dim(1)));
        backend.gatherRows(table, rows, gathered);
        return gathered;
    }

    private static Tensor stack(Tensor above, Tensor below, Backend backend) {
        Tensor both = backend.allocate(Shape.of(above.dim(0) + below.dim(0), above.dim(1)));
        backend.elementwise(Expr.arg(0), both.rows(0, above.dim(0)), above);
        backend.elementwise(Expr.arg(0), both.rows(above.dim(0), both.dim(0)), below);
        return both;
    }

    @Override
    public int width() {
        return fold.dim(0);
    }

    @Override
    public Var logits(Tape tape, Var features, int[] pairNumbers) {
        Var identity = tape.apply(new GatherRows(pairNumbers), tape.constant(identities));
        return model.forward(features.apply(MATMUL, tape.constant(fold)).apply(ADD, identity), Layer.LOGIT);
    }

    /// The plain network, with every sum in its own order.
    @Override
    public Var judge(Tape tape, Tensor features, int[] pairNumbers) {
        int userWidth = model.userFold().dim(0);
        Tensor users = Tensor.zeros(pairNumbers.length, userWidth);
        Tensor items = Tensor.zeros(pairNumbers.length, width() - userWidth);
        int[] who = new int[pairNumbers.length];
        int[] what = new int[pairNumbers.length];
        for (int i = 0; i < pairNumbers.length; i++) {
            who[i] = pairs.users()[pairNumbers[i]];
            what[i] = pairs.items()[pairNumbers[i]];
            int row = features.offset() + i * width();
            System.arraycopy(features.data(), row, users.data(), i * userWidth, userWidth);
            System.arraycopy(features.data(), row + userWidth, items.data(), i * items.dim(1), items.dim(1));
        }
        return model.plain().forward(tape, who, tape.constant(users), what, tape.constant(items), Noise.NONE, Layer.LOGIT);
    }

    /// What the fixed columns contribute joins what the identities do: a user attack multiplies du inputs.
    @Override
    public RowLogits restrict(Backend backend, Tensor features, int[] pairNumbers, int[] free) {
        Tensor fixed = features.copy();
        for (int column : free) {
            for (int i = 0; i < pairNumbers.length; i++) {
                fixed.set(0, i, column);
            }
        }
        Tensor offsets = gather(identities, pairNumbers, backend);
        backend.gemm(NO, NO, 1, fixed, fold, 1, offsets);
        Tensor weight = gather(fold, free, backend);
        return (tape, x) -> model.forward(x.apply(MATMUL, tape.constant(weight)).apply(ADD, tape.constant(offsets)), Layer.LOGIT);
    }

    /// The attack on all pairs: row `i` is pair `i` with the features that its user and its item have.
    /// @param features side information of all users and items
    /// @param target   which columns may change; each stays in [0, 1]
    /// @return the problem
    public AttackProblem problem(Features features, AttackTarget target) {
        int userWidth = features.users().dim(1);
        Tensor clean = Tensor.zeros(pairs.size(), width());
        for (int i = 0; i < pairs.size(); i++) {
            copyRow(features.users(), pairs.users()[i], clean, i * width());
            copyRow(features.items(), pairs.items()[i], clean, i * width() + userWidth);
        }
        return AttackProblem.of(this, clean, Box.unit(width()), target.columns());
    }

    private static void copyRow(Tensor table, int row, Tensor to, int at) {
        int width = table.dim(1);
        System.arraycopy(table.data(), table.offset() + row * width, to.data(), at, width);
    }
}
