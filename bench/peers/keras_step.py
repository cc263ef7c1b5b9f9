"""FNCF's training step in Keras on TensorFlow: `fit` as one writes it, compiled by XLA, and many steps a call."""

import os

import fncf

VARIANTS = {
    "fit": ("fit", {}),
    "fit-xla": ("fit, jit_compile=True", {"jit_compile": True}),
    "fit-xla-50": ("fit, jit_compile=True, steps_per_execution=50", {"jit_compile": True, "steps_per_execution": 50}),
}
args = fncf.arguments(VARIANTS)
fncf.use_cores(args.threads)
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers  # noqa: E402

tf.config.threading.set_intra_op_parallelism_threads(args.threads)
tf.config.threading.set_inter_op_parallelism_threads(args.threads)


def model():
    f = fncf.FACTORS
    user, item = keras.Input((), dtype="int32"), keras.Input((), dtype="int32")
    user_features, item_features = keras.Input((fncf.USER_FEATURES,)), keras.Input((fncf.ITEM_FEATURES,))
    concat = layers.Concatenate()([
        layers.Embedding(fncf.USERS, f, name="user_id")(user), layers.Dense(f, name="user_side")(user_features),
        layers.Embedding(fncf.ITEMS, f, name="item_id")(item), layers.Dense(f, name="item_side")(item_features)])
    hidden1 = layers.Dense(2 * f, activation="relu", name="fc1")(concat)
    hidden2 = layers.Dense(f, activation="relu", name="fc2")(hidden1)
    logit = layers.Rescaling(1 / fncf.TEMPERATURE)(layers.Dense(1, name="out")(hidden2))
    net = keras.Model([user, item, user_features, item_features], logit)
    weights = fncf.initial_weights()
    for name in ("user_id", "item_id"):
        net.get_layer(name).set_weights([weights[name]])
    for name in ("user_side", "item_side", "fc1", "fc2", "out"):
        net.get_layer(name).set_weights([weights[name + ".w"], weights[name + ".b"]])
    adam = keras.optimizers.Adam(fncf.LEARNING_RATE, fncf.BETA1, fncf.BETA2, fncf.EPSILON)
    net.compile(adam, keras.losses.BinaryCrossentropy(from_logits=True), **VARIANTS[args.variant][1])
    return net


user_table, item_table = fncf.feature_tables()


def arrays(users, items, labels):
    return [users, items, user_table[users], item_table[items]], labels


x, y = arrays(*fncf.expected_losses()[1])
checked = model()
fncf.check_losses([checked.fit(x, y, batch_size=len(y), shuffle=False, verbose=0).history["loss"][0]
                   for _ in range(fncf.STEPS_CHECKED)])

for batch in args.batch:
    net = model()
    steps = max(50, 400 * 128 // batch)  # an epoch is long enough that its beginning and end do not count
    x, y = arrays(*(np.concatenate(values) for values in fncf.batches(batch, steps)))
    data = tf.data.Dataset.from_tensor_slices((tuple(x), y)).batch(batch, drop_remainder=True).cache().prefetch(2)

    def run():
        net.fit(data, verbose=0)

    rate = fncf.samples_per_second(run, steps * batch, args.seconds)
    fncf.print_step(f"Keras {keras.__version__} {args.variant}", args.threads, batch, rate,
                    f"TensorFlow {tf.__version__}: {VARIANTS[args.variant][0]}")
