package larch.fncf.model;

import static larch.op.Concat.CONCAT;
import static larch.op.Elementwise.RELU;

import java.util.ArrayList;
import java.util.List;
import larch.autodiff.Parameter;
import larch.autodiff.Tape;
import larch.autodiff.Var;
import larch.backend.Backend;
import larch.nn.Embedding;
import larch.nn.Init;
import larch.nn.Linear;
import larch.nn.Module;
import larch.op.GatherRows;
import larch.random.Rng;
import larch.tensor.Tensor;

/// FNCF, the feature-based neural collaborative filter of Du et al. (Table I), with latent factor f:
///
/// ```text
/// user id ── embedding f ──┐
/// user side ── dense f ────┤ concat   ReLU       ReLU
/// item id ── embedding f ──┤   4f   ── dense ── dense ── dense ── logit z;  P(relevant) = σ(z/T)
/// item side ── dense f ────┘           2f         f        1
/// ```
///
/// The side layers are linear, the output is one linear logit: Table I's "ReLU Dense 1" would force every probability to
/// at least ½ (`docs/decisions.md`). Embeddings start as N(0, 0.01²), hidden layers Glorot-uniform, the output
/// LeCun-uniform, biases 0, as in He et al. 2017.
public final class Fncf implements Module {
    private final FncfConfig config;
    private final Features features;
    private final Embedding userId;
    private final Embedding itemId;
    private final Linear userSide;
    private final Linear itemSide;
    private final Linear fc1;
    private final Linear fc2;
    private final Linear out;
    /// The features where kernels read them.
    private Tensor userFeatures;
    private Tensor itemFeatures;

    /// A new network.
    /// @param config   sizes
    /// @param features side information of all users and items
    /// @param rng      randomness of the initial weights
    public Fncf(FncfConfig config, Features features, Rng rng) {
        int f = config.numFactors();
        Init embedding = Init.normal(0.01f);
        this.config = config;
        this.features = features;
        userFeatures = features.users();
        itemFeatures = features.items();
        userId = Embedding.create("user_id", config.numUsers(), f, embedding, rng);
        itemId = Embedding.create("item_id", config.numItems(), f, embedding, rng);
        userSide = Linear.create("user_side", config.userFeatures(), f, Init.GLOROT_UNIFORM, rng);
        itemSide = Linear.create("item_side", config.itemFeatures(), f, Init.GLOROT_UNIFORM, rng);
        fc1 = Linear.create("fc1", 4 * f, 2 * f, Init.GLOROT_UNIFORM, rng);
        fc2 = Linear.create("fc2", 2 * f, f, Init.GLOROT_UNIFORM, rng);
        out = Linear.create("out", f, 1, Init.LECUN_UNIFORM, rng);
    }

    /// @return the sizes
    public FncfConfig config() {
        return config;
    }

    /// @return side information of all users and items
    public Features features() {
        return features;
    }

    /// The forward pass up to a layer, for pairs `(users[k], items[k])`.
    /// @param tape  where to compute
    /// @param users users of the batch
    /// @param items items of the batch
    /// @param noise noise layers; [Noise#NONE] outside training
    /// @param last  which output; layers above it are not computed
    /// @return `[batch, last.width(f)]`
    public Var forward(Tape tape, int[] users, int[] items, Noise noise, Layer last) {
        return forward(tape, users, tape.apply(new GatherRows(users), tape.constant(userFeatures)),
                items, tape.apply(new GatherRows(items), tape.constant(itemFeatures)), noise, last);
    }

    /// The same for other side information than the network's own, such as an attacker's.
    /// @param tape    where to compute
    /// @param users   users of the batch
    /// @param ofUsers `[batch, du]`, their side features
    /// @param items   items of the batch
    /// @param ofItems `[batch, di]`, their side features
    /// @param noise   noise layers; [Noise#NONE] outside training
    /// @param last    which output; layers above it are not computed
    /// @return `[batch, last.width(f)]`
    public Var forward(Tape tape, int[] users, Var ofUsers, int[] items, Var ofItems, Noise noise, Layer last) {
        Var concat = tape.apply(CONCAT,
                userId.apply(tape, users), userSide.apply(noise.apply(NoiseSite.USER_SIDE, ofUsers)),
                itemId.apply(tape, items), itemSide.apply(noise.apply(NoiseSite.ITEM_SIDE, ofItems)));
        if (last == Layer.CONCAT) {
            return concat;
        }
        Var hidden1 = fc1.apply(noise.apply(NoiseSite.FC1, concat)).apply(RELU);
        if (last == Layer.HIDDEN1) {
            return hidden1;
        }
        Var hidden2 = fc2.apply(noise.apply(NoiseSite.FC2, hidden1)).apply(RELU);
        return last == Layer.HIDDEN2 ? hidden2 : out.apply(noise.apply(NoiseSite.OUT, hidden2));
    }

    /// The parameters below and at a layer: what a hint at that layer trains (θ_G of Algorithm 1).
    /// @param last which output
    /// @return its parameters, in a fixed order
    public List<Parameter> parametersUpTo(Layer last) {
        List<Parameter> parameters = new ArrayList<>();
        for (Module module : List.of(userId, itemId, userSide, itemSide)) {
            parameters.addAll(module.parameters());
        }
        if (last.compareTo(Layer.HIDDEN1) >= 0) {
            parameters.addAll(fc1.parameters());
        }
        if (last.compareTo(Layer.HIDDEN2) >= 0) {
            parameters.addAll(fc2.parameters());
        }
        if (last == Layer.LOGIT) {
            parameters.addAll(out.parameters());
        }
        return parameters;
    }

    @Override
    public List<Parameter> parameters() {
        return parametersUpTo(Layer.LOGIT);
    }

    @Override
    public void place(Backend backend) {
        Module.super.place(backend);
        userFeatures = backend.place(userFeatures);
        itemFeatures = backend.place(itemFeatures);
    }

    @Override
    public void bringHome() {
        Module.super.bringHome();
        userFeatures = features.users();
        itemFeatures = features.items();
    }

    Embedding userId() {
        return userId;
    }

    Embedding itemId() {
        return itemId;
    }

    Linear userSide() {
        return userSide;
    }

    Linear itemSide() {
        return itemSide;
    }

    Linear fc1() {
        return fc1;
    }

    Linear fc2() {
        return fc2;
    }

    Linear out() {
        return out;
    }
}
