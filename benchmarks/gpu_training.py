"""Training on one device: tokens a second and memory, held against a bare torch loop, the device and the estimates.

    python benchmarks/gpu_training.py [--rungs 1.3B 0.4B] [--length 4096] [--budget 450] [--json FILE]
    python benchmarks/gpu_training.py --device cpu --rungs 0.2M

Sets itself up: weights and tokens are drawn from seeds, nothing is read or downloaded. Steps go through the engines
that `glotmix train` uses, DeepSpeed with ZeRO stage 1, in bf16 on a GPU. Cases that no longer fit into the budget of
seconds are left out, and said so. What it prints:

    tokens/s    positions of the batches that were trained on, per second of whole optimizer steps
    MFU         operations of the model (the formula of docs/models.md, no recomputing counted) over the vendor's peak
    of matmul   the same over the fastest product of large matrices that was measured here
    of bare     tokens/s over those of the bare loop of the same model, compiled or not as the case is
    peak GiB    the most that tensors took; of estimate: over what glotmix models says

The bare loop is what one would write by hand: the transformers model in bf16 with fp32 copies of the weights,
gradients added in fp32, torch's fused AdamW, clipping, and transformers' own causal attention without documents.
"""

import argparse
import copy
import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import torch
from transformers import LlamaForCausalLM

from contracts.errors import GlotmixError
from train.attention import bounds_of, choose
from train.batch import IGNORE, Batch
from train.config import EngineConfig, LaunchConfig, TrainConfig
from train.devices import peak_flops
from train.distributed import World, join, leave
from train.engines.engine import Engine
from train.geometry import Geometry
from train.ladder import Rung, rung
from train.memory import estimate, largest_micro_batch
from train.models import build, llama_config
from train.opening import open_engine
from train.optimizer import adamw
from train.prepare import Prepared
from train.shortage import shortage

DOCUMENTS = 6
"""Documents in a sequence, on average: of 4,096 tokens each has 700, as a file of code may have."""

ACCUMULATION = 4
"""Micro-batches in a step, as a run of half a million tokens a step would have on few GPUs."""

RATE = 1e-4
HEADROOM = 0.85
"""Share of the device that the estimate may fill: the rest is for what it leaves out, and for fragmentation."""


@dataclass(frozen=True)
class Case:
    """One measurement."""

    rung: str
    what: str
    masked: bool
    compiled: bool


@dataclass
class Figures:
    """What came of it; None: not known on this device, or not measured."""

    rung: str
    what: str
    masked: bool
    compiled: bool
    micro_batch: int = 0
    steps: int = 0
    tokens_per_second: float | None = None
    mfu: float | None = None
    of_matmul: float | None = None
    of_bare: float | None = None
    peak_gib: float | None = None
    of_estimate: float | None = None
    setup_seconds: float | None = None
    loss: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Bench:
    """What all cases share."""

    world: World
    length: int
    seconds: float
    ends: float
    peak: float | None
    matmul: float
    micro_batch: int | None
    compiling: bool

    @property
    def gpu(self) -> bool:
        """Whether this runs on one."""
        return self.world.device.type == "cuda"

    @property
    def precision(self) -> str:
        """Of the trainer here."""
        return "bf16" if self.gpu else "fp32"

    @property
    def vocabulary(self) -> int:
        """LLaMA-2's 32,000 (arXiv 2307.09288); few without a GPU, where it would be most of a small model."""
        return 32_000 if self.gpu else 2048


