"""FNCF's training step in PyTorch on a CUDA device: `gpu_step.py CSV`.

Eager, compiled by torch.compile, and the whole step replayed from a CUDA graph, at three batch sizes. The net, the data
and the first weights are those of the CPU's comparison (fncf.py, torch_model.py), and so is the check of the first losses.
Columns: batch,mode,us,samples_per_second.
"""

import csv
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "peers")]  # packed, or in the checkout

import fncf  # noqa: E402
from compare import cuda, graph_of, median_micros  # noqa: E402

BATCHES = [128, 4096, 65536]
MODES = ["eager", "compiled", "graph"]


def trainer(torch, mode):
    from torch_model import Fncf

    model = Fncf().cuda()
    adam = torch.optim.Adam(model.parameters(), lr=fncf.LEARNING_RATE, fused=True, capturable=mode == "graph")

    def loss_of(users, items, labels):
        return torch.nn.functional.binary_cross_entropy_with_logits(model(users, items) / fncf.TEMPERATURE, labels)

    if mode == "compiled":
        loss_of = torch.compile(loss_of, dynamic=False)

    def step(users, items, labels):
        # A graph writes to the same gradients again and again.
        adam.zero_grad(set_to_none=mode != "graph")
        loss = loss_of(users, items, labels)
        loss.backward()
        adam.step()
        return loss

    return step


def tensors(torch, users, items, labels):
    return (torch.from_numpy(users).long().cuda(), torch.from_numpy(items).long().cuda(),
            torch.from_numpy(labels).cuda())


def micros_of(torch, mode, batch):
    step = trainer(torch, mode)
    data = list(zip(*tensors(torch, *fncf.batches(batch, 20))))
    if mode != "graph":
        return median_micros(torch, lambda i: step(*data[i % len(data)]), 20)
    graph = graph_of(torch, lambda i: step(*data[i % len(data)]), len(data))
    return median_micros(torch, lambda _: graph.replay(), 1) / len(data)


def main(path):
    torch = cuda()
    if torch is None:
        return
    torch.backends.cuda.matmul.allow_tf32 = False
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["batch", "mode", "us", "samples_per_second"])
        check = trainer(torch, "eager")
        first = tensors(torch, *fncf.expected_losses()[1])
        fncf.check_losses([check(*first).item() for _ in range(fncf.STEPS_CHECKED)])
        for mode in MODES:
            for batch in BATCHES:
                try:
                    micros = micros_of(torch, mode, batch)
                except RuntimeError as error:  # what one mode cannot do must not cost the others
                    print(f"{mode}, batch {batch}: {str(error).splitlines()[0]}", flush=True)
                    continue
                writer.writerow([batch, mode, f"{micros:.2f}", f"{batch / micros * 1e6:.0f}"])
                file.flush()
                print(f"{mode}, batch {batch}: {micros:.1f} us a step", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
