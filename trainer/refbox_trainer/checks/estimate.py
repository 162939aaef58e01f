"""`estimate`: memory, time and disk of a run before it starts (contracts/estimate.schema.json)."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import psutil
import torch

from refbox_trainer.answers.predict import DEFAULT_BATCH_SIZE
from refbox_trainer.checks.budget import CUDA_CONTEXT, NCCL_BUFFERS, Budget, Strategy, Surroundings, budget
from refbox_trainer.checks.operations import operations_per_step
from refbox_trainer.checks.problems import Problems
from refbox_trainer.checks.rehearsal import Rehearsed, rehearse
from refbox_trainer.checks.run_check import Checked, check_run
from refbox_trainer.checks.workload import Workload, workload_of
from refbox_trainer.config import FullMethod, LoraMethod, RunConfig
from refbox_trainer.errors import TrainerError
from refbox_trainer.model.native_config import native_config
from refbox_trainer.model.parameters import ParameterCounts, count_parameters
from refbox_trainer.model.spec import ModelSpec, read_spec
from refbox_trainer.model.weights import weight_files
from refbox_trainer.training.device import Precision, choose_device, choose_precision

_ROOM: Final = 0.92
"""Share of a card that tensors can really fill: its allocator rounds, and leaves gaps."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Assumed:
    """What the caller knows better than this machine."""

    device_bytes: int | None = None
    """Memory of a card that is not here; the estimate is then for CUDA."""
    seconds_per_step: float | None = None
    flops: float | None = None
    """Operations a second that training reaches, over all processes."""


class Place(NamedTuple):
    """The device that is estimated for."""

    kind: Literal["cpu", "cuda", "mps"]
    name: str
    bytes: int
    precision: Precision


class Figures(NamedTuple):
    """Everything that is behind the printed estimate."""

    checked: Checked
    spec: ModelSpec
    counts: ParameterCounts
    load: Workload
    rehearsed: Rehearsed
    budget: Budget
    place: Place
    strategy: Strategy


def read_checked(run_json: Path) -> Checked:
    """The run, or TrainerError naming what `check` found wrong with it."""
    problems = Problems()
    checked = check_run(run_json, problems)
    problems.raise_errors("bad_config")
    assert checked is not None
    if all(sample.outcome == "refused" for sample in checked.train):
        raise TrainerError("bad_data", "No sample can be used.", "Run `check` to see why.")
    return checked


def figures_of(checked: Checked, assumed: Assumed, *, steps: Sequence[int] | None = None) -> Figures:
    """Go through the run without doing it. `steps` narrows the data down to these optimizer steps."""
    config, spec = checked.config, read_spec(checked.base)
    place = _place(config, assumed)
    counts = count_parameters(spec)
    load = workload_of(checked, patches_per_token=_tile_cost(spec, counts, config), steps=steps)
    prompts = (min(load.questions, DEFAULT_BATCH_SIZE), load.longest_prompt) if load.questions else (0, 0)
    # The process that estimates has loaded the same libraries as the one that will train; here, before anything else
    # is made, its size is what they take.
    runtime = psutil.Process().memory_info().rss
    rehearsed = rehearse(spec, config, place.precision, load.heaviest, most_tiles=load.most_tiles, prompts=prompts)
    strategy = _strategy(config)
    around = _surroundings(checked, spec, counts, load, rehearsed, place, strategy, runtime)
    return Figures(checked, spec, counts, load, rehearsed, budget(rehearsed, config, around), place, strategy)


def estimate(checked: Checked, run_json: Path, assumed: Assumed) -> dict[str, Any]:
    """The estimate as JSON, from shapes alone. measure.py adds what a device says."""
    figures = figures_of(checked, assumed)
    config, load = checked.config, figures.load
    total = figures.budget.total
    return {
        "schema_version": 1,
        "run_id": config.run_id,
        "device": {"kind": figures.place.kind, "name": figures.place.name},
        "processes": config.parallel.processes,
        "strategy": figures.strategy,
        "precision": figures.place.precision,
        "parts": [part._asdict() for part in figures.budget.parts],
        "total_bytes": total,
        "peak": figures.budget.peak,
        "phases": figures.budget.phases,
        "device_bytes": figures.place.bytes,
        "fits": fits(total, figures.place, config),
        "basis": "formula",
        "measurement": None,
        "parameters": {
            "total": sum(figures.rehearsed.parameters.values()),
            "trainable": figures.rehearsed.moving,
            **figures.rehearsed.parameters,
        },
        "data": {
            "samples": load.samples,
            "refused": load.refused,
            "mean_tokens": round(load.mean_tokens, 1),
            "mean_tiles": round(load.mean_tiles, 2),
            "longest_tokens": load.longest_tokens,
            "most_tiles": load.most_tiles,
            "micro_batch_tokens": load.heaviest.tokens,
            "micro_batch_tiles": load.heaviest.tiles,
            "micro_batch_supervised": load.heaviest.supervised,
        },
        "time": _time(figures, assumed),
        "disk": _disk(figures, run_json),
        "assumptions": _assumptions(figures),
    }


def fits(total: int, place: Place, config: RunConfig) -> bool:
    """Whether all processes of a device have room; those of a processor share its memory."""
    if place.kind == "cuda":
        return total <= place.bytes * _ROOM
    return total * config.parallel.processes <= place.bytes


def step_operations(figures: Figures) -> float:
    """Floating point operations of an average optimizer step, over all processes."""
    native = native_config(figures.spec, image_token_id=0)
    config, load = figures.checked.config, figures.load
    return operations_per_step(
        figures.spec, native.get_text_config(), native.vision_config, figures.counts, config, load
    )


