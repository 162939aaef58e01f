"""Checkpoints: everything that makes the next step the same as if the run had never stopped.

A checkpoint folder is complete or absent. It holds the weights that move, the optimizer, the random state and
state.json with the step, from which the learning rate and the order of samples follow.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import torch

from refbox_trainer.errors import TrainerError
from refbox_trainer.files import complete_folder, list_files, sha256_of
from refbox_trainer.model.weights import read_tensors, write_tensors
from refbox_trainer.training.adapter import ADAPTER_WEIGHTS, Trainable, write_adapter
from refbox_trainer.training.optimizer import load_optimizer_tensors, optimizer_tensors

_NAME: Final = re.compile(r"step-(\d+)")
_WEIGHTS: Final = "trainable.safetensors"
_OPTIMIZER: Final = "optimizer.safetensors"
_RANDOM: Final = "random.safetensors"
_STATE: Final = "state.json"
_MANIFEST: Final = "manifest.json"


def checkpoint_folder(run: Path, step: int) -> Path:
    return run / "checkpoints" / f"step-{step:06d}"


def write_checkpoint(
    run: Path,
    step: int,
    trainable: Trainable,
    optimizer: torch.optim.Optimizer,
    *,
    state: Mapping[str, Any],
    base_name: str,
    notes: Mapping[str, Any],
    keep: int,
) -> Path:
    """Write the state after `step` steps, then remove all but the newest `keep` checkpoints.

    `state` goes into state.json and is compared on resume. Raises TrainerError("disk_full"), leaving earlier
    checkpoints as they are.
    """
    target = checkpoint_folder(run, step)
    with complete_folder(target) as folder:
        if trainable.peft is not None:
            write_adapter(trainable, folder, base_name=base_name, notes=notes)
        else:
            write_tensors(folder / _WEIGHTS, trainable.state())
        write_tensors(folder / _OPTIMIZER, optimizer_tensors(optimizer, trainable.parameters()))
        write_tensors(folder / _RANDOM, _random_state())
        _write_json(folder / _STATE, {"schema_version": 1, "step": step, **state})
        _write_json(folder / _MANIFEST, {"schema_version": 1, "files": list_files(folder)})
    for old in list_checkpoints(run)[:-keep]:
        shutil.rmtree(old, ignore_errors=True)
    return target


def list_checkpoints(run: Path) -> list[Path]:
    """Complete checkpoints, oldest first."""
    folders = [path for path in (run / "checkpoints").glob("step-*") if _NAME.fullmatch(path.name)]
    return sorted(folders, key=_step_of)


def newest_intact(run: Path) -> tuple[Path | None, list[str]]:
    """The newest checkpoint whose files match its manifest, and words about each newer one that does not."""
    damaged: list[str] = []
    for folder in reversed(list_checkpoints(run)):
        problem = _problem_of(folder)
        if problem is None:
            return folder, damaged
        damaged.append(f"{folder.name}: {problem}")
    return None, damaged


def read_state(folder: Path) -> dict[str, Any]:
    return json.loads((folder / _STATE).read_text(encoding="utf-8"))


def load_checkpoint(folder: Path, trainable: Trainable, optimizer: torch.optim.Optimizer) -> int:
    """Restore weights, optimizer and random state; returns the number of steps that are done."""
    weights = ADAPTER_WEIGHTS if trainable.peft is not None else _WEIGHTS
    if not (folder / weights).is_file():
        raise TrainerError(
            "bad_config",
            f"{folder} was made by another training method.",
            "Resume with the run.json the checkpoint was made with.",
        )
    trainable.load_state(read_tensors(folder / weights))
    load_optimizer_tensors(optimizer, trainable.parameters(), read_tensors(folder / _OPTIMIZER))
    _restore_random(read_tensors(folder / _RANDOM))
    return int(read_state(folder)["step"])


def _problem_of(folder: Path) -> str | None:
    try:
        files = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))["files"]
        for entry in files:
            path = folder / entry["file"]
            if not path.is_file():
                return f"{entry['file']} is missing"
            if path.stat().st_size != entry["bytes"] or sha256_of(path) != entry["sha256"]:
                return f"{entry['file']} is damaged"
    except (OSError, ValueError, KeyError, TypeError):
        return "its manifest cannot be read"
    return None


def _random_state() -> dict[str, torch.Tensor]:
    state = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        state |= {f"cuda{index}": value for index, value in enumerate(torch.cuda.get_rng_state_all())}
    return state


def _restore_random(state: Mapping[str, torch.Tensor]) -> None:
    torch.set_rng_state(state["cpu"])
    devices = [state[name] for name in sorted(state) if name.startswith("cuda")]
    if torch.cuda.is_available() and len(devices) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(devices)


def _step_of(folder: Path) -> int:
    name = _NAME.fullmatch(folder.name)
    assert name is not None
    return int(name[1])


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
