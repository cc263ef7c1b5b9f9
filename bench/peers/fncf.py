"""What every framework here is given: the sizes, the data, the first weights and the right answers.

The net is Larch's `Fncf` at latent factor 64 on data of the sizes and the skew of MovieLens 1M, drawn and not read: the
time of a step depends on the sizes and on how often an id recurs in a batch, not on what the data say.
"""

import argparse
import json
import os
import statistics
import time

USERS, ITEMS = 6_040, 3_706
USER_FEATURES, ITEM_FEATURES = 30, 18
FACTORS = 64
TEMPERATURE = 10.0
LEARNING_RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-8
STEPS_CHECKED = 10


def arguments(variants):
    parser = argparse.ArgumentParser()
    parser.add_argument("--variant", choices=variants, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, nargs="+", default=[128])
    parser.add_argument("--seconds", type=float, default=1.0, help="of each of the repeats; the median counts")
    return parser.parse_args()


def use_cores(threads):
    """Binds the process, so that no library can use more; call it before the library is imported."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    os.environ["OMP_NUM_THREADS"] = str(threads)


def feature_tables():
    """30 columns for each user, 3 of them set (gender, age, occupation); 18 for each item, up to 3 set (genres)."""
    import numpy as np

    rng = np.random.default_rng(1)
    users = np.zeros((USERS, USER_FEATURES), np.float32)
    for first, width in ((0, 2), (2, 7), (9, 21)):
        users[np.arange(USERS), first + rng.integers(width, size=USERS)] = 1
    items = np.zeros((ITEMS, ITEM_FEATURES), np.float32)
    for _ in range(3):
        items[np.arange(ITEMS), rng.integers(ITEM_FEATURES, size=ITEMS)] = 1
    return users, items


def batches(batch, count):
    """`count` batches of (users, items, labels) as training draws them: one positive to four negatives.

    A user comes as often as he is active (log-normal, from 20 interactions to about 2,000), a positive item as often as
    it is popular (exponential), a negative one is uniform.
    """
    import numpy as np

    rng = np.random.default_rng(2)
    size = (count, batch)
    quantile = (np.arange(USERS) + 0.5) / USERS
    activity = 20 + 100 * np.minimum((quantile / (1 - quantile)) ** 0.6, 30)
    users = rng.permutation(USERS)[rng.choice(USERS, size, p=activity / activity.sum())]
    popular = (-0.2 * np.log1p(rng.random(size) * np.expm1(-1 / 0.2)) * ITEMS).astype(int)
    labels = rng.random(size) < 0.2
    items = np.where(labels, rng.permutation(ITEMS)[popular], rng.integers(ITEMS, size=size))
    return users.astype(np.int32), items.astype(np.int32), labels.astype(np.float32)


def initial_weights():
    """Embeddings N(0, 0.01^2), Glorot-uniform layers, zero biases; matrices are [inputs, outputs]."""
    import numpy as np

    rng = np.random.default_rng(3)
    weights = {
        "user_id": rng.normal(0, 0.01, (USERS, FACTORS)),
        "item_id": rng.normal(0, 0.01, (ITEMS, FACTORS)),
    }
    layers = {
        "user_side": (USER_FEATURES, FACTORS),
        "item_side": (ITEM_FEATURES, FACTORS),
        "fc1": (4 * FACTORS, 2 * FACTORS),
        "fc2": (2 * FACTORS, FACTORS),
        "out": (FACTORS, 1),
    }
    for name, (inputs, outputs) in layers.items():
        limit = (6 / (inputs + outputs)) ** 0.5
        weights[name + ".w"] = rng.uniform(-limit, limit, (inputs, outputs))
        weights[name + ".b"] = np.zeros(outputs)
    return {name: value.astype(np.float32) for name, value in weights.items()}


def loss_and_gradients(weights, user_table, item_table, users, items, labels):
    """The step written out by hand in float64."""
    import numpy as np

    w = weights
    user_features, item_features = user_table[users], item_table[items]
    concat = np.concatenate([
        w["user_id"][users], user_features @ w["user_side.w"] + w["user_side.b"],
        w["item_id"][items], item_features @ w["item_side.w"] + w["item_side.b"]], axis=1)
    hidden1 = np.maximum(concat @ w["fc1.w"] + w["fc1.b"], 0)
    hidden2 = np.maximum(hidden1 @ w["fc2.w"] + w["fc2.b"], 0)
    logit = (hidden2 @ w["out.w"] + w["out.b"])[:, 0] / TEMPERATURE
    loss = np.mean(np.logaddexp(0, logit) - labels * logit)

    g = {}

    def dense(name, inputs, gradient):
        g[name + ".w"], g[name + ".b"] = inputs.T @ gradient, gradient.sum(0)
        return gradient @ w[name + ".w"].T

    d_logit = ((1 / (1 + np.exp(-logit)) - labels) / (TEMPERATURE * len(labels)))[:, None]
    d_hidden2 = dense("out", hidden2, d_logit) * (hidden2 > 0)
    d_hidden1 = dense("fc2", hidden1, d_hidden2) * (hidden1 > 0)
    d_user_id, d_user_side, d_item_id, d_item_side = np.split(dense("fc1", concat, d_hidden1), 4, axis=1)
    dense("user_side", user_features, d_user_side)
    dense("item_side", item_features, d_item_side)
    for name, ids, gradient in (("user_id", users, d_user_id), ("item_id", items, d_item_id)):
        g[name] = np.zeros_like(w[name])
        np.add.at(g[name], ids, gradient)
    return loss, g


def expected_losses():
    """The loss of each of the first steps on one batch, taken again and again, and that batch."""
    import numpy as np

    tables = [table.astype(np.float64) for table in feature_tables()]
    weights = {name: value.astype(np.float64) for name, value in initial_weights().items()}
    m = {name: np.zeros_like(value) for name, value in weights.items()}
    v = {name: np.zeros_like(value) for name, value in weights.items()}
    users, items, labels = (values[0] for values in batches(128, 1))
    losses = []
    for t in range(1, STEPS_CHECKED + 1):
        loss, gradients = loss_and_gradients(weights, *tables, users, items, labels)
        losses.append(float(loss))
        for name, gradient in gradients.items():
            m[name] += (1 - BETA1) * (gradient - m[name])
            v[name] += (1 - BETA2) * (gradient**2 - v[name])
            root = np.sqrt(v[name] / (1 - BETA2**t)) + EPSILON
            weights[name] -= LEARNING_RATE * m[name] / (1 - BETA1**t) / root
    return losses, (users, items, labels)


def check_losses(losses):
    """Refuses to time a framework that does not train the same net."""
    expected, _ = expected_losses()
    for step, (want, got) in enumerate(zip(expected, losses, strict=True)):
        if not abs(got - want) <= 2e-4 * want:
            raise SystemExit(f"wrong result: the loss of step {step + 1} must be {want:.6f}, got {got:.6f}")


def samples_per_second(run, samples, seconds, repeats=5):
    """The median rate of `run()`, which processes `samples` and returns when it is done."""
    def rate(limit):
        calls, start = 0, time.perf_counter()
        while (elapsed := time.perf_counter() - start) < limit or calls == 0:
            run()
            calls += 1
        return calls * samples / elapsed

    rate(seconds)  # warm-up
    return statistics.median(rate(seconds) for _ in range(repeats))


def print_step(peer, threads, batch, rate, note):
    print_row("train-teacher", f"batch={batch}", peer, threads, rate, note)


def print_row(name, shape, peer, threads, samples_per_second, note):
    print(json.dumps({"name": name, "shape": shape, "peer": peer, "threads": threads, "gflops": None,
                      "samples_per_second": round(samples_per_second), "note": note}), flush=True)
