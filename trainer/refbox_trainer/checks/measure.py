"""Two real optimizer steps on the device at hand, to correct what was worked out from shapes."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import psutil

from refbox_trainer.checks.estimate import Assumed, figures_of, step_operations
from refbox_trainer.checks.run_check import Checked
from refbox_trainer.config import CheckpointSection, DataSection, EvaluateSection, ModelSection, RunConfig, resolve
from refbox_trainer.errors import TrainerError

_STEPS: Final = 2
_LOOK_EVERY: Final = 0.05
"""Seconds between two looks at the memory of a process."""


class Measured(NamedTuple):
    peak_bytes: int
    """Of one process: its memory on the card, or of the whole process."""
    seconds_per_step: float
    tokens_per_second: float


def calibrate(estimate: dict[str, Any], checked: Checked, run_json: Path, assumed: Assumed) -> dict[str, Any]:
    """`estimate` corrected by two steps of the same run.

    The formulas are asked about exactly these two steps; what they were off by there, they are taken to be off by in
    the heaviest one too. Raises TrainerError with the code of the run when it fails.
    """
    figures = figures_of(checked, assumed, steps=range(_STEPS))
    measured = _run_two_steps(checked.config, run_json)
    factor = measured.peak_bytes / figures.budget.phases["training"]
    parts = [{**part, "bytes": round(part["bytes"] * factor)} for part in estimate["parts"]]
    total = sum(part["bytes"] for part in parts)
    phases = {phase: round(size * factor) for phase, size in estimate["phases"].items()} | {estimate["peak"]: total}
    steps = figures.load.steps
    return {
        **estimate,
        "parts": parts,
        "total_bytes": total,
        "phases": phases,
        "fits": total * (checked.config.parallel.processes if figures.place.kind == "cpu" else 1)
        <= estimate["device_bytes"],
        "basis": "measured",
        "measurement": {
            "peak_bytes": measured.peak_bytes,
            "estimated_bytes": figures.budget.phases["training"],
            "seconds_per_step": measured.seconds_per_step,
            "tokens_per_second": measured.tokens_per_second,
        },
        "time": {
            "steps": steps,
            "seconds_per_step": measured.seconds_per_step,
            "training_seconds": measured.seconds_per_step * steps,
            "basis": "measured",
            "flops_per_step": step_operations(figures),
        },
    }


def _run_two_steps(config: RunConfig, run_json: Path) -> Measured:
    with tempfile.TemporaryDirectory(prefix="refbox-measure-") as name:
        folder = Path(name)
        path = folder / "run.json"
        path.write_text(json.dumps(_as_json(_two_steps(config, run_json))), encoding="utf-8")
        peak = _run(path, folder)
        events = [json.loads(line) for line in (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    steps = [event for event in events if event["type"] == "step"]
    if len(steps) < _STEPS:
        error = next((event for event in reversed(events) if event["type"] == "error"), None)
        raise TrainerError(
            error["code"] if error else "failed",
            f"The two steps could not be made: {error['message'] if error else 'the process ended without a word'}",
            error["what_to_do"] if error else "Run `train` to see why.",
        )
    last = steps[-1]
    seconds = config.train.batch_size / last["samples_per_second"]
    on_card = config.device != "cpu" and last["memory_bytes"] < peak and _has_card()
    return Measured(last["memory_bytes"] if on_card else peak, seconds, last["tokens_per_second"])


def _two_steps(config: RunConfig, run_json: Path) -> RunConfig:
    """The run without anything but its first steps, readable from another folder."""
    data = config.data
    return replace(
        config,
        model=ModelSection(path=str(resolve(config.model.path, run_json))),
        data=DataSection(train_meta=str(resolve(data.train_meta, run_json))),
        train=replace(config.train, max_steps=_STEPS),
        checkpoint=CheckpointSection(every_steps=1000),
        evaluate=replace(EvaluateSection(), max_samples=0),
        artefacts=(),
    )


def _run(run_json: Path, out: Path) -> int:
    """Train in a process of its own; returns the most memory that it, or one of those it started, ever held."""
    command = [sys.executable, "-m", "refbox_trainer", "train", str(run_json), "--out", str(out)]
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, _largest(process))
        time.sleep(_LOOK_EVERY)
    return peak


def _largest(process: psutil.Process) -> int:
    sizes = [0]
    try:
        for one in [process, *process.children(recursive=True)]:
            sizes.append(one.memory_info().rss)
    except psutil.Error:
        # It ended while it was looked at.
        pass
    return max(sizes)


def _has_card() -> bool:
    import torch

    return torch.cuda.is_available()


def _as_json(config: RunConfig) -> dict[str, Any]:
    return asdict(config)
