"""FNCF's training step in PyTorch: with the default Adam, with the fused one, and compiled."""

import fncf

VARIANTS = {
    "default": "eager, Adam()",
    "fused": "eager, Adam(fused=True)",
    "compiled": "torch.compile of forward, backward and loss; Adam(fused=True)",
}
args = fncf.arguments(VARIANTS)
fncf.use_cores(args.threads)

import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch_model import Fncf  # noqa: E402

torch.set_num_threads(args.threads)


def trainer():
    model = Fncf()
    adam = torch.optim.Adam(model.parameters(), lr=fncf.LEARNING_RATE, fused=args.variant != "default")

    def loss_of(users, items, labels):
        return nn.functional.binary_cross_entropy_with_logits(model(users, items) / fncf.TEMPERATURE, labels)

    if args.variant == "compiled":
        loss_of = torch.compile(loss_of, dynamic=False)

    def step(users, items, labels):
        adam.zero_grad()
        loss = loss_of(users, items, labels)
        loss.backward()
        adam.step()
        return loss

    return step


def tensors(users, items, labels):
    return torch.from_numpy(users).long(), torch.from_numpy(items).long(), torch.from_numpy(labels)


check = trainer()
batch_checked = tensors(*fncf.expected_losses()[1])
fncf.check_losses([check(*batch_checked).item() for _ in range(fncf.STEPS_CHECKED)])

for batch in args.batch:
    step = trainer()
    data = list(zip(*tensors(*fncf.batches(batch, 50))))

    def run():
        for users, items, labels in data:
            step(users, items, labels)

    rate = fncf.samples_per_second(run, 50 * batch, args.seconds)
    fncf.print_step(f"PyTorch {torch.__version__.split('+')[0]} {args.variant}", args.threads, batch, rate,
                    VARIANTS[args.variant])
