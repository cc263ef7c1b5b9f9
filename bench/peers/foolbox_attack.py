"""Carlini and Wagner's L2 attack on the user features of many pairs, by foolbox: every pair takes all gradient steps."""

import argparse
import time

import fncf

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--pairs", type=int, default=1_000)
parser.add_argument("--steps", type=int, default=9, help="of the binary search for the constant")
parser.add_argument("--iterations", type=int, default=1_000)
args = parser.parse_args()
fncf.use_cores(args.threads)

import foolbox  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402

torch.set_num_threads(args.threads)


class FoldedFncf(nn.Module):
    """The net 30 -> 128 -> 64 -> 1 that is left of FNCF when its linear parts are multiplied out.

    What a pair's ids and item features add to the first layer is a constant of the pair; the batch is always all pairs.
    The single logit z becomes the two logits (0, z) that foolbox wants.
    """

    def __init__(self, pairs):
        super().__init__()
        torch.manual_seed(1)
        self.of_pairs = nn.Buffer(0.3 * torch.randn(pairs, 2 * fncf.FACTORS))
        self.fc1 = nn.Linear(fncf.USER_FEATURES, 2 * fncf.FACTORS, bias=False)
        self.fc2 = nn.Linear(2 * fncf.FACTORS, fncf.FACTORS)
        self.out = nn.Linear(fncf.FACTORS, 1)

    def forward(self, features):
        hidden1 = (self.fc1(features) + self.of_pairs).relu()
        z = self.out(self.fc2(hidden1).relu())
        return torch.cat([torch.zeros_like(z), z], dim=1)


net = FoldedFncf(args.pairs).eval()
features = torch.from_numpy(fncf.feature_tables()[0][:args.pairs])
with torch.no_grad():
    net.out.bias -= net(features)[:, 1].min() - 0.1  # every pair is recommended, as hits are
model = foolbox.PyTorchModel(net, bounds=(0, 1))
labels = torch.ones(args.pairs, dtype=torch.long)


def attack(steps, iterations):
    return foolbox.attacks.L2CarliniWagnerAttack(
        binary_search_steps=steps, steps=iterations, stepsize=0.05, initial_const=1e-3, abort_early=False,
    )(model, features, labels, epsilons=None)[1:]


def verify(adversarial, broken):
    """Pairs were broken, a fresh forward pass agrees which, and no feature left its bounds."""
    z = net(adversarial)[broken, 1]
    if not (broken.any() and (z <= 1e-5).all() and adversarial.min() >= 0 and adversarial.max() <= 1):
        raise SystemExit("wrong result: no pair was broken, or one does not lie where it should")


verify(*attack(9, 100))  # also the warm-up
start = time.perf_counter()
attack(args.steps, args.iterations)
seconds = time.perf_counter() - start
fncf.print_row("attack-cw-strong-user", f"pairs={args.pairs},steps={args.steps},iterations={args.iterations}",
               f"foolbox {foolbox.__version__}", args.threads, args.pairs * args.steps * args.iterations / seconds,
               f"torch {torch.__version__.split('+')[0]}, all pairs as one batch, abort_early=False: {seconds:.1f} s")
