"""Matrix products by the vendor's library beside Larch's: `compare.py ref CSV` or `compare.py join REF... OURS`.

`ref` times cuBLAS through PyTorch on the shapes of shapes.csv, in float32, TF32, bfloat16, and float32 replayed from a
CUDA graph, which is free of launch costs. `join` prints our rows with the ratio of speeds, above 1 where ours is faster; of
references measured before and after, the mean time counts. Columns: M,K,N,mode,us,tflops,relerr.
"""

import csv
import pathlib
import statistics
import sys
import time

COLUMNS = ["M", "K", "N", "mode", "us", "tflops", "relerr"]
MODES = ["fp32", "fp32-graph", "tf32", "bf16"]
ROTATED_BYTES = 256e6  # past a cache of 60 MB
GRAPH_LAUNCHES = 20


def shapes():
    with open(pathlib.Path(__file__).parent / "shapes.csv", newline="") as file:
        return [tuple(int(row[name]) for name in COLUMNS[:3]) for row in csv.DictReader(file)]


def cuda():
    """PyTorch, or None with a line that says why not."""
    try:
        import torch
    except ImportError as error:
        print(f"not applicable: {error}")
        return None
    if not torch.cuda.is_available():
        print("not applicable: PyTorch sees no CUDA device")
        return None
    print(f"PyTorch {torch.__version__} on {torch.cuda.get_device_name()}")
    return torch


def median_micros(torch, call, launches):
    """The median over batches of the time per call; `call(i)` enqueues the i-th."""
    for i in range(3):
        call(i)
    torch.cuda.synchronize()
    times = []
    for _ in range(15):
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        for i in range(launches):
            call(i)
        end.record()
        end.synchronize()
        times.append(start.elapsed_time(end) * 1e3 / launches)
    return statistics.median(times)


def graph_of(torch, call, launches):
    """A CUDA graph of so many calls, captured on a stream of its own after a warm-up there."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for i in range(3):
            call(i)
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        for i in range(launches):
            call(i)
    return graph


def rows_of(torch, m, k, n):
    sets = int(max(1, min(16, ROTATED_BYTES // (4 * (m * k + k * n + m * n)))))
    a32 = [torch.randn(m, k, device="cuda") for _ in range(sets)]
    b32 = [torch.randn(k, n, device="cuda") for _ in range(sets)]
    flops = 2.0 * m * n * k
    launches = max(5, min(200, int(2e-3 / (flops / 50e12 + 5e-6))))
    exact = a32[0][:512].double() @ b32[0].double()
    for mode in MODES:
        torch.backends.cuda.matmul.allow_tf32 = mode == "tf32"
        dtype = torch.bfloat16 if mode == "bf16" else torch.float32
        a, b = [x.to(dtype) for x in a32], [x.to(dtype) for x in b32]
        c = torch.empty(m, n, device="cuda", dtype=dtype)

        def call(i, a=a, b=b, c=c):
            torch.mm(a[i % sets], b[i % sets], out=c)

        if mode == "fp32-graph":
            graph = graph_of(torch, call, GRAPH_LAUNCHES)
            micros = median_micros(torch, lambda _, graph=graph: graph.replay(), 3) / GRAPH_LAUNCHES
        else:
            micros = median_micros(torch, call, launches)
        c.fill_(float("nan"))
        call(0)
        error = ((c[:512].double() - exact).norm() / exact.norm()).item()
        yield [m, k, n, mode, f"{micros:.2f}", f"{flops / micros * 1e-6:.3f}", f"{error:.2e}"]


def ref(path):
    torch = cuda()
    if torch is None:
        return
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for shape in shapes():
            start = time.monotonic()
            for row in rows_of(torch, *shape):
                writer.writerow(row)
                file.flush()  # the time may end before the table does
            print(f"{shape}: {time.monotonic() - start:.1f} s", flush=True)


def read(path):
    if not pathlib.Path(path).exists():
        print(f"not there: {path}")
        return []
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def key(row):
    return tuple(row[name] for name in COLUMNS[:3])


def join(*paths):
    *references, ours = paths
    times = {}
    for path in references:
        for row in read(path):
            times.setdefault((*key(row), row["mode"]), []).append(float(row["us"]))
    ratios = "".join(f"{'vs ' + mode:>14}" for mode in MODES)
    print(f"{'M x K x N':>18} {'kernel':>22} {'us':>10} {'TFLOP/s':>8} {'relerr':>9}{ratios}")
    for row in read(ours):
        micros = float(row["us"])
        measured = [times.get((*key(row), mode)) for mode in MODES]
        ratios = "".join(f"{statistics.mean(t) / micros:>13.2f}x" if t else f"{'-':>14}" for t in measured)
        print(f"{'x'.join(key(row)):>18} {row['mode']:>22} {micros:>10.2f} {float(row['tflops']):>8.3f} "
              f"{row['relerr']:>9}{ratios}")


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("ref", "join"):
        sys.exit(__doc__)
    {"ref": ref, "join": join}[sys.argv[1]](*sys.argv[2:])