def main() -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
    parser.add_argument("--rungs", nargs="+", default=["1.3B", "0.4B"])
    parser.add_argument("--length", type=int, help="tokens of a sequence; 4096 on a GPU, 256 without")
    parser.add_argument("--micro-batch", type=int, help="sequences at once; by the estimate of memory if not given")
    parser.add_argument("--seconds", type=float, help="of steps, for each case; 10 on a GPU, 1 without")
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction, help="compile too; if not said, on a GPU")
    parser.add_argument("--budget", type=float, default=450.0, help="seconds after which no case is begun")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    given = parser.parse_args()
    began = time.monotonic()
    world = join(LaunchConfig(device=given.device))
    gpu = world.device.type == "cuda"
    name = torch.cuda.get_device_name(world.device) if gpu else "CPU"
    bench = Bench(
        world,
        given.length or (4096 if gpu else 256),
        given.seconds or (10.0 if gpu else 1.0),
        began + given.budget,
        peak_flops(name, "bf16") if gpu else None,
        matmul_ceiling(world.device),
        given.micro_batch,
        gpu if given.compile is None else given.compile,
    )
    print(header(bench, name), flush=True)
    figures = [measured for size in given.rungs for measured in rung_figures(bench, rung(size))]
    resumed = resume_difference(bench, rung(given.rungs[-1]))
    print(resumed)
    print(f"{time.monotonic() - began:.0f} s in all")
    if given.json is not None:
        facts = {"device": name, "torch": torch.__version__, "matmul_flops": bench.matmul, "peak_flops": bench.peak}
        facts |= {"resume": resumed, "cases": [asdict(row) for row in figures]}
        given.json.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    leave()
    return 0


def rung_figures(bench: Bench, shape: Rung) -> Iterator[Figures]:
    """All cases of one size, the most telling first; each is printed as soon as it is there."""
    bare: dict[bool, float] = {}
    for what, masked, compiled in (
        ("bare", False, False),
        ("deepspeed", False, False),
        ("deepspeed", True, False),
        ("bare", False, True),
        ("deepspeed", False, True),
        ("deepspeed", True, True),
        ("torch", True, False),
    ):
        if compiled and not bench.compiling:
            continue
        row = one(bench, shape, Case(shape.name, what, masked, compiled))
        speed = row.tokens_per_second
        if speed is not None:
            if what == "bare":
                bare[compiled] = speed
            elif compiled in bare:
                row.of_bare = speed / bare[compiled]
        print(line(row), flush=True)
        yield row


def one(bench: Bench, shape: Rung, case: Case) -> Figures:
    """One case; a failure becomes a note."""
    row = Figures(**asdict(case))
    if time.monotonic() > bench.ends:
        row.note = "left out: the budget is used up"
        return row
    row.micro_batch = bench.micro_batch or fitting(bench, shape)
    full = True
    while full:
        full = False
        try:
            measure(bench, shape, case, row)
        except (GlotmixError, RuntimeError) as error:
            full = shortage(error) is not None and row.micro_batch > 1
            row.note = str(error).partition("\n")[0][:200]
        if full:
            row.note = f"out of memory with a micro-batch of {row.micro_batch}"
            row.micro_batch //= 2
        tidy(bench)
    return row


def measure(bench: Bench, shape: Rung, case: Case, row: Figures) -> None:
    """Fill in the figures."""
    if bench.gpu:
        torch.cuda.reset_peak_memory_stats(bench.world.device)
        before = torch.cuda.memory_allocated(bench.world.device)
    began = time.monotonic()
    batches = [batch(bench, row.micro_batch, case.masked, seed) for seed in range(ACCUMULATION)]
    if case.what == "bare":
        step: Callable[[], float] = bare_loop(bench, shape, case.compiled, batches)
        close: Callable[[], None] = _nothing
    else:
        engine = engine_of(bench, shape, case, row.micro_batch)
        step, close = engine_step(engine, batches), engine.close
    for _ in range(2):  # compiles, and lets the optimizer make its states
        row.loss = step()
    row.setup_seconds = time.monotonic() - began
    row.steps, seconds = timed(bench, step)
    tokens = row.steps * sum(part.input_ids.numel() for part in batches)
    row.tokens_per_second = tokens / seconds
    flops = row.tokens_per_second * shape.flops_per_token(bench.vocabulary, bench.length - 1)
    row.mfu = None if bench.peak is None else flops / bench.peak
    row.of_matmul = flops / bench.matmul
    if bench.gpu:
        peak = torch.cuda.max_memory_allocated(bench.world.device) - before
        row.peak_gib = peak / 2**30
        if case.what == "deepspeed":
            row.of_estimate = peak / estimate(shape, bench.vocabulary, bench.length, row.micro_batch).total
    close()


def _nothing() -> None:
    """A bare loop holds nothing beyond its variables."""


def timed(bench: Bench, step: Callable[[], float]) -> tuple[int, float]:
    """Steps, and their seconds: as many as last long enough, two at least."""
    began, steps = time.monotonic(), 0
    while steps < 2 or time.monotonic() - began < bench.seconds:
        step()  # ends with a number, so the device has finished
        steps += 1
    return steps, time.monotonic() - began


