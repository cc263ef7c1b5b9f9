"""Runs the Python frameworks with the rows that are asked for and prints their rows: `peers.py STATE [--quick] ROW...`.

Each framework has a file of pinned requirements and a virtual environment in the folder STATE, made at first use; one
that cannot be had costs only its own rows. Every measurement is a process of its own: its threads are set once.
"""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
INSTALL_SECONDS, MEASURE_SECONDS = 1_200, 600


class Missing(Exception):
    """Why a framework cannot be measured, in one line."""


@dataclass(frozen=True)
class Framework:
    title: str
    requirements: str
    environment: str
    script: str
    row: str
    variants: tuple


FRAMEWORKS = (
    Framework("PyTorch", "torch", "torch", "torch_step.py", "train-teacher", ("default", "fused", "compiled")),
    Framework("JAX", "jax", "jax", "jax_step.py", "train-teacher", ("jit", "scan", "scan-rows")),
    Framework("Keras", "keras", "keras", "keras_step.py", "train-teacher", ("fit", "fit-xla", "fit-xla-50")),
    Framework("foolbox", "foolbox", "torch", "foolbox_attack.py", "attack-cw-strong-user", ("",)),
)


def call(what, command, seconds, log=None, env=None):
    """The standard output of a program; `Missing` if it takes too long, or fails: with its first error or its last line."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds, env=env)
    except subprocess.TimeoutExpired:
        raise Missing(f"{what} was not done after {seconds} s") from None
    except OSError as failure:
        raise Missing(f"{what}: {failure}") from None
    if log:
        log.write_text(done.stdout + done.stderr)
    if done.returncode:
        said = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        errors = [line for line in said if line.startswith("ERROR:")]
        raise Missing(f"{what}: " + (errors or said[-1:] or [f"exit code {done.returncode}"])[0])
    return done.stdout


def environment(state, framework):
    """The framework's Python, installed if its requirements or this Python are not those of the last time."""
    folder = state / framework.environment
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = folder / f"{framework.requirements}.installed"
    requirements = HERE / "requirements" / f"{framework.requirements}.txt"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest() + " " + sys.version
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    if os.environ.get("LARCH_OFFLINE", "0") != "0":
        raise Missing("LARCH_OFFLINE forbids to install it")
    print(f"peers: installing {framework.title} into {folder}...", file=sys.stderr)
    if not python.exists():
        call("python -m venv", [sys.executable, "-m", "venv", str(folder)], INSTALL_SECONDS)
    pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--timeout", "15", "--retries", "1",
           "-r", str(requirements)]
    call("pip install", pip, INSTALL_SECONDS, log=state / f"{framework.requirements}.log")
    stamp.write_text(wanted)
    return python


def options_of(framework, shapes, is_quick):
    """A script's options for shapes such as `batch=128` or `pairs=1000,steps=9,iterations=1000`; a list for each call."""
    if framework.row == "train-teacher":
        batches = [shape.removeprefix("batch=") for shape in shapes]
        return [["--batch", *batches, "--seconds", "0.15" if is_quick else "0.4"]]
    return [[option for pair in shape.split(",") for option in ("--" + pair.replace("=", " ")).split()] for shape in shapes]


def rows_of(text):
    """The rows among what a script printed; libraries, too, write to its standard output."""
    rows = []
    for line in text.splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if isinstance(row, dict) and "peer" in row:
            rows.append(row)
        elif line.strip():
            print(line, file=sys.stderr)
    return rows


def missing(name, shape, title, why):
    return {"name": name, "shape": shape, "peer": title, "threads": None, "gflops": None, "samples_per_second": None,
            "note": f"missing: {why}"}


def measure(state, framework, asked, is_quick):
    """Yields the framework's rows; with one thread and with as many as the rows that are asked for have."""
    try:
        python = environment(state, framework)
    except Missing as reason:
        yield missing(framework.row, asked[0][0], framework.title, reason)
        return
    env = os.environ | {"CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu", "KERAS_BACKEND": "tensorflow"}
    for threads in sorted({1} | {count for _, count in asked}):
        shapes = list(dict.fromkeys(shape for shape, count in asked if count >= threads))
        for variant in framework.variants:
            for options in options_of(framework, shapes, is_quick):
                command = [str(python), str(HERE / framework.script), "--threads", str(threads), *options]
                command += ["--variant", variant] if variant else []
                try:
                    yield from rows_of(call(framework.script, command, MEASURE_SECONDS, env=env))
                except Missing as reason:
                    yield missing(framework.row, shapes[0], f"{framework.title} {variant}".strip(), reason)


def main(state, *arguments):
    Path(state).mkdir(parents=True, exist_ok=True)
    asked = {}
    for argument in arguments:
        if argument != "--quick":
            name, shape, threads = argument.split(":")
            asked.setdefault(name, []).append((shape, int(threads)))
    for framework in FRAMEWORKS:
        if framework.row in asked:
            print(f"peers: {framework.title}...", file=sys.stderr)
            for row in measure(Path(state), framework, asked[framework.row], "--quick" in arguments):
                print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
