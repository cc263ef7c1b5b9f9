"""FNCF's training step in JAX: jitted step by step, fifty steps a call, and with Adam on touched rows only."""

import fncf

VARIANTS = {
    "jit": "jit, one step per call, Adam on all rows",
    "scan": "jit, lax.scan over 50 steps per call, Adam on all rows",
    "scan-rows": "jit, lax.scan over 50 steps per call; Adam moves only the rows that the batch touches, "
                 "which is less work than Adam's definition asks for",
}
STEPS_PER_CALL = 50
args = fncf.arguments(VARIANTS)
fncf.use_cores(args.threads)

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402

user_table, item_table = (jnp.asarray(table) for table in fncf.feature_tables())


def loss_of(weights, rows, users, items, labels):
    """`rows` are the batch's rows of the two tables; the other weights are in `weights`."""
    w = weights
    concat = jnp.concatenate([
        rows["user_id"], user_table[users] @ w["user_side.w"] + w["user_side.b"],
        rows["item_id"], item_table[items] @ w["item_side.w"] + w["item_side.b"]], axis=1)
    hidden1 = jax.nn.relu(concat @ w["fc1.w"] + w["fc1.b"])
    hidden2 = jax.nn.relu(hidden1 @ w["fc2.w"] + w["fc2.b"])
    logit = (hidden2 @ w["out.w"] + w["out.b"])[:, 0] / fncf.TEMPERATURE
    return jnp.mean(jax.nn.softplus(logit) - labels * logit)


def adam(weight, m, v, gradient, t):
    m = fncf.BETA1 * m + (1 - fncf.BETA1) * gradient
    v = fncf.BETA2 * v + (1 - fncf.BETA2) * gradient**2
    width = fncf.LEARNING_RATE * jnp.sqrt(1 - fncf.BETA2**t) / (1 - fncf.BETA1**t)
    return weight - width * m / (jnp.sqrt(v) + fncf.EPSILON * jnp.sqrt(1 - fncf.BETA2**t)), m, v


def step(state, batch):
    weights, m, v, t = state
    users, items, labels = batch

    def loss(weights):
        rows = {"user_id": weights["user_id"][users], "item_id": weights["item_id"][items]}
        return loss_of(weights, rows, users, items, labels)

    value, gradients = jax.value_and_grad(loss)(weights)
    new = {name: adam(weights[name], m[name], v[name], gradients[name], t) for name in weights}
    return tuple({name: new[name][k] for name in new} for k in range(3)) + (t + 1,), value


def step_on_touched_rows(state, batch):
    """As `step`, but rows of the tables that are not in the batch stay as they are.

    A row's weights, m and v lie side by side in `tables`, so that one gather and one scatter move them.
    """
    weights, m, v, tables, t = state
    users, items, labels = batch
    ids = {"user_id": users, "item_id": items}
    old = {name: jnp.split(tables[name][ids[name]], 3, axis=1) for name in tables}
    rows = {name: old[name][0] for name in tables}
    value, (gradients, row_gradients) = jax.value_and_grad(loss_of, argnums=(0, 1))(weights, rows, users, items, labels)
    new = {name: adam(weights[name], m[name], v[name], gradients[name], t) for name in weights}
    for name, gradient in row_gradients.items():
        # An id may come more than once: each of its places gets the sum of its gradients, hence the same new row.
        _, place = jnp.unique(ids[name], return_inverse=True, size=len(gradient))
        summed = jax.ops.segment_sum(gradient, place, num_segments=len(gradient))[place]
        moved = jnp.concatenate(adam(*old[name], summed, t), axis=1)
        tables = tables | {name: tables[name].at[ids[name]].set(moved)}
    return tuple({name: new[name][k] for name in new} for k in range(3)) + (tables, t + 1), value


def first_state():
    weights = {name: jnp.asarray(value) for name, value in fncf.initial_weights().items()}
    tables = {}
    if args.variant == "scan-rows":
        for name in ("user_id", "item_id"):
            tables[name] = jnp.pad(weights.pop(name), ((0, 0), (0, 2 * fncf.FACTORS)))
    m, v = ({name: jnp.zeros_like(value) for name, value in weights.items()} for _ in range(2))
    return (weights, m, v) + ((tables,) if tables else ()) + (jnp.float32(1),)


one_step = step_on_touched_rows if args.variant == "scan-rows" else step


def call(state, batches):
    if args.variant == "jit":
        return one_step(state, batches)
    return jax.lax.scan(one_step, state, batches)


call = jax.jit(call, donate_argnums=0)


def check():
    batch = tuple(map(jnp.asarray, fncf.expected_losses()[1]))
    if args.variant != "jit":
        repeated = tuple(jnp.stack([values] * fncf.STEPS_CHECKED) for values in batch)
        return call(first_state(), repeated)[1].tolist()
    state, losses = first_state(), []
    for _ in range(fncf.STEPS_CHECKED):
        state, loss = call(state, batch)
        losses.append(float(loss))
    return losses


fncf.check_losses(check())

for batch in args.batch:
    state = first_state()
    stacked = tuple(map(jnp.asarray, fncf.batches(batch, STEPS_PER_CALL)))
    data = list(zip(*stacked)) if args.variant == "jit" else [stacked]

    def run():
        global state
        for batches in data:
            state, loss = call(state, batches)
        loss.block_until_ready()

    rate = fncf.samples_per_second(run, STEPS_PER_CALL * batch, args.seconds)
    fncf.print_step(f"JAX {jax.__version__} {args.variant}", args.threads, batch, rate, VARIANTS[args.variant])