def fitting(bench: Bench, shape: Rung) -> int:
    """A micro-batch that the device takes by the estimate: a power of two, 16 at most."""
    if not bench.gpu:
        return 2
    capacity = int(torch.cuda.get_device_properties(bench.world.device).total_memory * HEADROOM)
    most = largest_micro_batch(shape, bench.vocabulary, bench.length, capacity=capacity)
    return 1 << min(4, max(1, most).bit_length() - 1)


def batch(bench: Bench, rows: int, masked: bool, seed: int) -> Batch:
    """Drawn tokens in documents of random lengths, as a mixture's sequences have them."""
    generator = torch.Generator().manual_seed(seed)
    tokens = torch.randint(bench.vocabulary, (rows, bench.length), generator=generator)
    inputs, labels = tokens[:, :-1].contiguous(), tokens[:, 1:].clone()
    if not masked:
        return Batch(inputs, labels)
    starts = torch.rand(inputs.shape, generator=generator) < DOCUMENTS / bench.length
    starts[:, 0] = True
    labels[:, :-1][starts[:, 1:]] = IGNORE
    count = torch.arange(inputs.shape[1]).expand_as(inputs)
    positions = count - torch.where(starts, count, 0).cummax(1).values
    return Batch(inputs, labels, positions, bounds_of(positions))


def engine_of(bench: Bench, shape: Rung, case: Case, micro_batch: int) -> Engine:
    """The engine of a run, as the trainer opens it; the mixture is asked for its numbers only."""
    options = EngineConfig(backend=cast(Any, case.what), compile=case.compiled)
    config = TrainConfig(mixture="none", points=(1,), mask_documents=case.masked, engine=options)
    numbers = SimpleNamespace(vocab_size=bench.vocabulary, sequence_length=bench.length, end_id=0, pad_id=1)
    given: dict[str, Any] = {
        "config": config,
        "world": bench.world,
        "mixture": numbers,
        "shape": shape,
        "geometry": Geometry(micro_batch * ACCUMULATION, micro_batch, 1, bench.length),
        "rate": RATE,
        "bf16": bench.gpu,
        "attention": choose("auto", bench.world.device, case.masked, bench.precision),
    }
    prepared = Prepared(**{field.name: given.get(field.name) for field in fields(Prepared)})
    return open_engine(prepared, cast(Any, None), None)  # no checkpoint is looked for


def engine_step(engine: Engine, batches: list[Batch]) -> Callable[[], float]:
    """A step of the trainer."""
    return lambda: engine.train_step(batches, RATE, (0,)).loss