def _place(config: RunConfig, assumed: Assumed) -> Place:
    if assumed.device_bytes is not None:
        precision: Precision = "float32" if config.train.precision == "float32" else "bfloat16"
        return Place("cuda", f"a card of {assumed.device_bytes / 2**30:.0f} GiB", assumed.device_bytes, precision)
    try:
        device = choose_device(config.device)
    except TrainerError as error:
        raise TrainerError(
            error.code, error.message, "Give --device-bytes to estimate for a card elsewhere."
        ) from error
    precision = choose_precision(config.train.precision, device)
    if device.type == "cuda":
        card = torch.cuda.get_device_properties(device)
        return Place("cuda", card.name, card.total_memory, precision)
    return Place("mps" if device.type == "mps" else "cpu", device.type, psutil.virtual_memory().total, precision)


def _strategy(config: RunConfig) -> Strategy:
    if config.parallel.processes == 1:
        return "single"
    if config.parallel.strategy == "auto":
        return "fsdp" if isinstance(config.method, FullMethod) else "ddp"
    return config.parallel.strategy


def _tile_cost(spec: ModelSpec, counts: ParameterCounts, config: RunConfig) -> float:
    """How many tokens of the language model one tile costs; activations go with the weights they pass through."""
    full = isinstance(config.method, FullMethod)
    learns = not config.freeze.vision if full else "vision" in _targets(config)
    if not learns:
        return 0.0
    vision: Any = native_config(spec, image_token_id=0).vision_config
    patches = (spec.image_size // vision.patch_size[0]) ** 2 + 1
    return patches * counts.vision / max(1, counts.language)


def _targets(config: RunConfig) -> tuple[str, ...]:
    return config.method.targets if isinstance(config.method, LoraMethod) else ()


def _surroundings(
    checked: Checked,
    spec: ModelSpec,
    counts: ParameterCounts,
    load: Workload,
    rehearsed: Rehearsed,
    place: Place,
    strategy: Strategy,
    runtime: int,
) -> Surroundings:
    config = checked.config
    if rehearsed.learns_vision:
        kept = load.distinct_tiles * spec.image_size**2 * 3
    else:
        width = native_config(spec, image_token_id=0).get_text_config().hidden_size
        kept = load.distinct_tiles * spec.num_image_token * width * (2 if place.precision == "bfloat16" else 4)
    on_card = place.kind == "cuda"
    quantized = isinstance(config.method, LoraMethod) and config.method.quantization == "nf4"
    return Surroundings(
        strategy=strategy,
        runtime=(CUDA_CONTEXT + (NCCL_BUFFERS if strategy != "single" else 0)) if on_card else runtime,
        runtime_detail="CUDA and its libraries"
        if on_card
        else "Python, its libraries, the samples, and freed blocks that are kept",
        kept_pictures=kept,
        shares_main_memory=not on_card,
        file_bytes=sum(path.stat().st_size for path in weight_files(checked.base)),
        several_forwards=load.forwards_per_process > 1,
        quantized=counts.language if quantized else 0,
    )


def _time(figures: Figures, assumed: Assumed) -> dict[str, Any]:
    operations = step_operations(figures)
    seconds, basis = None, "unknown"
    if assumed.seconds_per_step is not None:
        seconds, basis = assumed.seconds_per_step, "given"
    elif assumed.flops is not None:
        seconds, basis = operations / assumed.flops, "rate"
    return {
        "steps": figures.load.steps,
        "seconds_per_step": seconds,
        "training_seconds": None if seconds is None else seconds * figures.load.steps,
        "basis": basis,
        "flops_per_step": operations,
    }


def _disk(figures: Figures, run_json: Path) -> dict[str, Any]:
    config, moving = figures.checked.config, figures.rehearsed.moving
    average = 1 if config.train.optimizer == "adamw_8bit" else 4
    checkpoint = moving * (4 + 2 * average)
    stored = sum(path.stat().st_size for path in weight_files(figures.checked.base))
    sizes = {"adapter": moving * 4, "merged": stored, "browser": figures.counts.total * 4}
    artefacts = {name: sizes[name] for name in config.artefacts}
    kept = config.checkpoint.keep + config.checkpoint.keep_best + 1
    total = kept * checkpoint + sum(artefacts.values())
    free = shutil.disk_usage(run_json.parent).free
    return {
        "checkpoint_bytes": checkpoint,
        "total_bytes": total,
        "artefacts": artefacts,
        "free_bytes": free,
        "fits": total <= free,
    }


def _assumptions(figures: Figures) -> list[str]:
    config, load = figures.checked.config, figures.load
    found = [
        f"The heaviest micro-batch of the first epoch decides: {load.heaviest.rows} x {load.heaviest.length} tokens, "
        f"{load.heaviest.tiles} tiles. Later epochs mix samples anew.",
        "Attention is computed in pieces, without keeping every pair of tokens."
        if config.train.attention != "eager"
        else "Eager attention keeps every pair of tokens.",
    ]
    if not figures.rehearsed.learns_vision:
        found.append("Visual features do not change and are made once per picture, as long as 1 GiB holds them.")
    if figures.strategy == "fsdp":
        found.append("Layers are gathered two at a time; embedding, head and norms for the whole step.")
    if figures.place.kind == "cuda":
        found.append(f"Tensors can fill {_ROOM:.0%} of a card; what kernels use inside is not counted.")
    else:
        found.append("The C library keeps freed blocks: 0.4 of what comes and goes is added, at least 0.4 GiB.")
    if config.train.compile:
        found.append("torch.compile fuses operations; its own buffers are not counted.")
    return found