def bare_loop(bench: Bench, shape: Rung, compiled: bool, batches: list[Batch]) -> Callable[[], float]:
    """A step as one would write it by hand."""
    device, config = bench.world.device, TrainConfig(mixture="none", points=(1,))
    made = llama_config(shape, config.model, bench.vocabulary, bench.length, 0, 1)
    master: LlamaForCausalLM = build(made, 0).to(device)
    model = copy.deepcopy(master).to(torch.bfloat16) if bench.gpu else master
    if compiled:
        for layer in model.model.layers:
            layer.compile()
    optimizer = adamw(master, config.optimizer, RATE, fused=bench.gpu)
    ours, theirs = list(master.parameters()), list(model.parameters())

    def step() -> float:
        losses = []
        for part in batches:
            moved = part.to(device)
            logits = model(input_ids=moved.input_ids, use_cache=False).logits.float()
            loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), moved.labels.flatten())
            (loss / len(batches)).backward()
            losses.append(loss.detach())
            if model is not master:
                collect(ours, theirs)
        torch.nn.utils.clip_grad_norm_(ours, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if model is not master:
            torch._foreach_copy_([p.data for p in theirs], [p.data for p in ours])
        return float(torch.stack(losses).mean())

    return step


def collect(masters: list[torch.nn.Parameter], parameters: list[torch.nn.Parameter]) -> None:
    """Add gradients to those of the fp32 copies."""
    for master, parameter in zip(masters, parameters, strict=True):
        assert parameter.grad is not None
        if master.grad is None:
            master.grad = parameter.grad.float()
        else:
            master.grad.add_(parameter.grad)
        parameter.grad = None


def matmul_ceiling(device: torch.device) -> float:
    """Operations a second of the fastest product of large matrices: what this device really gives."""
    gpu = device.type == "cuda"
    best = 0.0
    for size in (4096, 8192, 16_384) if gpu else (512, 1024):
        left, right = (torch.randn(size, size, device=device, dtype=torch.bfloat16 if gpu else None) for _ in "lr")
        for _ in range(3):
            left @ right
        wait(device)
        began, count = time.monotonic(), 0
        while time.monotonic() - began < 0.5:
            for _ in range(10 if gpu else 1):
                left @ right
            wait(device)
            count += 10 if gpu else 1
        best = max(best, count * 2 * size**3 / (time.monotonic() - began))
    return best


def wait(device: torch.device) -> None:
    """Until the device has done what it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def resume_difference(bench: Bench, shape: Rung) -> str:
    """Train on, and again from a checkpoint: the largest difference of losses."""
    if time.monotonic() > bench.ends:
        return "resume: left out, the budget is used up"
    case, rows = Case(shape.name, "deepspeed", True, False), bench.micro_batch or min(2, fitting(bench, shape))
    batches = [batch(bench, rows, True, seed) for seed in range(ACCUMULATION)]
    with tempfile.TemporaryDirectory() as temporary:
        engine = engine_of(bench, shape, case, rows)
        step = engine_step(engine, batches)
        before = [step() for _ in range(2)]
        engine.save(Path(temporary))
        on = [step() for _ in range(3)]
        engine.close()
        del engine, step
        tidy(bench)
        engine = engine_of(bench, shape, case, rows)
        engine.load(Path(temporary))
        again = [engine_step(engine, batches)() for _ in range(3)]
        engine.close()
    worst = max(abs(a - b) for a, b in zip(on, again, strict=True))
    return (
        f"resume, {shape.name}: three steps after a checkpoint and the same three from it differ by {worst:.2e} nats "
        f"at most; losses {before[0]:.4f} to {on[-1]:.4f}"
    )


def tidy(bench: Bench) -> None:
    """Give memory back before the next case."""
    gc.collect()
    torch.compiler.reset()
    if bench.gpu:
        torch.cuda.empty_cache()


COLUMNS = (
    ("rung", 6),
    ("loop", 10),
    ("documents", 10),
    ("compile", 8),
    ("micro", 6),
    ("steps", 6),
    ("tokens/s", 10),
    ("MFU", 7),
    ("of matmul", 10),
    ("of bare", 8),
    ("peak GiB", 9),
    ("of estimate", 12),
    ("setup s", 8),
    ("loss", 7),
)


def header(bench: Bench, name: str) -> str:
    """What is measured on, and the names of the columns."""
    peak = "not known" if bench.peak is None else f"{bench.peak / 1e12:.0f}"
    facts = (
        f"{name}, torch {torch.__version__}, {bench.precision}; 10^12 operations a second: peak {peak}, matrix "
        f"product {bench.matmul / 1e12:.2f}\nsequences of {bench.length} tokens, vocabulary {bench.vocabulary}, "
        f"{ACCUMULATION} micro-batches in a step\n"
    )
    return facts + "\n" + "".join(f"{title:>{width}}" for title, width in COLUMNS)


def line(row: Figures) -> str:
    """A row of the table."""
    values = (
        row.rung,
        row.what,
        "masked" if row.masked else "seen",
        "yes" if row.compiled else "no",
        str(row.micro_batch or ""),
        str(row.steps or ""),
        _number(row.tokens_per_second, ",.0f"),
        _number(row.mfu, ".1%"),
        _number(row.of_matmul, ".1%"),
        _number(row.of_bare, ".1%"),
        _number(row.peak_gib, ".1f"),
        _number(row.of_estimate, ".1%"),
        _number(row.setup_seconds, ".1f"),
        _number(row.loss, ".3f"),
    )
    cells = "".join(f"{value:>{width}}" for value, (_, width) in zip(values, COLUMNS, strict=True))
    return cells + (f"  {row.note}" if row.note else "")


def _number(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


if __name__ == "__main__":
    sys.exit(main())
